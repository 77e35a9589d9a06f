"""Whether a message is about something we answer at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import Invalid
from knowledge.embed import Embedder, Vectors
from knowledge.index import Filters
from retrieval.found import Found
from retrieval.library import Library
from retrieval.search import search

NEIGHBOURS = 5
SHRINKAGE = 0.1
Numbers = NDArray[np.float64]


def scope_in(library: Library, text: str) -> float:
    """How far the documents speak of what a message is about, 0 to 1."""
    return scope_of(search(library, text, context=(), filters=Filters(), k=10))


def scope_of(found: Found) -> float:
    dense = [hit.dense for article in found.articles for hit in article.hits]
    return float(np.clip(max(dense, default=0.0), 0.0, 1.0))


@dataclass(frozen=True)
class Scope:
    """What examples of known intents have in common. Higher scores: more surely in scope.

    Three views, each standardised over the examples and added: the energy of a linear classifier
    of the intents, the nearness of the nearest examples, and the Mahalanobis distance to the
    nearest intent's middle.
    """

    embedder: Embedder
    examples: Vectors
    weights: Numbers
    """(dimension, intents) of the classifier, `bias` beside it."""
    bias: Numbers
    whitening: Numbers
    middles: Numbers
    """Whitened centre of each intent."""
    usual: tuple[tuple[float, float], ...]
    """Mean and spread of each view over the examples."""

    @staticmethod
    def from_examples(embedder: Embedder, rows: Sequence[Mapping[str, str]]) -> "Scope":
        """From rows with `text` and `intent`: at least two intents."""
        intents = sorted({row["intent"] for row in rows})
        if len(intents) < 2:
            raise Invalid("The scope needs examples ({text, intent}) of at least two intents.")
        vectors = embedder.encode_query([row["text"] for row in rows])
        labels = np.array([intents.index(row["intent"]) for row in rows])
        weights, bias = _classifier(vectors, labels)
        middles = np.stack([vectors[labels == n].mean(axis=0) for n in range(len(intents))])
        whitening = _whitening(vectors - middles[labels])
        raw = Scope(
            embedder, vectors, weights, bias, whitening, middles @ whitening, ((0.0, 1.0),) * 3
        )
        views = raw._views(vectors, skip=1)
        usual = tuple((float(view.mean()), float(view.std()) or 1.0) for view in views)
        return Scope(embedder, vectors, weights, bias, whitening, raw.middles, usual)

    def score(self, text: str) -> float:
        return self.scores([text])[0]

    def scores(self, texts: Sequence[str]) -> list[float]:
        views = self._views(self.embedder.encode_query(texts), skip=0)
        parts = [
            (view - mean) / spread for view, (mean, spread) in zip(views, self.usual, strict=True)
        ]
        return [float(value) for value in np.sum(parts, axis=0)]

    def _views(self, vectors: Vectors, skip: int) -> tuple[Numbers, Numbers, Numbers]:
        """`skip`: how many nearest examples are the texts themselves."""
        energy = np.logaddexp.reduce(vectors @ self.weights + self.bias, axis=1)
        return energy, self._nearness(vectors, skip), -self._distance(vectors)

    def _nearness(self, vectors: Vectors, skip: int) -> Numbers:
        most = min(NEIGHBOURS + skip, len(self.examples))
        near: list[float] = []
        for start in range(0, len(vectors), 500):
            alike = vectors[start : start + 500] @ self.examples.T
            best = np.sort(np.partition(alike, -most, axis=1)[:, -most:], axis=1)
            near += best[:, : most - skip].mean(axis=1).tolist()
        return np.array(near)

    def _distance(self, vectors: Vectors) -> Numbers:
        white = vectors @ self.whitening
        squares = (
            (white**2).sum(axis=1)[:, None]
            - 2 * white @ self.middles.T
            + (self.middles**2).sum(axis=1)[None]
        )
        nearest: Numbers = np.sqrt(np.maximum(squares.min(axis=1), 0.0))
        return nearest


def _classifier(vectors: Vectors, labels: NDArray[np.int_]) -> tuple[Numbers, Numbers]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10, max_iter=300).fit(vectors, labels)
    weights, bias = model.coef_, model.intercept_
    if len(weights) == 1:
        weights, bias = np.vstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    return weights.T, bias


def _whitening(residuals: NDArray[np.float32]) -> Numbers:
    size = residuals.shape[1]
    spread = residuals.T.astype(np.float64) @ residuals / max(1, len(residuals) - 1)
    spread = (1 - SHRINKAGE) * spread + SHRINKAGE * np.trace(spread) / size * np.eye(size)
    return np.linalg.cholesky(np.linalg.inv(spread))
