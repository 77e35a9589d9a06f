"""Neutral text as runs of words, each plain, bold or a link, so that it can be cut anywhere and
still be marked up correctly."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from connectors.cutting import split_text
from connectors.json_values import clean
from desk.envelope import Source

LONGEST_LINK = 1000
"""A longer address is written out: a link can't be cut."""


@dataclass(frozen=True)
class Run:
    words: str
    bold: bool = False
    url: str = ""


def runs_of(text: str, sources: Sequence[Source] = ()) -> list[Run]:
    """Headings are bold, tables lines, bullets dashes; sources stand as links at the end."""
    lines = [line for line in map(_line, clean(text).strip().splitlines()) if line is not None]
    tidy = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    found = list(_inline(tidy, bold=False))
    named = list(dict.fromkeys(_source(one) for one in sources))
    for number, run in enumerate(one for one in named if one.words):
        found += [Run(("\n\n" if number == 0 and found else "\n" if number else "") + "↗ "), run]
    return [run for run in found if run.words]


def _line(line: str) -> str | None:
    """One line's own markup as inline markup; None for the rule under a table's head."""
    if "|" in line and re.fullmatch(r"\s*\|?[\s:|-]*-{3,}[\s:|-]*\|?\s*", line):
        return None
    if cells := re.fullmatch(r"\s*\|(.+)\|\s*", line):
        line = " – ".join(cell.strip() for cell in cells[1].split("|"))
    if heading := re.fullmatch(r"\s{0,3}#{1,6}\s+(.+?)\s*#*\s*", line):
        line = "**" + heading[1].replace("**", "") + "**"
    return re.sub(r"^(\s*)[*+](\s+)", r"\1-\2", line)


MARKUP = re.compile(
    r"\*\*(?=\S)(?P<bold>.+?)(?<=\S)\*\*"
    r"|!?\[(?P<words>[^\]\n]*)\]\((?P<url>[^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)"
)


def _inline(text: str, *, bold: bool) -> Iterator[Run]:
    end = 0
    for found in MARKUP.finditer(text):
        yield Run(text[end : found.start()], bold)
        end = found.end()
        if found["bold"] is not None:
            yield from _inline(found["bold"], bold=True)
        else:
            yield _link(found["words"].strip(), found["url"], bold)
    yield Run(text[end:], bold)


def _link(words: str, url: str, bold: bool) -> Run:
    shown = url.removeprefix("mailto:").removeprefix("tel:")
    if not url.startswith(("https://", "http://")) or len(url) > LONGEST_LINK:
        return Run(shown if words in ("", shown) else f"{words}: {shown}", bold)
    return Run(words or url, bold, url)


def _source(source: Source) -> Run:
    title, url = " ".join(clean(source.title).split()), clean(source.url).strip()
    return _link(title, url, bold=False) if url else Run(title)


def cut(runs: Sequence[Run], limit: int) -> list[list[Run]]:
    """Parts of at most `limit` characters (as UTF-16 counts them), cut at the best border."""
    whole = "".join(run.words for run in runs)
    parts, start = [], 0
    for words in split_text(whole, limit):
        start = whole.index(words, start)
        parts.append(_slice(runs, start, start + len(words)))
        start += len(words)
    return parts


def _slice(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    found, at = [], 0
    for run in runs:
        words = run.words[max(0, start - at) : max(0, end - at)]
        if words:
            found.append(replace(run, words=words))
        at += len(run.words)
    return found
