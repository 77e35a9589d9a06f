"""What a ranking says about its own first place: the features of the confidence model."""

import math
from collections.abc import Sequence

import numpy as np

from knowledge.words import K1, cover
from retrieval.fuse import Candidate, Ranking, title_asked_for

TOP = 10
NEAR = 5
SHARPNESS = 20.0
"""Cosines are close together: for the entropy they count as e to the power of 20 times each."""


def signals_of(ranking: Ranking) -> dict[str, float]:
    """By name; of articles, each as its best passage. Empty when nothing was found."""
    if not ranking.articles:
        return {}
    query, best = ranking.query, ranking.articles[0][1]
    wanted = {word: ranking.rarities[word] for word in query.words}
    return {
        "margin": _margin([score for score, _ in ranking.articles]),
        **_meaning(ranking, best),
        **_words(ranking, best),
        **_agreement(ranking, best),
        "title_cover": cover(wanted, best.entry.title_words),
        "title_asked": title_asked_for(best.entry, query, ranking.rarities),
        "passage_cover": cover(wanted, best.entry.word_set),
        "unknown_words": _unknown(ranking, wanted),
        "query_words": math.log1p(len(query.words)),
        "follow_up": float(query.is_follow_up),
    }


def _meaning(ranking: Ranking, best: Candidate) -> dict[str, float]:
    cosines = _best_by_article(ranking, [found.meaning for _, found in ranking.scored])
    every = np.array([found.meaning for _, found in ranking.scored])
    shares = np.exp(SHARPNESS * (np.array(cosines[:TOP]) - cosines[0]))
    shares /= shares.sum()
    return {
        "cosine": best.meaning,
        "cosine_whole": best.whole,
        "cosine_margin": _margin(cosines),
        "cosine_entropy": float(-(shares * np.log(shares + 1e-12)).sum()),
        "cosine_z": float((best.meaning - every.mean()) / (every.std() + 1e-9)),
    }


def _words(ranking: Ranking, best: Candidate) -> dict[str, float]:
    found = _best_by_article(ranking, [found.words for _, found in ranking.scored])
    most = found[0] or 1.0
    possible = sum(ranking.rarities[word] for word in ranking.query.words) * (K1 + 1)
    return {
        "words_share": best.words / most,
        "words_margin": _margin(found) / most,
        "words_of_possible": best.words / possible if possible else 0.0,
    }


def _agreement(ranking: Ranking, best: Candidate) -> dict[str, float]:
    by_meaning = sorted((found for _, found in ranking.scored), key=lambda found: -found.meaning)
    by_words = sorted((found for _, found in ranking.scored), key=lambda found: -found.words)
    near = {found.entry.passage.id for found in by_meaning[:NEAR]}
    also = {found.entry.passage.id for found in by_words[:NEAR]}
    first = [found.article_id for _, found in ranking.scored[:TOP]]
    return {
        "same_top": float(by_meaning[0].article_id == by_words[0].article_id),
        "overlap": len(near & also) / NEAR,
        "rank_by_meaning": _reciprocal(best.meaning_rank),
        "rank_by_words": _reciprocal(best.words_rank),
        "support": first.count(best.article_id) / TOP,
    }


def _best_by_article(ranking: Ranking, scores: Sequence[float]) -> list[float]:
    """The highest score of each article, best first."""
    best: dict[str, float] = {}
    for score, (_, found) in zip(scores, ranking.scored, strict=True):
        best[found.article_id] = max(score, best.get(found.article_id, score))
    return sorted(best.values(), reverse=True)


def _margin(descending: Sequence[float]) -> float:
    """First minus second; the first itself where it is alone."""
    return descending[0] - (descending[1] if len(descending) > 1 else 0.0)


def _reciprocal(rank: int | None) -> float:
    return 0.0 if rank is None else 1 / (1 + rank)


def _unknown(ranking: Ranking, wanted: dict[str, float]) -> float:
    """The share of the question's words that no candidate has."""
    known = {word for _, found in ranking.scored for word in found.entry.word_set}
    return sum(word not in known for word in wanted) / len(wanted) if wanted else 1.0
