"""What the confidence model looks at: how a search went, and how an answer fits the question.

Chosen by cross-fitted AUROC and AURC over four suites; what added nothing was left out, such as
the cosine of each sentence, which would cost more than the search (docs/eval.md).
"""

import math
import re
from collections.abc import Mapping, Sequence

from agent.answer.extractive import rarity
from agent.understand import Understood
from agent.verify import Checked
from agent.words import word_set
from retrieval.found import ArticleHit, Found

Features = Mapping[str, float]

_SIGNALS = (
    "cosine", "cosine_whole", "cosine_margin", "words_of_possible", "words_margin", "same_top",
    "title_cover", "title_asked", "passage_cover",
)  # fmt: skip
SHARPNESS = 30.0
"""Scores go from 0 to 1 and lie close together: a few hundredths tell articles apart."""
_ASKS = re.compile(r"\?|^(?:how|what|where|when|who|why|which|can|could|do|does|is|are|will)\b")
_ASKS_HOW = re.compile(r"\bhow (?:to|do|can|could|should)\b")


def features_of(understood: Understood, found: Found, checked: Sequence[Checked]) -> Features:
    """All by name; what can't be known for this turn is absent."""
    if not found.articles:
        return {}
    return {
        **{name: found.signals[name] for name in _SIGNALS if name in found.signals},
        **_standing_out(found),
        **_question(understood),
        **_answer(understood.asked, rarity(found), found, checked),
    }


def _standing_out(found: Found) -> dict[str, float]:
    """How far the best article is ahead of the others."""
    scores = [SHARPNESS * article.score for article in found.articles]
    cosines = sorted(hit.dense for article in found.articles for hit in article.hits)[-10:]
    features = {
        "score_entropy": _entropy(scores),
        "cosine_spread": cosines[-1] - sum(cosines) / len(cosines),
    }
    if len(scores) > 1:
        features["ahead_of_second"] = math.log1p(max(0.0, scores[0] - scores[1]))
    if len(scores) > 9:
        features["ahead_of_tenth"] = math.log1p(max(0.0, scores[0] - scores[9]))
    return features


def _question(understood: Understood) -> dict[str, float]:
    asked = understood.asked.lower()
    return {
        "asks": float(bool(_ASKS.search(asked))),
        "asks_how": float(bool(_ASKS_HOW.search(asked))),
        "follow_up": float(understood.follow_up),
    }


def _answer(
    asked: str, weights: Mapping[str, float], found: Found, checked: Sequence[Checked]
) -> dict[str, float]:
    wanted = {
        word: weights.get(word, max(weights.values(), default=1.0)) for word in word_set(asked)
    }
    claims = [one for one in checked if one.claim.passage_id]
    covers = sorted((_cover(wanted, word_set(one.claim.text)) for one in claims), reverse=True)
    features = {}
    if covers:
        features["sentence_cover"] = covers[0]
        features["next_sentence_cover"] = covers[1] if len(covers) > 1 else 0.0
        features["support"] = sum(one.holds for one in claims) / len(claims)
        features["claim_cover"] = sum(one.cover for one in claims) / len(claims)
    if len(found.articles) > 1:
        best, second = (_words_of(article) for article in found.articles[:2])
        features["cover_margin"] = _cover(wanted, best) - _cover(wanted, second)
        features["articles_alike"] = len(best & second) / max(1, len(best | second))
    return features


def _words_of(article: ArticleHit) -> frozenset[str]:
    return word_set(article.title) | word_set(article.best.passage.text)


def _cover(wanted: Mapping[str, float], known: frozenset[str]) -> float:
    total = sum(wanted.values())
    return sum(weight for word, weight in wanted.items() if word in known) / total if total else 0.0


def _entropy(scores: Sequence[float]) -> float:
    shares = [math.exp(score - max(scores)) for score in scores]
    total = sum(shares)
    return -sum(share / total * math.log(share / total) for share in shares if share > 0)
