"""The built-in answerer: quotes one section of the best article, word for word.

Nothing is paraphrased, reordered or merged from two articles.
"""

import math
from collections.abc import Mapping, Sequence

from agent.answer.answerer import Proposal, Question
from agent.turn import Claim
from agent.words import Unit, content_words, units_of
from retrieval.found import ArticleHit, Found, Hit

MOST_SENTENCES = 4
MOST_LINES = 14
SAME_QUESTION = 0.8


class Extractive:
    """Proposes the curated FAQ answer, or the best sentences, steps or rows of one section."""

    def propose(self, question: Question, found: Found) -> Proposal:
        if not found.articles:
            return Proposal("extractive", ())
        article = found.articles[0]
        curated = _curated(article)
        if curated:
            return Proposal("faq", _claims(list(units_of(curated.passage.text)), curated))
        return Proposal("extractive", quote(question.text, article, rarity(found)))

    def repair(self, question: Question, found: Found, problems: Sequence[str]) -> None:
        """Quoting again quotes the same."""


def is_same_question(asked: str, hit: Hit) -> bool:
    """Whether a FAQ entry's question is the one asked."""
    wanted, offered = set(content_words(asked)), set(content_words(hit.passage.question))
    if not wanted or not offered:
        return False
    return len(wanted & offered) / len(wanted | offered) >= SAME_QUESTION


def _curated(article: ArticleHit) -> Hit | None:
    return article.best if article.best.passage.kind == "faq" else None


def quote(asked: str, article: ArticleHit, rarity: Mapping[str, float]) -> tuple[Claim, ...]:
    """The part of the article's best section that answers best, as written."""
    section = article.section or article.best.passage.text
    units = [unit for unit in units_of(section) if not _repeats_title(unit, article.title)]
    body = [unit for unit in units if unit.kind != "heading"]
    if not body:
        return ()
    wanted = dict.fromkeys(content_words(asked), 1.0)
    worth = {id(unit): _worth(unit, wanted, rarity, article.title) for unit in units}
    chosen = _whole_list(body, worth) or _best_sentences(body, worth)
    return _claims(chosen, article.best)


def rarity(found: Found) -> dict[str, float]:
    """How telling each word is among the passages found: inverse document frequency."""
    passages = [hit.passage for article in found.articles for hit in article.hits]
    counts: dict[str, int] = {}
    for passage in passages:
        for word in set(content_words(f"{passage.title} {passage.text}")):
            counts[word] = counts.get(word, 0) + 1
    return {word: math.log(1 + len(passages) / count) for word, count in counts.items()}


def _worth(
    unit: Unit, wanted: Mapping[str, float], rarity: Mapping[str, float], title: str
) -> float:
    words = set(content_words(unit.text))
    named = set(content_words(title))
    shared = sum(rarity.get(word, 0.0) * (0.5 if word in named else 1.0) for word in words & set(wanted))
    return shared / (1 + 0.02 * len(words))


def _whole_list(body: list[Unit], worth: Mapping[int, float]) -> list[Unit]:
    """The list, steps or table around the best unit, with the line that leads in to it."""
    best = max(range(len(body)), key=lambda place: worth[id(body[place])])
    anchor = _listed_near(body, best)
    if anchor is None:
        return []
    kind = body[anchor].kind
    first = last = anchor
    while first > 0 and body[first - 1].kind == kind:
        first -= 1
    while last + 1 < len(body) and body[last + 1].kind == kind:
        last += 1
    if kind == "row":
        return _rows(body[first : last + 1], worth)
    lead = [body[first - 1]] if first > 0 else []
    return [*lead, *body[first : last + 1][:MOST_LINES]]


def _listed_near(body: list[Unit], best: int) -> int | None:
    if body[best].kind != "sentence":
        return best
    after = best + 1
    if after < len(body) and body[after].kind != "sentence" and body[best].text.endswith(":"):
        return after
    return None


def _rows(rows: list[Unit], worth: Mapping[int, float]) -> list[Unit]:
    header, others = rows[0], rows[1:]
    if len(others) <= 6:
        return rows
    best = sorted(others, key=lambda row: -worth[id(row)])[:5]
    return [header, *(row for row in others if row in best)]


def _best_sentences(body: list[Unit], worth: Mapping[int, float]) -> list[Unit]:
    """A run of sentences around the best one: what stands together is understood together."""
    sentences = [unit for unit in body if unit.kind == "sentence"]
    if not sentences:
        return body[:MOST_LINES]
    runs = [
        sentences[start : start + MOST_SENTENCES]
        for start in range(max(1, len(sentences) - MOST_SENTENCES + 1))
    ]
    return max(runs, key=lambda run: sum(worth[id(unit)] for unit in run))


def _repeats_title(unit: Unit, title: str) -> bool:
    return unit.text.strip().casefold() == title.strip().casefold()


def _claims(units: list[Unit], hit: Hit) -> tuple[Claim, ...]:
    return tuple(Claim(unit.text, hit.passage.id) for unit in units)
