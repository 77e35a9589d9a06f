"""Words as meaning goes: content words by their stem, sentences, list items, table rows."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from knowledge.words import stem, words

_STOPWORDS_TEXT = """
a about above after again all also am an and any anyone are as at be because been before being
below between both but by can can't cannot could did didn't do does doesn't doing don't down
during each else etc ever few for from further get gets getting go going got had has have having
he hello help her here hers hey hi him his how i i'd i'll i'm i've if in into is isn't it it's
its itself just know let like made make may me might more most must my need no nor not now of
off on once one only or other our ours out over own please same she should so some someone
something still such tell than thank thanks that that's the their theirs them then there these
they this those through to too tried try trying under until up us use used using very via want
was wasn't way we we're went were what when where which while who whom why will with won't would
you you're your yours
"""
STOPWORDS = frozenset(_STOPWORDS_TEXT.split())
_STOPSTEMS = frozenset(stem(word) for word in STOPWORDS)


def content_words(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order, repeats kept."""
    return [word for word in words(text) if word not in _STOPSTEMS]


@lru_cache(maxsize=20_000)
def word_set(text: str) -> frozenset[str]:
    """The content words of a text; passages come again and again, so they are remembered."""
    return frozenset(content_words(text))


@dataclass(frozen=True)
class Unit:
    """The smallest thing worth quoting, exactly as written."""

    text: str
    kind: Literal["sentence", "item", "step", "row", "heading"]
    line: int


@lru_cache(maxsize=2_000)
def units_of(text: str) -> tuple[Unit, ...]:
    """A section in its smallest quotable parts, in order."""
    units: list[Unit] = []
    for number, line in enumerate(text.splitlines()):
        stripped = line.strip()
        if not stripped:
            continue
        if _HEADING.match(stripped):
            units.append(Unit(stripped.lstrip("# ").strip(), "heading", number))
        elif stripped.startswith("|"):
            units += [] if _RULE.match(stripped) else [Unit(stripped, "row", number)]
        elif _STEP.match(stripped):
            units.append(Unit(stripped, "step", number))
        elif _ITEM.match(stripped):
            units.append(Unit(stripped, "item", number))
        else:
            units += [Unit(sentence, "sentence", number) for sentence in sentences_of(stripped)]
    return tuple(units)


def sentences_of(text: str) -> list[str]:
    """The sentences of running text. Abbreviations, versions and addresses don't end one."""
    pieces: list[str] = []
    start = 0
    for match in _END.finditer(text):
        before = text[start : match.start() + 1]
        if _ABBREVIATION.search(before):
            continue
        pieces.append(text[start : match.end()].strip())
        start = match.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece]


_HEADING = re.compile(r"#{1,6}\s+\S")
_RULE = re.compile(r"\|?[\s:|-]+\|?$")
_STEP = re.compile(r"(?:step )?\d{1,2}[.):]\s+\S", re.IGNORECASE)
_ITEM = re.compile(r"[-*•·–▪]\s+\S")
_END = re.compile(
    r"[.!?…]+[\"'”’)\]]*(?:\s+(?=[\"'“‘(\[]?[^\W_a-z])|(?<=[a-z][.!?])(?=[A-Z][a-z]))|[。！？।॥؟۔]"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|mr|mrs|ms|dr|prof|inc|ltd|co|corp|no|nr|st|approx|fig|ca|bzw|z\.b"
    r"|u\.s|a\.m|p\.m|jan|feb"
    r"|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)|\b[A-Z])\.$",
    re.IGNORECASE,
)
