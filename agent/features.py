"""What the confidence model looks at: how a search went, and how an answer fits the question."""

import math
import re
from collections.abc import Mapping, Sequence

from agent.answer.extractive import rarity
from agent.understand import Understood
from agent.verify import Checked, numbers_in
from agent.words import content_words
from retrieval.found import ArticleHit, Found, Hit

Features = Mapping[str, float]


def features_of(understood: Understood, found: Found, checked: Sequence[Checked]) -> Features:
    """All by name; what can't be known for this turn is absent."""
    if not found.articles:
        return {}
    words = list(dict.fromkeys(content_words(understood.asked)))
    weights = rarity(found)
    return {
        **found.signals,
        **_ranking(found),
        **_cover(words, weights, found.articles[0]),
        **_question(understood, words),
        **_answer(words, weights, checked, understood.asked),
    }


def _ranking(found: Found) -> dict[str, float]:
    articles = found.articles
    best = articles[0]
    scores = [article.score for article in articles]
    dense = sorted((hit.dense for hit in _hits(found)), reverse=True)
    lexical = sorted((hit.lexical for hit in _hits(found)), reverse=True)
    features = {
        "score": scores[0],
        "dense": best.best.dense,
        "lexical": best.best.lexical,
        "dense_best": max(hit.dense for hit in best.hits),
        "passages_of_best": float(len(best.hits)),
        "first_in_both": float(best.best.dense_rank == 0 and best.best.lexical_rank == 0),
        "other_rank": math.log1p(_worst_rank(best.best)),
        "score_entropy": _entropy(scores[:10]),
        "dense_spread": dense[0] - sum(dense[:10]) / len(dense[:10]),
    }
    if len(articles) > 1:
        features["margin"] = scores[0] - scores[1]
        features["dense_margin"] = best.best.dense - max(a.best.dense for a in articles[1:])
        rest = max(hit.lexical for article in articles[1:] for hit in article.hits)
        features["lexical_margin"] = (best.best.lexical - rest) / (1 + lexical[0])
    return features


def _cover(words: list[str], weights: Mapping[str, float], best: ArticleHit) -> dict[str, float]:
    title = set(content_words(best.title))
    passage = set(content_words(f"{best.title} {best.section or best.best.passage.text}"))
    everything = passage.union(*(content_words(hit.passage.text) for hit in best.hits))
    highest = max(weights.values(), default=1.0)
    features = {
        "title_cover": _share(words, weights, title, highest),
        "passage_cover": _share(words, weights, passage, highest),
        "article_cover": _share(words, weights, everything, highest),
        "unknown_words": _part([word not in weights for word in words]),
    }
    if title:
        features["title_asked"] = _part([word in words for word in title])
    return features


def _question(understood: Understood, words: list[str]) -> dict[str, float]:
    return {
        "length": math.log1p(len(words)),
        "follow_up": float(understood.follow_up),
        "is_question": float(bool(_ASKS.search(understood.asked.lower()))),
        "language_sure": understood.language.sure,
    }


def _answer(
    words: list[str], weights: Mapping[str, float], checked: Sequence[Checked], asked: str
) -> dict[str, float]:
    claims = [one for one in checked if one.claim.passage_id]
    if not claims:
        return {}
    said = " ".join(one.claim.text for one in claims if one.holds)
    highest = max(weights.values(), default=1.0)
    best = max((_share(words, weights, set(content_words(one.claim.text)), highest)) for one in claims)
    features = {
        "answer_cover": _share(words, weights, set(content_words(said)), highest),
        "sentence_cover": best,
        "support": sum(one.holds for one in claims) / len(claims),
        "claim_cover": sum(one.cover for one in claims) / len(claims),
        "answer_length": math.log1p(len(said.split())),
        "answer_fits_kind": _fits_kind(asked, said),
    }
    numbers = numbers_in(asked)
    if numbers:
        features["numbers_found"] = _part([number in numbers_in(said) for number in numbers])
    names = re.findall(r"(?<=\s)[A-Z][\w-]+|\b\w*\d\w*[A-Za-z]\w*\b|\b[A-Z]{2,}\w*\b", asked)
    if names:
        text = said.lower()
        features["names_found"] = _part([name.lower() in text for name in names])
    return features


def _fits_kind(asked: str, said: str) -> float:
    """Whether an answer has what its question asks for: a number, a date, steps."""
    for kind, pattern in _KINDS:
        if kind.search(asked.lower()):
            return 1.0 if pattern.search(said) else -1.0
    return 0.0


def _share(
    words: Sequence[str], weights: Mapping[str, float], known: set[str], unseen: float
) -> float:
    total = sum(weights.get(word, unseen) for word in words)
    return sum(weights.get(word, unseen) for word in words if word in known) / total if total else 0.0


def _part(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0


def _hits(found: Found) -> list[Hit]:
    return [hit for article in found.articles for hit in article.hits]


def _worst_rank(hit: Hit) -> int:
    ranks = [50 if rank is None else rank for rank in (hit.dense_rank, hit.lexical_rank)]
    return max(ranks)


def _entropy(scores: Sequence[float]) -> float:
    lifted = [math.exp(8 * (score - max(scores))) for score in scores]
    total = sum(lifted)
    return -sum(p / total * math.log(p / total) for p in lifted if p > 0)


_ASKS = re.compile(r"\?|^(?:how|what|where|when|who|why|which|can|could|do|does|is|are|will)\b")
_KINDS = (
    (re.compile(r"\bhow (?:much|many|long|often|old|far|big|fast)\b|\bprice|\bcost\b"), re.compile(r"\d")),
    (re.compile(r"^when\b|\bwhat (?:date|time|year|day)\b"), re.compile(r"\d|day|month|week|year")),
    (re.compile(r"\bhow (?:to|do|can|could|should)\b"), re.compile(r"(?m)^\s*(?:\d+[.)]|[-*])|click|select|go to|open|enter|choose", re.IGNORECASE)),
    (re.compile(r"^who\b"), re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+")),
)
