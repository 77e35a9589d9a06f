"""How much of an expected Markdown text a parsed document holds, as F1 between 0 and 1."""

import html
import re
from collections import Counter
from collections.abc import Hashable, Sequence

from rapidfuzz.distance import LCSseq

from ingestion.parse import Document


def bag(document: Document, expected: str) -> float:
    return _overlap(_tokens(markdown(document)), _tokens(_readable(expected)))


def order(document: Document, expected: str) -> float:
    found, wanted = _tokens(markdown(document)), _tokens(_readable(expected))
    return _f1(LCSseq.similarity(found, wanted), len(found), len(wanted))


def headings(document: Document, expected: str) -> float:
    wanted = re.findall(r"^#{1,6} +(.+)$", expected, re.MULTILINE)
    found = [block.text for block in document.blocks if block.kind == "heading"]
    return _overlap(list(map(_folded, found)), list(map(_folded, wanted)))


def cells(document: Document, expected: str) -> float:
    found = "\n".join(block.text for block in document.blocks if block.kind == "table")
    return _overlap(_cells(found), _cells(_readable(expected)))


def markdown(document: Document) -> str:
    lines = [
        "#" * block.level + " " + block.text if block.kind == "heading" else block.text
        for block in document.blocks
    ]
    return "\n\n".join([*lines, *(" ".join(row) for row in document.faq)])


def _readable(expected: str) -> str:
    expected = re.sub(r"<!--.*?-->", " ", expected, flags=re.DOTALL)
    expected = re.sub(r"\]\((?!https?:|mailto:)[^)]*\)", "]", expected)
    return html.unescape(expected).replace("\\_", "_").replace("\\*", "*")


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("_", " "))


def _cells(text: str) -> list[str]:
    rows = [line for line in text.splitlines() if line.startswith("|")]
    rows = [line for line in rows if set(line) - set("|-: ")]
    found = [_folded(cell) for row in rows for cell in re.split(r"(?<!\\)\|", row)]
    return [cell for cell in found if cell]


def _folded(text: str) -> str:
    return " ".join(_tokens(_readable(text)))


def _overlap(found: Sequence[Hashable], wanted: Sequence[Hashable]) -> float:
    same = sum((Counter(found) & Counter(wanted)).values())
    return _f1(same, len(found), len(wanted))


def _f1(same: int, found: int, wanted: int) -> float:
    if not found and not wanted:
        return 1.0
    return 2 * same / (found + wanted)
