"""Whether a customer asks the very question that a FAQ entry answers."""

import re
from collections.abc import Mapping, Sequence

from knowledge.embed import Embedder, Vectors
from knowledge.words import words
from retrieval.found import ArticleHit
from retrieval.library import Library
from retrieval.query import Query

LOOKED_AT = 3
"""Articles among which the entry may be."""
SAME_MEANING = 0.85
"""Cosine of the two questions; on the demo company's cases other questions stay below .8."""
SAME_WORDING = 0.95


def curated_first(
    library: Library,
    query: Query,
    model: Embedder,
    vector: Vectors,
    articles: Sequence[ArticleHit],
) -> tuple[ArticleHit, ...]:
    """The articles, the entry that answers the very question in front. `vector` is the query's,
    by this model."""
    entries = [article for article in articles[:LOOKED_AT] if article.best.passage.question]
    known = library.question_vectors(model, [entry.best.passage.question for entry in entries])
    alike = {entry.article_id: model.likeness(_cosine(entry, vector, known)) for entry in entries}
    best = max(entries, key=lambda entry: alike[entry.article_id], default=None)
    if best is None or not _is_same(query, best, alike[best.article_id]):
        return tuple(articles)
    rest = (article for article in articles if article is not best)
    return (best.as_curated(), *rest)


def _cosine(entry: ArticleHit, vector: Vectors, known: Mapping[str, Vectors]) -> float:
    return float(known[entry.best.passage.question] @ vector)


def _is_same(query: Query, entry: ArticleHit, alike: float) -> bool:
    """The same meaning, and no word or number that the entry says nothing of."""
    passage = entry.best.passage
    unheard = set(query.words) - set(words(f"{passage.question}\n{passage.text}"))
    numbers = set(_NUMBERS.findall(query.text)) - set(_NUMBERS.findall(passage.question))
    return not numbers and alike >= (SAME_WORDING if unheard else SAME_MEANING)


_NUMBERS = re.compile(r"\w*\d\w*")
