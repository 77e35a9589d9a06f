"""A document into sections, and sections into pieces small enough to find."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingestion.parse.document import Block, Document
from ingestion.sections import Part, parts_of
from ingestion.sentences import count_words
from ingestion.units import Unit, even_goal, glued, leading, pack_up, text_of, units_of
from knowledge.passages import HEADING

FAQ_WORDS = 400
SLACK = 1.2


@dataclass(frozen=True, slots=True)
class Piece:
    """A retrievable piece. `section` and `position` count from 0, `page` from 1.

    `start` and `end` are where it stands in its section's text; neighbours overlap there.
    `text` repeats the header row where a table is cut. `question` is set for FAQ rows."""

    breadcrumb: str
    text: str
    kind: str
    section: int
    position: int
    page: int | None
    question: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading; `breadcrumb` leaves out the document's title.

    Headings inside its text are lines of their own that start with HEADING."""

    breadcrumb: str
    text: str
    page: int | None = None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    sections: tuple[Section, ...]
    pieces: tuple[Piece, ...]


def split(document: Document, *, target_words: int = 150, overlap_words: int = 25) -> Split:
    """Sections and their pieces of at most 1.2 times `target_words`, in reading order.

    Raises ValueError when the overlap is not smaller than half the target."""
    if not 0 <= overlap_words < target_words / 2:
        raise ValueError("overlap_words must be less than half of target_words")
    limit = round(SLACK * target_words)
    sections: list[Section] = []
    pieces: list[Piece] = []
    for section, units in _cuttable(document, limit):
        goal = even_goal(units, target_words, overlap_words, limit)
        for pack in pack_up(units, goal, overlap_words, limit):
            pieces.append(_piece(pack, section, len(sections), len(pieces)))
        sections.append(section)
    return Split(tuple(sections), tuple(pieces))


def _cuttable(document: Document, limit: int) -> Iterator[tuple[Section, list[Unit]]]:
    for row in document.faq:
        text = row.answer.strip()
        yield Section("", text, None, row.question.strip()), _faq_units(text, limit)
    for part in parts_of(document, limit):
        yield _join(part, limit)


def _join(part: Part, limit: int) -> tuple[Section, list[Unit]]:
    """The section's text and the units it can be cut into."""
    text = ""
    units: list[Unit] = []
    for i, block in enumerate(part.blocks):
        before = part.blocks[i - 1] if i else None
        text += "" if before is None else "\n" if before.kind == "heading" else "\n\n"
        after = part.blocks[i + 1] if i + 1 < len(part.blocks) else None
        mark = HEADING if block.kind == "heading" and after else ""
        for unit in leading(list(units_of(block, limit)), block, after):
            start, end = (len(text) + len(mark) + place for place in (unit.start, unit.end))
            first = not unit.start
            units.append(replace(unit, start=start - len(mark) * first, end=end))
        text += mark + block.text
    page = next((block.page for block in part.blocks if block.page), None)
    return Section(" > ".join(part.path), text, page), glued(units, limit)


def _piece(units: list[Unit], section: Section, number: int, position: int) -> Piece:
    return Piece(
        breadcrumb=section.breadcrumb,
        text=text_of(section.text, units),
        kind=_kind(units),
        section=number,
        position=position,
        page=next((unit.page for unit in units if unit.page), None),
        question=section.question,
        start=units[0].start,
        end=units[-1].end,
    )


def _kind(units: list[Unit]) -> str:
    """The kind most of its words belong to."""
    words: dict[str, int] = {}
    for unit in units:
        words[unit.kind] = words.get(unit.kind, 0) + unit.words
    return max(words, key=lambda kind: words[kind])


def _faq_units(answer: str, limit: int) -> list[Unit]:
    """An answer stays whole unless it is an article of its own."""
    words = count_words(answer)
    if words <= FAQ_WORDS:
        return [Unit(0, len(answer), words, "paragraph", None)]
    return list(units_of(Block("paragraph", answer), limit))
