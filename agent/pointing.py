"""What a message points at that nobody has named: "Is this novel any good?" as a first message."""

import re

from agent.words import sentences_of
from knowledge.words import stem

LONGEST = 20
"""Words: who writes more says what they mean somewhere in it."""
NAMING = 2
"""How many words after "this" may name the thing."""


def points_at_nothing(asked: str, before: str) -> str:
    """The thing meant, in the message's own words, where neither the message nor what was said
    before it names one; "" otherwise. English only."""
    if len(asked.split()) > LONGEST or len(sentences_of(asked)) != 1:
        return ""
    known = _stems(before)
    for pointing in _POINTING.finditer(asked):
        named = _named(pointing["thing"])
        if named and not _stems(" ".join(named)) & (known | _stems(asked[: pointing.start()])):
            return " ".join(named)
    return ""


def _named(thing: str) -> list[str]:
    """The words that name the thing, up to the first that can't."""
    named: list[str] = []
    for word in thing.split()[:NAMING]:
        if word.lower() in _SMALL or stem(word.lower()) in _NO_THING:
            break
        named.append(word)
    return named


def _stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"[^\W_]+", text.lower())}


_POINTING = re.compile(
    r"\b(?:(?:this|these|those)|(?:^|(?<=\bof )|(?<=\bfor )|(?<=\bin )|(?<=\bto )|(?<=\babout )"
    r"|(?<=\bwith ))that) (?P<thing>\w[\w’'-]*(?: \w[\w’'-]*)?)",
    re.IGNORECASE,
)
_SMALL_TEXT = """
a an and are as at be been by can could did do does for from had has have he i if in is it may
might must not of on one ones or she should so than that the they to was we were what when where
which who will with would you
"""
_SMALL = frozenset(_SMALL_TEXT.split())
_NO_THING_TEXT = """
year week month day time moment morning evening afternoon weekend season case way point kind sort
type error message issue problem question answer reason matter situation information info mean work
happen help cost take still also all much many page site website shop store company order chat
conversation
"""
_NO_THING = frozenset(stem(word) for word in _NO_THING_TEXT.split())
