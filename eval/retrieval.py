"""How well the right articles are found: ranking metrics, by article, over cases with gold."""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass


@dataclass(frozen=True)
class Ranked:
    """What one case found, best first, and what it should have."""

    retrieved: Sequence[str]
    gold: Set[str]


def ranking_metrics(cases: Sequence[Ranked]) -> dict[str, float]:
    """Means over the cases that have gold; 0 where there are none."""
    asked = [case for case in cases if case.gold]
    return {
        name: sum(map(metric, asked)) / len(asked) if asked else 0.0
        for name, metric in (
            ("hit_at_1", lambda case: hit_at(case, 1)),
            ("hit_at_5", lambda case: hit_at(case, 5)),
            ("recall_at_5", lambda case: recall_at(case, 5)),
            ("mrr_at_10", lambda case: reciprocal_rank(case, 10)),
            ("ndcg_at_10", lambda case: ndcg_at(case, 10)),
        )
    }


def hit_at(case: Ranked, k: int) -> float:
    return float(any(article in case.gold for article in case.retrieved[:k]))


def recall_at(case: Ranked, k: int) -> float:
    return sum(article in case.gold for article in case.retrieved[:k]) / len(case.gold)


def reciprocal_rank(case: Ranked, k: int) -> float:
    places = enumerate(case.retrieved[:k], 1)
    return next((1 / place for place, article in places if article in case.gold), 0.0)


def ndcg_at(case: Ranked, k: int) -> float:
    gains = (
        1 / math.log2(place + 1)
        for place, article in enumerate(case.retrieved[:k], 1)
        if article in case.gold
    )
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(k, len(case.gold)) + 1))
    return sum(gains) / ideal
