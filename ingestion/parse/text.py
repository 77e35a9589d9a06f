"""Plain text: paragraphs, lists and the short lines that act as headings."""

import re
from collections.abc import Iterator

from ingestion.parse.document import Block

_BULLET = re.compile(r"^(\s*)(?:[-*•‣◦▪●–·+]|o(?=\s))\s+(?=\S)")
_NUMBER = re.compile(r"^(\s*)\(?(\d{1,3}|[a-zA-Z])[.)]\s+(?=\S)")
_UNDERLINE = re.compile(r"^\s*(={3,}|-{3,}|~{3,})\s*$")
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？؟|।]['\"”’)\]]*\s*$")
_LINK = re.compile(r"https?://|www\.|\S@\S")

HEADING_WORDS = 10
HEADING_LETTERS = 80
WRAPPED_FROM = 50


def text_blocks(text: str, page: int | None = None) -> list[Block]:
    """Blocks of a text without markup; headings are found by `with_headings`."""
    blocks: list[Block] = []
    for lines in _stanzas(text):
        blocks.extend(_blocks_of(lines, page))
    return with_headings(blocks)


def with_headings(blocks: list[Block]) -> list[Block]:
    """Where nothing is marked as a heading, short lines above text become headings."""
    if any(block.kind == "heading" for block in blocks):
        return blocks
    found: list[Block] = []
    for i, block in enumerate(blocks):
        follows = blocks[i + 1] if i + 1 < len(blocks) else None
        found.extend(_headings_in(block, follows))
    return found


def unwrap(text: str) -> str:
    """Lines broken only for width are joined; lines that mean something stay."""
    lines = [line.strip() for line in text.split("\n")]
    joined = lines[:1]
    for line in lines[1:]:
        last = joined[-1]
        if len(last) >= WRAPPED_FROM and line and not _ENDS_SENTENCE.search(last):
            joined[-1] = f"{last} {line}"
        else:
            joined.append(line)
    return "\n".join(joined).strip()


def _stanzas(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n"):
        if line.strip():
            lines.append(line.rstrip())
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _blocks_of(lines: list[str], page: int | None) -> Iterator[Block]:
    prose: list[str] = []
    i = 0
    while i < len(lines):
        if _UNDERLINE.match(lines[i]):
            if prose and looks_like_heading(prose[-1]):
                heading = prose.pop().strip()
                yield from _paragraph(prose, page)
                prose = []
                yield Block("heading", heading, level=2, page=page)
            i += 1
        elif _marker(lines[i]) and (_lists(lines, i) or not prose):
            yield from _paragraph(prose, page)
            prose = []
            item_lines, i = _take_list(lines, i)
            yield _list(item_lines, page)
        else:
            prose.append(lines[i])
            i += 1
    yield from _paragraph(prose, page)


def _paragraph(lines: list[str], page: int | None) -> Iterator[Block]:
    if lines:
        yield Block("paragraph", unwrap("\n".join(lines)), page=page)


def _marker(line: str) -> str:
    """The kind of list a line is an item of, or empty."""
    if _BULLET.match(line):
        return "list"
    return "steps" if _NUMBER.match(line) else ""


def _lists(lines: list[str], at: int) -> bool:
    """Whether the marker at this line is one of a list, not a dash within prose."""
    return at + 1 == len(lines) or bool(_marker(lines[at + 1])) or lines[at + 1][:1].isspace()


def _take_list(lines: list[str], start: int) -> tuple[list[str], int]:
    """The items from `start`, one per line, with their continuation lines; where they end."""
    items = [lines[start]]
    i = start + 1
    while i < len(lines):
        if _marker(lines[i]):
            items.append(lines[i])
        elif lines[i][:1].isspace() or _breaks_mid_sentence(items[-1]):
            items[-1] = f"{items[-1]} {lines[i].strip()}"
        else:
            break
        i += 1
    return items, i


def _breaks_mid_sentence(item: str) -> bool:
    return len(item) >= WRAPPED_FROM and not _ENDS_SENTENCE.search(item)


def _list(items: list[str], page: int | None) -> Block:
    steps = bool(_NUMBER.match(items[0]))
    indent = min(len(item) - len(item.lstrip()) for item in items)
    text = "\n".join(_BULLET.sub(r"\1- ", item[indent:]) for item in items)
    return Block("steps" if steps else "list", text, page=page)


def _headings_in(block: Block, follows: Block | None) -> Iterator[Block]:
    """A paragraph that is a heading, or opens or holds lines that are."""
    if block.kind != "paragraph":
        yield block
        return
    lines = block.text.split("\n")
    body: list[str] = []
    for i, line in enumerate(lines):
        alone = len(lines) == 1 and follows is not None and not _looks_alike(line, follows)
        above = i + 1 < len(lines) and _stands_above(line, lines[i + 1])
        if looks_like_heading(line) and (alone or above):
            yield from _rest(body, block)
            body = []
            yield Block("heading", line.strip(), level=2, page=block.page)
        else:
            body.append(line)
    yield from _rest(body, block)


def looks_like_heading(line: str) -> bool:
    line = line.strip()
    if not line or len(line) > HEADING_LETTERS or len(line.split()) > HEADING_WORDS:
        return False
    if not any(c.isalpha() for c in line) or _LINK.search(line) or line[0] in "|>-*[(\"'“{<$":
        return False
    return not line[0].islower() and not re.search(r"[.!…:;,。！]$", line)


def _looks_alike(line: str, follows: Block) -> bool:
    """Short lines in a row are a list without marks or an address, not headings."""
    first = follows.text.split("\n", 1)[0]
    return follows.kind == "paragraph" and follows.text == first and looks_like_heading(first)


def _stands_above(line: str, below: str) -> bool:
    """Capitals or a question, with something longer below it."""
    text = line.strip()
    shouts = text.upper() == text and sum(c.isalpha() for c in text) >= 4
    asks = text.endswith(("?", "？", "؟")) and not below.strip().endswith("?")
    return (shouts and below.upper() != below) or asks


def _rest(lines: list[str], block: Block) -> Iterator[Block]:
    text = "\n".join(lines).strip()
    if text:
        yield Block(block.kind, text, page=block.page)
