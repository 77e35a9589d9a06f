"""Neutral text for channels that show little markup or none. Pure: no network, no account."""

import re

from connectors.json_values import clean
from desk.envelope import Source


def plain(text: str, *, strong: str = "", between: str = " – ") -> str:
    """Links as words with their address, tables as lines, lists with dashes.

    `strong` stands around bold words and headings, `between` the cells of a table's row.
    """
    lines = [_line(line, strong, between) for line in clean(text).splitlines()]
    kept = "\n".join(line for line in lines if line is not None)
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def _line(line: str, strong: str, between: str) -> str | None:
    if re.fullmatch(r"\s*\|?[\s:|-]*-{3,}[\s:|-]*\|?\s*", line) and "|" in line:
        return None
    if cells := re.fullmatch(r"\s*\|(.+)\|\s*", line):
        line = between.join(cell.strip() for cell in cells[1].split("|"))
    if heading := re.fullmatch(r"\s{0,3}#{1,6}\s+(.+?)\s*#*\s*", line):
        line = "**" + heading[1].replace("**", "") + "**"
    line = re.sub(r"^(\s*)[*+](\s+)", r"\1-\2", line)
    line = re.sub(r"!?\[([^\]\n]*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)", _link, line)
    return re.sub(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", rf"{strong}\1{strong}", line)


def _link(found: re.Match[str]) -> str:
    words, url = found[1].strip(), found[2].removeprefix("mailto:").removeprefix("tel:")
    return url if not words or words == url else f"{words}: {url}"


def source_lines(sources: tuple[Source, ...]) -> str:
    """Title and address of each, a line each, each once."""
    lines = dict.fromkeys(
        ": ".join(part for part in (" ".join(clean(one.title).split()), clean(one.url)) if part)
        for one in sources
    )
    return "\n".join(f"↗ {line}" for line in lines if line)


def distinct(choices: tuple[str, ...]) -> list[str]:
    """Choices on one line each, each once."""
    tidy = (" ".join(clean(choice).split()) for choice in choices)
    return [choice for choice in dict.fromkeys(tidy) if choice]


def numbered(choices: list[str]) -> str:
    return "\n".join(f"{number}. {one}" for number, one in enumerate(choices, 1))
