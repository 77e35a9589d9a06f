"""The built-in answerer: quotes one section of the best article, word for word.

Nothing is paraphrased, reordered or merged from two articles.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from agent.answer.answerer import Proposal, Question
from agent.turn import Claim
from agent.words import Unit, units_of, word_set
from retrieval.found import ArticleHit, Found, Section

FEWEST_SENTENCES = 4
MOST_WORDS = 120
MOST_LINES = 20
MOST_ROWS = 6
MOST_BETWEEN = 4
"""Sentences that explain a step before the next one comes."""


class Extractive:
    """Proposes the curated FAQ answer, or the best sentences, steps or rows of one section."""

    def propose(self, question: Question, found: Found) -> Proposal:
        if not found.articles:
            return Proposal("extractive", ())
        article = found.articles[0]
        if article.curated:
            units = units_of(article.best.passage.text)
            return Proposal("faq", _claims(units, article.best.passage.id))
        return Proposal("extractive", quote(question.text, article, rarity(found)))

    def repair(self, question: Question, found: Found, problems: Sequence[str]) -> None:
        """Quoting again quotes the same."""


def quote(asked: str, article: ArticleHit, rarity: Mapping[str, float]) -> tuple[Claim, ...]:
    """The part of one section that answers best, as written."""
    section, body = _answering(article)
    if article.best.passage.question:
        body = [unit for unit in body if not _YES_OR_NO.fullmatch(unit.text)]
    if not body:
        return ()
    wanted = _wanted(asked, article.title, rarity)
    worth = [_worth(unit, wanted) for unit in body]
    chosen = _whole_list(body, worth) or _best_run(body, worth, wanted)
    return _claims(chosen, section.passage_id)


def _answering(article: ArticleHit) -> tuple[Section, Sequence[Unit]]:
    """The section found; where that only asks again, the one below it that answers."""
    found, *below = article.sections
    body = _body(found, article.title)
    if any(_says(unit) for unit in body) or not _asks_again(found):
        return found, body
    following = [(section, _body(section, article.title)) for section in below]
    telling = [one for one in following if any(_says(unit) for unit in one[1])]
    named = [one for one in telling if _ANSWERS.search(one[0].breadcrumb)]
    return next(iter([*named, *telling]), (found, body))


def _body(section: Section, title: str) -> Sequence[Unit]:
    """What can be quoted: no headings, nothing below one that only repeats the question."""
    return [
        unit
        for heading, unit in _below_headings(section)
        if not _repeats(heading) and not _repeats_title(unit, title)
    ]


def _asks_again(section: Section) -> bool:
    return any(
        _repeats(heading) or unit.text.endswith("?") for heading, unit in _below_headings(section)
    )


def _below_headings(section: Section) -> Iterator[tuple[str, Unit]]:
    heading = section.breadcrumb.rsplit(" > ", 1)[-1]
    for unit in units_of(section.text):
        if unit.kind == "heading":
            heading = unit.text
        else:
            yield heading, unit


def _repeats(heading: str) -> bool:
    return bool(_REPEATS.fullmatch(heading.strip(" :")))


def _says(unit: Unit) -> bool:
    """Whether a unit tells something: no label, no list of keywords, no question."""
    return unit.kind != "sentence" or bool(_SENTENCE_ENDS.search(unit.text))


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
    first, last = _reach(body, anchor, -1), _reach(body, anchor, 1)
    if body[anchor].kind == "row":
        return _rows(body[first : last + 1], worth[first : last + 1])
    lead = body[first - 1 : first] if first > 0 else ()
    return [*lead, *body[first : last + 1][:MOST_LINES]]


def _reach(body: Sequence[Unit], anchor: int, direction: int) -> int:
    """How far a list goes on from here; between steps there may be words about them."""
    kind = body[anchor].kind
    between = MOST_BETWEEN if kind == "step" else 0
    reached = place = anchor
    while 0 <= (place := place + direction) < len(body) and abs(place - reached) <= between + 1:
        if body[place].kind == kind:
            reached = place
        elif body[place].kind != "sentence":
            break
    return reached


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


def _claims(units: Sequence[Unit], passage_id: str) -> tuple[Claim, ...]:
    return tuple(Claim(unit.text, passage_id) for unit in units)


_REPEATS = re.compile(
    r"(?:question|problem|problem ?\(abstract\)|symptoms?|abstract|frage|symptome?|pregunta"
    r"|problema|pergunta|domanda|problème|vraag|probleem)",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"\b(?:answer|solution|resol\w+|fix(?:es)?|remed\w+|workaround|what to do|how to|steps?"
    r"|procedure|antwort|lösung|respuesta|solución|resposta|solução|réponse|soluzione|oplossing)\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"(?:yes|no|ja|nein|s[ií]|oui|non|sim|não|nee|tak|nie)[.!]", re.IGNORECASE)
"""A FAQ entry's answer to its own question, which is not the one asked."""
_SENTENCE_ENDS = re.compile(r"[.!…。！।][\"'”’)\]*_]*$")
