"""Long texts into parts at the best border, never inside what a reader sees as one character."""

import re
from collections.abc import Callable, Iterator

import regex

Measure = Callable[[str], int]
BORDERS = (r"\n\s*\n", r"\n", r"[.!?…]['\"”’)*]*\s|[。！？]", r"\s")
"""Paragraph, line, sentence, word."""


def width(text: str) -> int:
    """Length as phones count it (UTF-16 units): never less than what Meta counts."""
    return len(text) + sum(ord(one) > 0xFFFF for one in text)


def weight(text: str) -> int:
    """Length in bytes of UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def split_text(text: str, limit: int, measure: Measure = width) -> list[str]:
    """Parts within `limit`, cut at the best border there is; nothing but white space is lost."""
    return list(_parts(text.strip(), limit, measure))


def _parts(text: str, limit: int, measure: Measure) -> Iterator[str]:
    while measure(text) > limit:
        cut = _border(text[: _fitting(text, limit, measure)])
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _border(text: str) -> int:
    """Where to cut: the last border of the best kind that leaves a part worth sending."""
    for border in BORDERS:
        ends = [found.end() for found in re.finditer(border, text)]
        if ends and ends[-1] > len(text) // 3 and text[: ends[-1]].strip():
            return ends[-1]
    return len(text)


def tail(text: str, limit: int, measure: Measure = width) -> tuple[str, str]:
    """The text in two, so that the second part stays within `limit`; the first may be empty."""
    parts = split_text(text, limit, measure)
    end = text.rindex(parts[-1])
    return text[:end].rstrip(), parts[-1]


def shorten(text: str, limit: int, measure: Measure = width) -> str:
    if measure(text) <= limit:
        return text
    return text[: _fitting(text, limit - measure("…"), measure)].rstrip() + "…"


def _fitting(text: str, limit: int, measure: Measure) -> int:
    """How many characters of `text` stay within `limit`. Only where one visible character alone
    is larger, as a pile of accents may be, it is cut in itself."""
    used, count = 0, 0
    for found in regex.finditer(r"\X", text):
        used += measure(found[0])
        if used > limit:
            return count or _codepoints(text, limit, measure)
        count = found.end()
    return count


def _codepoints(text: str, limit: int, measure: Measure) -> int:
    used = 0
    for count, one in enumerate(text):
        used += measure(one)
        if used > limit:
            return count
    return len(text)
