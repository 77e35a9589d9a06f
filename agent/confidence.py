"""How sure an answer is right: a small logistic model that can say why."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.errors import Invalid

_SHIPPED = Path(__file__).parent / "heads"
_FORMAT = 1
FOREIGN = "foreign"
"""The mode of answers that point to an article in another language than the customer's."""


@dataclass(frozen=True)
class Head:
    """Standardised features, a weight for each and for its absence; P(right) out."""

    mode: str
    version: str
    names: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    absent: tuple[float, ...]
    """What the absence of each feature adds."""
    bias: float
    certified: bool = False
    fitted_on: Mapping[str, object] = field(default_factory=dict)

    def probability(self, features: Mapping[str, float]) -> float:
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.score(features)))))

    def score(self, features: Mapping[str, float]) -> float:
        """The log-odds of being right."""
        return self.bias + sum(self._parts(features).values())

    def reasons(self, features: Mapping[str, float], most: int = 4) -> tuple[str, ...]:
        """What spoke most for and against the answer, in words, weightiest first."""
        parts = sorted(self._parts(features).items(), key=lambda part: -abs(part[1]))
        words = (_in_words(name, part) for name, part in parts if abs(part) >= 0.15)
        return tuple(dict.fromkeys(word for word in words if word))[:most]

    def save(self, path: Path) -> None:
        path.write_text(json.dumps({"format": _FORMAT, **asdict(self)}, indent=1), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> "Head":
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            if stored.pop("format") != _FORMAT:
                raise ValueError("another format")
            lists = {key: tuple(value) for key, value in stored.items() if isinstance(value, list)}
            return Head(**{**stored, **lists})
        except (OSError, ValueError, KeyError, TypeError) as wrong:
            raise Invalid(
                f"{path.name} is not a confidence head ({wrong}). Make one with "
                "`onethread eval SUITE --fit FILE`."
            ) from wrong

    def _parts(self, features: Mapping[str, float]) -> dict[str, float]:
        return {
            name: weight * (features[name] - mean) / scale if name in features else absent
            for name, mean, scale, weight, absent in zip(
                self.names, self.mean, self.scale, self.weights, self.absent, strict=True
            )
        }


@dataclass(frozen=True)
class Row:
    """One labelled answer: its features, whether it was right, and what it must not be split"
    " from."""

    features: Mapping[str, float]
    right: bool
    group: str = ""


def fit(
    rows: Sequence[Row], *, mode: str = "extractive", version: str = "", strength: float = 0.2
) -> Head:
    """A head fitted on labelled answers. Needs both right and wrong ones among at least 20."""
    from sklearn.linear_model import LogisticRegression

    right = np.array([row.right for row in rows])
    if len(rows) < 20 or right.all() or not right.any():
        raise Invalid("Fitting needs at least 20 labelled answers, both right and wrong ones.")
    names = tuple(sorted({name for row in rows for name in row.features}))
    known = np.array([[name in row.features for name in names] for row in rows])
    raw = np.array([[row.features.get(name, math.nan) for name in names] for row in rows])
    mean = np.nanmean(raw, axis=0)
    scale = np.nanstd(raw, axis=0)
    scale[scale < 1e-9] = 1.0
    columns = np.hstack([np.where(known, (raw - mean) / scale, 0.0), ~known])
    model = LogisticRegression(C=strength, max_iter=2000).fit(columns, right)
    weights = [float(weight) for weight in model.coef_[0]]
    return Head(
        mode=mode,
        version=version or f"{mode}-{len(rows)}",
        names=names,
        mean=tuple(map(float, mean)),
        scale=tuple(map(float, scale)),
        weights=tuple(weights[: len(names)]),
        absent=tuple(weights[len(names) :]),
        bias=float(model.intercept_[0]),
        fitted_on={"answers": len(rows), "right": int(right.sum())},
    )


def recalibrated(head: Head, rows: Sequence[Row], *, mode: str) -> Head:
    """The same head for answers of another kind: what speaks for them is weighed as before, how
    much of it makes one sure is fitted anew. Two numbers, so that a few dozen labels suffice."""
    from sklearn.linear_model import LogisticRegression

    scores = np.array([[head.score(row.features)] for row in rows])
    model = LogisticRegression(C=1e3).fit(scores, [row.right for row in rows])
    slope, start = float(model.coef_[0][0]), float(model.intercept_[0])
    return replace(
        head,
        mode=mode,
        version=f"{mode}-{len(rows)}",
        weights=tuple(slope * weight for weight in head.weights),
        absent=tuple(slope * weight for weight in head.absent),
        bias=slope * head.bias + start,
        certified=False,
        fitted_on={"answers": len(rows), "right": sum(row.right for row in rows)},
    )


@lru_cache
def shipped(mode: str) -> Head:
    """The uncertified head that comes with the product; the extractive one where there is none."""
    path = _SHIPPED / f"{mode}.json"
    return Head.load(path if path.exists() else _SHIPPED / "extractive.json")


def _in_words(name: str, part: float) -> str:
    words = _WORDS.get(name)
    return words[0 if part > 0 else 1] if words else ""


_WORDS = {
    "cosine": ("the passage is close in meaning", "the passage is not close in meaning"),
    "cosine_whole": ("it fits the conversation", "it does not fit the conversation well"),
    "cosine_margin": ("no other article is as close", "another article is almost as close"),
    "cosine_spread": ("one passage stands out in meaning", "many passages are alike in meaning"),
    "words_of_possible": ("the passage shares the question's words", "it shares few words"),
    "words_margin": ("no other article shares as many words", "another shares as many words"),
    "same_top": ("words and meaning agree on it", "words and meaning disagree on it"),
    "title_cover": ("the title names what was asked", "the title does not name what was asked"),
    "title_asked": ("the question is about the title", "the title is about more than was asked"),
    "passage_cover": ("the passage covers the question", "it leaves words of the question open"),
    "score_entropy": ("one article stands out", "many articles fit alike"),
    "ahead_of_second": ("no other article comes near", "another article fits almost as well"),
    "ahead_of_tenth": ("few articles come near", "many articles fit almost as well"),
    "cover_margin": ("only this article covers the question", "another covers it as well"),
    "articles_alike": ("", "two articles say much the same"),
    "sentence_cover": ("one sentence answers it", "no single sentence answers it"),
    "next_sentence_cover": ("several sentences are about it", "few sentences are about it"),
    "support": ("every sentence is proven", "sentences could not be proven"),
    "claim_cover": ("the words stand in the passage", "the answer words it differently"),
    "follow_up": ("", "the question leans on what was said before"),
    "asks": ("it is a clear question", "it is not put as a question"),
}
