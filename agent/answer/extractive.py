"""The built-in answerer: quotes one section of the best article, word for word.

Nothing is paraphrased, reordered or merged from two articles.
"""

import math
from collections.abc import Mapping, Sequence

from agent.answer.answerer import Proposal, Question
from agent.turn import Claim
from agent.words import Unit, units_of, word_set
from retrieval.found import ArticleHit, Found, Hit

FEWEST_SENTENCES = 4
MOST_WORDS = 120
MOST_LINES = 14
MOST_ROWS = 6
SAME_WORDS = 0.6
SAME_MEANING = 0.75
"""Cosine of a message to a FAQ entry; chosen by hand, not yet measured."""


class Extractive:
    """Proposes the curated FAQ answer, or the best sentences, steps or rows of one section."""

    def propose(self, question: Question, found: Found) -> Proposal:
        if not found.articles:
            return Proposal("extractive", ())
        article = found.articles[0]
        if is_same_question(question.text, article.best):
            units = units_of(article.best.passage.text)
            return Proposal("faq", _claims(units, article.best))
        return Proposal("extractive", quote(question.text, article, rarity(found)))

    def repair(self, question: Question, found: Found, problems: Sequence[str]) -> None:
        """Quoting again quotes the same."""


def is_same_question(asked: str, hit: Hit) -> bool:
    """Whether a hit is a FAQ entry whose question is the one asked."""
    offered = word_set(hit.passage.question)
    if hit.passage.kind != "faq" or not offered:
        return False
    wanted = word_set(asked)
    shared = len(wanted & offered) / max(len(wanted), len(offered), 1)
    return shared >= SAME_WORDS or hit.dense >= SAME_MEANING


def quote(asked: str, article: ArticleHit, rarity: Mapping[str, float]) -> tuple[Claim, ...]:
    """The part of the article's best section that answers best, as written."""
    section = article.section or article.best.passage.text
    body = [
        unit
        for unit in units_of(section)
        if unit.kind != "heading" and not _repeats_title(unit, article.title)
    ]
    if not body:
        return ()
    wanted = _wanted(asked, article.title, rarity)
    worth = [_worth(unit, wanted) for unit in body]
    return _claims(_whole_list(body, worth) or _best_run(body, worth, wanted), article.best)


def rarity(found: Found) -> dict[str, float]:
    """How telling each word is among the best passages: inverse document frequency."""
    passages = [article.best.passage for article in found.articles]
    counts: dict[str, int] = {}
    for passage in passages:
        for word in word_set(passage.title) | word_set(passage.text):
            counts[word] = counts.get(word, 0) + 1
    return {word: math.log(1 + len(passages) / count) for word, count in counts.items()}


def _wanted(asked: str, title: str, rarity: Mapping[str, float]) -> dict[str, float]:
    """The question's words by weight; those of the title tell little within its article."""
    named = word_set(title)
    return {
        word: rarity[word] * (0.5 if word in named else 1.0)
        for word in word_set(asked)
        if word in rarity
    }


def _worth(unit: Unit, wanted: Mapping[str, float]) -> float:
    words = word_set(unit.text)
    return sum(weight for word, weight in wanted.items() if word in words)


def _whole_list(body: Sequence[Unit], worth: Sequence[float]) -> Sequence[Unit]:
    """The list, steps or table around the best unit, with the line that leads in to it."""
    best = max(range(len(body)), key=lambda place: worth[place])
    anchor = _listed_near(body, best)
    if anchor is None:
        return ()
    kind = body[anchor].kind
    first = last = anchor
    while first > 0 and body[first - 1].kind == kind:
        first -= 1
    while last + 1 < len(body) and body[last + 1].kind == kind:
        last += 1
    if kind == "row":
        return _rows(body[first : last + 1], worth[first : last + 1])
    lead = body[first - 1 : first] if first > 0 else ()
    return [*lead, *body[first : last + 1][:MOST_LINES]]


def _listed_near(body: Sequence[Unit], best: int) -> int | None:
    if body[best].kind != "sentence":
        return best
    after = best + 1
    if after < len(body) and body[after].kind != "sentence" and body[best].text.endswith(":"):
        return after
    return None


def _rows(rows: Sequence[Unit], worth: Sequence[float]) -> Sequence[Unit]:
    """The header and the rows that fit best, in the table's order."""
    others = range(1, len(rows))
    best = sorted(others, key=lambda place: -worth[place])[:MOST_ROWS]
    return [rows[0], *(rows[place] for place in sorted(best))]


def _best_run(
    body: Sequence[Unit], worth: Sequence[float], wanted: Mapping[str, float]
) -> Sequence[Unit]:
    """Sentences that stand together, about a paragraph of them: the run that says most."""
    runs = {_run_from(body, start) for start in range(len(body))}

    def says(run: tuple[int, int]) -> tuple[float, int]:
        words = frozenset().union(*(word_set(unit.text) for unit in body[slice(*run)]))
        named = sum(weight for word, weight in wanted.items() if word in words)
        return named + 0.5 * sum(worth[slice(*run)]), -run[0]

    return body[slice(*max(runs, key=says))]


def _run_from(body: Sequence[Unit], start: int) -> tuple[int, int]:
    """As many units as make a paragraph, and never fewer than a few sentences."""
    end, words = start, 0
    while end < len(body) and (words < MOST_WORDS or end - start < FEWEST_SENTENCES):
        words += len(body[end].text.split())
        if words > MOST_WORDS and end - start >= FEWEST_SENTENCES:
            break
        end += 1
    return start, end


def _repeats_title(unit: Unit, title: str) -> bool:
    return unit.text.strip().casefold() == title.strip().casefold()


def _claims(units: Sequence[Unit], hit: Hit) -> tuple[Claim, ...]:
    return tuple(Claim(unit.text, hit.passage.id) for unit in units)
