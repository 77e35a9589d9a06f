"""Lines and tables of PDF pages into headings, paragraphs and lists."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeGuard

from ingestion.parse.document import Block, Kind
from ingestion.parse.pdf_grid import with_grids
from ingestion.parse.pdf_lines import SOFT_BREAK, Line
from ingestion.parse.pdf_tables import Table

Item = Line | Table

_BULLET = re.compile(r"^(?:[-•‣◦▪●–·*∙○■□➢➤✓\uf0b7]|o(?=\s))\s+(?=\S)")
_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-z])[.)]\s+(?=\S)")
_PAGE_NUMBER = re.compile(
    r"(?:page |seite |página )?[-–\s]*\d{1,4}[-–\s]*(?:(?:/|of|von|de) ?\d+)?", re.I
)
_SENTENCE_END = re.compile(r"[.!?:;。！？؟]['\"”’)\]]*$")
HEADING_WORDS = 20
HEADING_LINES = 3
HEADING_SIZE = 1.12
MARGIN = 0.08
RUNNING_HEAD_LETTERS = 120


@dataclass(slots=True)
class Paragraph:
    lines: list[Line]

    @property
    def text(self) -> str:
        text = "\n".join(line.text for line in self.lines)
        return re.sub(f"{SOFT_BREAK}\\s*", "", text).replace("\n", " ")

    @property
    def size(self) -> float:
        return max(line.size for line in self.lines)

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)

    @property
    def is_item(self) -> bool:
        return bool(_BULLET.match(self.lines[0].text) or _NUMBER.match(self.lines[0].text))


@dataclass(frozen=True, slots=True)
class Style:
    """What ordinary text looks like in this document."""

    size: float
    bold: bool
    upright: bool


def layout_blocks(pages: list[list[Item]]) -> list[Block]:
    pages = [with_grids(page) for page in _without_running_heads(pages)]
    style = _style([item for page in pages for item in page if isinstance(item, Line)])
    paragraphs = [found for page in pages for found in _paragraphs(page)]
    levels = _levels(paragraphs, style)
    blocks: list[Block] = []
    for found in paragraphs:
        block = _block(found, style, levels)
        blocks[-1:] = _joined(blocks[-1], block) if blocks else [block]
    return blocks


def _without_running_heads(pages: list[list[Item]]) -> list[list[Item]]:
    """Without page numbers and the lines that return at the top or bottom of many pages."""
    items = [item for page in pages for item in page]
    top, bottom = max(item.top for item in items), min(item.bottom for item in items)
    margin = (top - bottom) * MARGIN

    def is_outside(item: Item) -> TypeGuard[Line]:
        outside = item.bottom > top - margin or item.top < bottom + margin
        return isinstance(item, Line) and outside and len(item.text) <= RUNNING_HEAD_LETTERS

    times = Counter(key for page in pages for key in {_key(i) for i in page if is_outside(i)})
    often = max(3, len(pages) // 4)
    return [
        [i for i in page if not (is_outside(i) and (times[_key(i)] >= often or _is_number(i)))]
        for page in pages
    ]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.bottom / 10)


def _is_number(line: Line) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text.strip()) is not None


def _style(lines: list[Line]) -> Style:
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    bold = sum(len(line.text) for line in lines if line.bold)
    usual = letters.most_common(1)[0][0] if letters else 0.0
    upright = sum(len(line.text) for line in lines if line.upright)
    half = sum(letters.values()) / 2
    return Style(usual, bold > half, upright >= half)


def _paragraphs(page: list[Item]) -> Iterator[Paragraph | Table]:
    current: Paragraph | None = None
    for item in page:
        if isinstance(item, Line) and current and _goes_on(current, item):
            current.lines.append(item)
            continue
        if current:
            yield current
        current = Paragraph([item]) if isinstance(item, Line) else None
        if isinstance(item, Table):
            yield item
    if current:
        yield current


def _goes_on(paragraph: Paragraph, line: Line) -> bool:
    """Whether a line belongs to the paragraph above it."""
    last = paragraph.lines[-1]
    if _beside(last, line):
        return True
    if Paragraph([line]).is_item or abs(line.size - last.size) > 0.6:
        return False
    if paragraph.bold != line.bold and not paragraph.is_item and (paragraph.bold or line.bold):
        return not paragraph.bold and not _SENTENCE_END.search(last.text)
    gap = last.bottom - line.top
    height = max(last.top - last.bottom, 1.0)
    if not -1.5 * height < gap < 0.55 * height:
        return False
    return not (_SENTENCE_END.search(last.text) and _starts_anew(paragraph, line))


def _beside(last: Line, line: Line) -> bool:
    """Parts of one printed line, as after a tab."""
    middle = (line.bottom + line.top) / 2
    return last.bottom < middle < last.top and line.left >= last.right - 1


def _starts_anew(paragraph: Paragraph, line: Line) -> bool:
    last = paragraph.lines[-1]
    left = min(part.left for part in paragraph.lines)
    right = max(part.right for part in paragraph.lines)
    indented = not paragraph.is_item and line.left - left > line.size * 0.8
    return indented or last.right < right - 8 * line.size


def _is_heading(paragraph: Paragraph, style: Style) -> bool:
    text = paragraph.text
    if any(line.upright != style.upright for line in paragraph.lines):
        return False
    if len(paragraph.lines) > HEADING_LINES or len(text.split()) > HEADING_WORDS:
        return False
    if sum(map(str.isalpha, text)) < 3 or re.search(r"[.;,]$", text) or _BULLET.match(text):
        return False
    larger = paragraph.size >= style.size * HEADING_SIZE
    stands_out = paragraph.bold and not style.bold and paragraph.size >= style.size * 0.95
    return larger or (stands_out and not text.endswith(":"))


def _levels(found: list[Paragraph | Table], style: Style) -> dict[float, int]:
    """Heading levels by size, the largest first; all at the size of the text share one."""
    sizes = {
        max(part.size, style.size)
        for part in found
        if isinstance(part, Paragraph) and _is_heading(part, style)
    }
    return {size: min(rank, 6) for rank, size in enumerate(sorted(sizes, reverse=True), 1)}


def _block(found: Paragraph | Table, style: Style, levels: dict[float, int]) -> Block:
    if isinstance(found, Table):
        return Block("table", found.text, page=found.page)
    page = found.lines[0].page
    if _is_heading(found, style):
        return Block("heading", found.text, levels[max(found.size, style.size)], page)
    if found.is_item:
        kind: Kind = "steps" if _NUMBER.match(found.text) else "list"
        return Block(kind, _BULLET.sub("- ", found.text), page=page)
    return Block("paragraph", found.text, page=page)


def _joined(before: Block, block: Block) -> list[Block]:
    """Items of one list, and paragraphs that a column or page cut in two, become one."""
    if before.kind == block.kind and block.kind in ("list", "steps"):
        return [replace(before, text=f"{before.text}\n{block.text}")]
    cut = not _SENTENCE_END.search(before.text) and block.text[:1].islower()
    if before.kind == block.kind == "paragraph" and cut:
        return [replace(before, text=f"{before.text} {block.text}")]
    return [before, block]
