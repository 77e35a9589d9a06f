"""Puts what was found by meaning and by words in one order.

A sum of a few scores that are comparable between questions, with fixed weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from knowledge.words import cover
from retrieval.library import Entry
from retrieval.query import Query

MEANING, WHOLE_MEANING, WORDS, WHOLE_WORDS, TITLE = 0.30, 0.40, 0.14, 0.06, 0.10
"""Fitted on four suites; fitted without any one of them they are nearly the same, and do as well
on the one left out (docs/eval.md). Without earlier messages, meaning and words weigh for both."""
ELSEWHERE = 0.2
"""How much of that words count in another language than the question's: names are the same, and
little else. Chosen on half of the demo company's questions in other languages."""


@dataclass(frozen=True)
class Candidate:
    """One passage with its raw scores; ranks count from 0, None: not in that list."""

    entry: Entry
    meaning: float
    """Cosine to the message."""
    whole: float
    """Cosine to the message with what was said before it."""
    words: float
    """BM25."""
    whole_words: float
    """BM25 with what was said before it."""
    meaning_rank: int | None
    words_rank: int | None

    @property
    def article_id(self) -> str:
        return self.entry.passage.article_id


@dataclass(frozen=True)
class Ranking:
    """The candidates of one search, best first."""

    query: Query
    scored: tuple[tuple[float, Candidate], ...]
    rarities: Mapping[str, float]
    """How rare each word of the question and of the titles is."""

    @cached_property
    def articles(self) -> tuple[tuple[float, Candidate], ...]:
        """The best passage of each article, best first."""
        best: dict[str, tuple[float, Candidate]] = {}
        for score, candidate in self.scored:
            best.setdefault(candidate.article_id, (score, candidate))
        return tuple(best.values())


def ranked(query: Query, candidates: Sequence[Candidate], rarities: Mapping[str, float]) -> Ranking:
    """`rarities` has the words of the question and of all titles."""
    most = max((found.words for found in candidates), default=0.0) or 1.0
    whole_most = max((found.whole_words for found in candidates), default=0.0) or 1.0

    def words_speak(found: Candidate) -> float:
        said = WORDS * found.words / most + WHOLE_WORDS * found.whole_words / whole_most
        said += TITLE * title_asked_for(found.entry, query, rarities)
        return said if found.entry.passage.language in ("", query.language) else ELSEWHERE * said

    scored = (
        (MEANING * found.meaning + WHOLE_MEANING * found.whole + words_speak(found), found)
        for found in candidates
    )
    return Ranking(query, tuple(sorted(scored, key=_place)), rarities)


def _place(scored: tuple[float, Candidate]) -> tuple[float, datetime, int]:
    """Best first; the same text in several articles, the oldest first, so that order is kept."""
    score, found = scored
    return -round(score, 6), found.entry.written_at, found.entry.passage.position


def title_asked_for(entry: Entry, query: Query, rarities: Mapping[str, float]) -> float:
    """How much of the title the question says, rare words counting more; 0 without a title."""
    return cover({word: rarities[word] for word in entry.title_words}, query.words)
