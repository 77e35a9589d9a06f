"""A document into sections, and sections into pieces small enough to find."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingestion.parse.document import Block, Document
from ingestion.parse.table import is_rule
from ingestion.sentences import count_words, sentence_spans

TINY_WORDS = 40
SECTION_WORDS = 900
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
    """What stands below one heading; `breadcrumb` leaves out the document's title."""

    breadcrumb: str
    text: str
    page: int | None = None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    sections: tuple[Section, ...]
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class _Part:
    """Blocks below one heading path, before they are joined."""

    path: tuple[str, ...]
    blocks: list[Block] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(count_words(block.text) for block in self.blocks)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is not cut: a sentence, a list or table that fits, or one item or row of it."""

    start: int
    end: int
    words: int
    kind: str
    page: int | None
    header: str = ""
    leads: bool = False


def split(document: Document, *, target_words: int = 150, overlap_words: int = 25) -> Split:
    """Sections and their pieces of at most 1.2 times `target_words`, in reading order.

    Raises ValueError when the overlap is not smaller than half the target."""
    if not 0 <= overlap_words < target_words / 2:
        raise ValueError("overlap_words must be less than half of target_words")
    limit = round(SLACK * target_words)
    sections: list[Section] = []
    pieces: list[Piece] = []
    for section, units in _cuttable(document, limit):
        goal = _goal(units, target_words, overlap_words, limit)
        for pack in _pack(units, goal, overlap_words, limit):
            pieces.append(_piece(pack, section, len(sections), len(pieces)))
        sections.append(section)
    return Split(tuple(sections), tuple(pieces))


def _cuttable(document: Document, limit: int) -> Iterator[tuple[Section, list[_Unit]]]:
    for part in _parts(document, limit):
        yield _join(part, limit)
    for question, answer in document.faq:
        text = answer.strip()
        yield Section("", text, None, question.strip()), _faq_units(text, limit)


def _parts(document: Document, limit: int) -> Iterator[_Part]:
    parts = _merge_tiny(_by_heading(document), limit)
    for part in parts:
        if part.words > SECTION_WORDS:
            yield from _bounded(part)
        else:
            yield part


def _by_heading(document: Document) -> list[_Part]:
    title = document.title.strip().casefold()
    path: list[tuple[int, str]] = []
    parts = [_Part(())]
    for block in document.blocks:
        if block.kind != "heading":
            parts[-1].blocks.append(block)
        elif block.text.strip().casefold() != title:
            level = block.level or 1
            path = [step for step in path if step[0] < level]
            path.append((level, " ".join(block.text.split())))
            parts.append(_Part(tuple(text for _, text in path)))
    following = [*(part.path for part in parts[1:]), ()]
    kept = [
        part
        for part, path in zip(parts, following, strict=True)
        if part.blocks or _is_bare(part, path)
    ]
    # A document that is only its title still is one piece.
    return kept or [_Part((), list(document.blocks))] * bool(document.blocks)


def _is_bare(part: _Part, following: tuple[str, ...]) -> bool:
    """A heading with nothing below it, not even a section that names it in its path."""
    return bool(part.path) and following[: len(part.path)] != part.path


def _merge_tiny(parts: list[_Part], limit: int) -> list[_Part]:
    """Sections too small to stand alone join a neighbour below the same parent."""
    merged: list[_Part] = []
    for part in parts:
        before = merged[-1] if merged else None
        if before and _belong(before, part) and _fits(before, part, limit):
            merged[-1] = _merged(before, part)
        else:
            merged.append(part)
    return [_with_own_heading(part) for part in merged]


def _belong(before: _Part, part: _Part) -> bool:
    tiny = before.words < TINY_WORDS or part.words < TINY_WORDS
    common = _common(before.path, part.path)
    return tiny and common in (before.path, before.path[:-1]) and len(part.path) - len(common) <= 1


def _fits(before: _Part, part: _Part, limit: int) -> bool:
    headings = count_words(" ".join((*before.path[-1:], *part.path[-1:])))
    return before.words + part.words + headings <= limit


def _merged(before: _Part, part: _Part) -> _Part:
    path = _common(before.path, part.path)
    blocks = [*_with_headings(before, path), *_with_headings(part, path)]
    return _Part(path, blocks)


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    same = 0
    while same < min(len(left), len(right)) and left[same] == right[same]:
        same += 1
    return left[:same]


def _with_headings(part: _Part, path: tuple[str, ...]) -> list[Block]:
    """The blocks with the headings that the shorter path no longer names."""
    page = part.blocks[0].page if part.blocks else None
    lost = part.path[len(path) :]
    return [Block("heading", text, level=1, page=page) for text in lost] + part.blocks


def _with_own_heading(part: _Part) -> _Part:
    """A section of nothing but its heading has the heading as its text."""
    if part.blocks or not part.path:
        return part
    return _Part(part.path[:-1], _with_headings(part, part.path[:-1]))


def _bounded(part: _Part) -> Iterator[_Part]:
    """A very long section in several, cut between paragraphs by unstructured's chunker."""
    from unstructured.chunking.title import chunk_by_title
    from unstructured.documents.elements import Element, Text

    blocks = [piece for block in part.blocks for piece in _cut_block(block)]
    elements: list[Element] = [Text(b.text, element_id=str(i)) for i, b in enumerate(blocks)]
    letters = sum(len(block.text) for block in blocks)
    usual = max(1, letters * SECTION_WORDS // part.words)
    longest = max(len(block.text) for block in blocks)
    for chunk in chunk_by_title(
        elements, max_characters=max(usual, longest), new_after_n_chars=usual * 3 // 4
    ):
        originals = chunk.metadata.orig_elements or []
        yield _Part(part.path, [blocks[int(element.id)] for element in originals])


def _cut_block(block: Block) -> Iterator[Block]:
    """A block too long for one section, in several of its kind."""
    if count_words(block.text) <= SECTION_WORDS:
        yield block
        return
    units = list(_units(block, SECTION_WORDS // 4))
    goal = _goal(units, SECTION_WORDS, 0, SECTION_WORDS)
    for pack in _pack(units, goal, 0, SECTION_WORDS):
        yield replace(block, text=_text(block.text, pack))


def _join(part: _Part, limit: int) -> tuple[Section, list[_Unit]]:
    """The section's text and the units it can be cut into."""
    text = ""
    units: list[_Unit] = []
    for i, block in enumerate(part.blocks):
        before = part.blocks[i - 1] if i else None
        text += "" if before is None else "\n" if before.kind == "heading" else "\n\n"
        after = part.blocks[i + 1] if i + 1 < len(part.blocks) else None
        for unit in _leading(list(_units(block, limit)), block, after):
            units.append(replace(unit, start=unit.start + len(text), end=unit.end + len(text)))
        text += block.text
    page = next((block.page for block in part.blocks if block.page), None)
    return Section(" > ".join(part.path), text, page), _glued(units, limit)


def _leading(units: list[_Unit], block: Block, after: Block | None) -> list[_Unit]:
    """A heading, and a line that announces a list or table, stay with what they announce."""
    announces = after is not None and after.kind in ("list", "steps", "table", "code")
    leads = block.kind == "heading" or (announces and block.text.rstrip().endswith((":", "：")))
    if not leads or not units:
        return units
    return [*units[:-1], replace(units[-1], leads=True)]


def _glued(units: list[_Unit], limit: int) -> list[_Unit]:
    """Units that lead, as one with what follows them."""
    glued: list[_Unit] = []
    for unit in units:
        last = glued[-1] if glued else None
        if last and last.leads and last.words + unit.words <= limit:
            words = last.words + unit.words
            glued[-1] = replace(unit, start=last.start, words=words, header=last.header)
        else:
            glued.append(unit)
    return glued


def _units(block: Block, limit: int) -> Iterator[_Unit]:
    """What a block can be cut into; positions count within the block."""
    words = count_words(block.text)
    if block.kind != "paragraph" and words <= limit:
        yield _Unit(0, len(block.text), words, block.kind, block.page)
    elif block.kind == "table":
        yield from _row_units(block, limit)
    else:
        lines = block.kind in ("list", "steps", "code")
        spans = _line_spans(block.text) if lines else sentence_spans(block.text)
        for start, end in spans:
            yield from _cut_to(block, start, end, limit)


def _row_units(block: Block, limit: int) -> Iterator[_Unit]:
    spans = _line_spans(block.text)
    ruled = len(spans) > 1 and is_rule(block.text[slice(*spans[1])].strip())
    head = block.text[: spans[1][1]] if ruled else ""
    if count_words(head) > limit // 3:
        head = ""
    for i, (start, end) in enumerate(spans):
        inside_head = ruled and i < 2
        for unit in _cut_to(block, start, end, limit - count_words(head)):
            yield replace(unit, header="" if inside_head else head, leads=inside_head)


def _line_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        spans.append((start, start + len(line)))
        start += len(line)
    return spans


def _cut_to(block: Block, start: int, end: int, limit: int) -> Iterator[_Unit]:
    """One unit, or several where a single sentence, item or row is longer than a piece."""
    words = count_words(block.text[start:end])
    if words <= limit:
        yield _Unit(start, end, words, block.kind, block.page)
        return
    middle = _middle(block.text, start, end)
    yield from _cut_to(block, start, middle, limit)
    yield from _cut_to(block, middle, end, limit)


def _middle(text: str, start: int, end: int) -> int:
    """The word boundary nearest the middle, or the middle of one endless word."""
    half = (start + end) // 2
    before, after = text.rfind(" ", start + 1, half), text.find(" ", half, end - 1)
    found = [at + 1 for at in (before, after) if at > start]
    return min(found, key=lambda at: abs(at - half), default=half)


def _goal(units: list[_Unit], target: int, overlap: int, limit: int) -> int:
    """Words per piece so that the last one is not a crumb; all of it where it fits."""
    total = sum(unit.words for unit in units)
    if total <= limit:
        return limit
    count = -(-(total - overlap) // (target - overlap))
    return (total + (count - 1) * overlap) // count


def _pack(units: list[_Unit], goal: int, overlap: int, limit: int) -> Iterator[list[_Unit]]:
    """Units in runs near `goal` words, the last sentences of one repeated in the next."""
    pack: list[_Unit] = []
    fresh = 0
    for unit in units:
        if fresh and (_words(pack) >= goal or _words([*pack, unit]) > limit):
            yield pack
            repeated = _overlap(pack, overlap)
            pack = repeated if _words([*repeated, unit]) <= limit else []
            fresh = 0
        pack.append(unit)
        fresh += 1
    if pack:
        yield pack


def _words(units: list[_Unit]) -> int:
    return sum(unit.words for unit in units) + (count_words(units[0].header) if units else 0)


def _overlap(pack: list[_Unit], overlap: int) -> list[_Unit]:
    """The last whole sentences or items; one sentence may be half as long again."""
    repeated: list[_Unit] = []
    for unit in reversed(pack[1:]):
        words = unit.words + sum(other.words for other in repeated)
        if unit.kind in ("table", "code") or words > (overlap if repeated else overlap * 3 // 2):
            break
        repeated.insert(0, unit)
    return repeated


def _text(text: str, units: list[_Unit]) -> str:
    return units[0].header + text[units[0].start : units[-1].end].strip("\n").rstrip()


def _piece(units: list[_Unit], section: Section, number: int, position: int) -> Piece:
    return Piece(
        breadcrumb=section.breadcrumb,
        text=_text(section.text, units),
        kind=_kind(units),
        section=number,
        position=position,
        page=next((unit.page for unit in units if unit.page), None),
        question=section.question,
        start=units[0].start,
        end=units[-1].end,
    )


def _kind(units: list[_Unit]) -> str:
    """The kind most of its words belong to."""
    words: dict[str, int] = {}
    for unit in units:
        words[unit.kind] = words.get(unit.kind, 0) + unit.words
    return max(words, key=lambda kind: words[kind])


def _faq_units(answer: str, limit: int) -> list[_Unit]:
    """An answer stays whole unless it is an article of its own."""
    words = count_words(answer)
    if words <= FAQ_WORDS:
        return [_Unit(0, len(answer), words, "paragraph", None)]
    return list(_units(Block("paragraph", answer), limit))
