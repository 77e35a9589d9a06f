"""The sections of a document: what stands below one heading, neither tiny nor endless."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingestion.parse.document import Block, Document
from ingestion.sentences import count_words
from ingestion.units import even_goal, pack_up, text_of, units_of

TINY_WORDS = 40
SECTION_WORDS = 900


@dataclass(slots=True)
class Part:
    """Blocks below one heading path, before they are joined."""

    path: tuple[str, ...]
    blocks: list[Block] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(count_words(block.text) for block in self.blocks)


def parts_of(document: Document, limit: int) -> Iterator[Part]:
    parts = _merge_tiny(_by_heading(document), limit)
    for part in parts:
        if part.words > SECTION_WORDS:
            yield from _bounded(part)
        else:
            yield part


def _by_heading(document: Document) -> list[Part]:
    title = document.title.strip().casefold()
    path: list[tuple[int, str]] = []
    parts = [Part(())]
    for block in document.blocks:
        if block.kind != "heading":
            parts[-1].blocks.append(block)
        elif block.text.strip().casefold() != title:
            level = block.level or 1
            path = [step for step in path if step[0] < level]
            path.append((level, " ".join(block.text.split())))
            parts.append(Part(tuple(text for _, text in path)))
    following = [*(part.path for part in parts[1:]), ()]
    kept = [
        part
        for part, path in zip(parts, following, strict=True)
        if part.blocks or _is_bare(part, path)
    ]
    # A document that is only its title still is one piece.
    return kept or [Part((), list(document.blocks))] * bool(document.blocks)


def _is_bare(part: Part, following: tuple[str, ...]) -> bool:
    """A heading with nothing below it, not even a section that names it in its path."""
    return bool(part.path) and following[: len(part.path)] != part.path


def _merge_tiny(parts: list[Part], limit: int) -> list[Part]:
    """Sections too small to stand alone join a neighbour below the same parent."""
    merged: list[Part] = []
    for part in parts:
        before = merged[-1] if merged else None
        if before and _belong(before, part) and _fits(before, part, limit):
            merged[-1] = _merged(before, part)
        else:
            merged.append(part)
    return [_with_own_heading(part) for part in merged]


def _belong(before: Part, part: Part) -> bool:
    tiny = before.words < TINY_WORDS or part.words < TINY_WORDS
    common = _common(before.path, part.path)
    return tiny and common in (before.path, before.path[:-1]) and len(part.path) - len(common) <= 1


def _fits(before: Part, part: Part, limit: int) -> bool:
    headings = count_words(" ".join((*before.path[-1:], *part.path[-1:])))
    return before.words + part.words + headings <= limit


def _merged(before: Part, part: Part) -> Part:
    path = _common(before.path, part.path)
    blocks = [*_with_headings(before, path), *_with_headings(part, path)]
    return Part(path, blocks)


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    same = 0
    while same < min(len(left), len(right)) and left[same] == right[same]:
        same += 1
    return left[:same]


def _with_headings(part: Part, path: tuple[str, ...]) -> list[Block]:
    """The blocks with the headings that the shorter path no longer names."""
    page = part.blocks[0].page if part.blocks else None
    lost = part.path[len(path) :]
    return [Block("heading", text, level=1, page=page) for text in lost] + part.blocks


def _with_own_heading(part: Part) -> Part:
    """A section of nothing but its heading has the heading as its text."""
    if part.blocks or not part.path:
        return part
    return Part(part.path[:-1], _with_headings(part, part.path[:-1]))


def _bounded(part: Part) -> Iterator[Part]:
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
        yield Part(part.path, [blocks[int(element.id)] for element in originals])


def _cut_block(block: Block) -> Iterator[Block]:
    """A block too long for one section, in several of its kind."""
    if count_words(block.text) <= SECTION_WORDS:
        yield block
        return
    units = list(units_of(block, SECTION_WORDS // 4))
    goal = even_goal(units, SECTION_WORDS, 0, SECTION_WORDS)
    for pack in pack_up(units, goal, 0, SECTION_WORDS):
        yield replace(block, text=text_of(block.text, pack))
