"""What a text can be cut into, and runs of that of about the right size."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingestion.parse.document import Block
from ingestion.parse.table import is_rule
from ingestion.sentences import count_words, sentence_spans


@dataclass(frozen=True, slots=True)
class Unit:
    """What is not cut: a sentence, a list or table that fits, or one item or row of it."""

    start: int
    end: int
    words: int
    kind: str
    page: int | None
    header: str = ""
    leads: bool = False


def units_of(block: Block, limit: int) -> Iterator[Unit]:
    """What a block can be cut into; positions count within the block."""
    words = count_words(block.text)
    if block.kind != "paragraph" and words <= limit:
        yield Unit(0, len(block.text), words, block.kind, block.page)
    elif block.kind == "table":
        yield from _row_units(block, limit)
    else:
        lines = block.kind in ("list", "steps", "code")
        spans = _line_spans(block.text) if lines else sentence_spans(block.text)
        for start, end in spans:
            yield from _cut_to(block, start, end, limit)


def _row_units(block: Block, limit: int) -> Iterator[Unit]:
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


def _cut_to(block: Block, start: int, end: int, limit: int) -> Iterator[Unit]:
    """One unit, or several where a single sentence, item or row is longer than a piece."""
    words = count_words(block.text[start:end])
    if words <= limit:
        yield Unit(start, end, words, block.kind, block.page)
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


def even_goal(units: list[Unit], target: int, overlap: int, limit: int) -> int:
    """Words per piece so that the last one is not a crumb; all of it where it fits."""
    total = sum(unit.words for unit in units)
    if total <= limit:
        return limit
    count = -(-(total - overlap) // (target - overlap))
    return (total + (count - 1) * overlap) // count


def pack_up(units: list[Unit], goal: int, overlap: int, limit: int) -> Iterator[list[Unit]]:
    """Units in runs near `goal` words, the last sentences of one repeated in the next."""
    pack: list[Unit] = []
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


def _words(units: list[Unit]) -> int:
    return sum(unit.words for unit in units) + (count_words(units[0].header) if units else 0)


def _overlap(pack: list[Unit], overlap: int) -> list[Unit]:
    """The last whole sentences or items; one sentence may be half as long again."""
    repeated: list[Unit] = []
    for unit in reversed(pack[1:]):
        words = unit.words + sum(other.words for other in repeated)
        if unit.kind in ("table", "code") or words > (overlap if repeated else overlap * 3 // 2):
            break
        repeated.insert(0, unit)
    return repeated


def leading(units: list[Unit], block: Block, after: Block | None) -> list[Unit]:
    """A heading, and a line that announces a list or table, stay with what they announce."""
    announces = after is not None and after.kind in ("list", "steps", "table", "code")
    leads = block.kind == "heading" or (announces and block.text.rstrip().endswith((":", "：")))
    if not leads or not units:
        return units
    return [*units[:-1], replace(units[-1], leads=True)]


def glued(units: list[Unit], limit: int) -> list[Unit]:
    """Units that lead, as one with what follows them."""
    glued: list[Unit] = []
    for unit in units:
        last = glued[-1] if glued else None
        if last and last.leads and last.words + unit.words <= limit:
            words = last.words + unit.words
            glued[-1] = replace(unit, start=last.start, words=words, header=last.header)
        else:
            glued.append(unit)
    return glued


def text_of(text: str, units: list[Unit]) -> str:
    return units[0].header + text[units[0].start : units[-1].end].strip("\n").rstrip()
