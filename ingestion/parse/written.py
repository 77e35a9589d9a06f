"""Articles that come as text: written in the console, or rows of a knowledge base file."""

import re
from typing import Literal

from ingestion.parse.document import Block, Document, document_of
from ingestion.parse.markdown import front_matter_title, markdown_blocks
from ingestion.parse.text import looks_like_heading, text_blocks

# Nothing but these makes Markdown say anything that plain text doesn't.
_MARKED_UP = re.compile(r"[#*_`|<>\[\]\\~&]|^ {0,3}(?:[-+=]|\d+[.)])", re.MULTILINE)


def parse_text(
    text: str, *, title: str = "", format: Literal["markdown", "text"] = "markdown"
) -> Document:
    """A document from a text at hand, without a child process. Never fails."""
    marked_up = format == "markdown" and _MARKED_UP.search(text) is not None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = (markdown_blocks(text) if marked_up else []) or text_blocks(text)
    found = (front_matter_title(text) if marked_up else "") or title_in(blocks)
    blocks = _without_title_line(blocks, title) if title else blocks
    return document_of(blocks, title=title or found)


def title_in(blocks: list[Block]) -> str:
    """The heading a document opens with, its only top heading, or a short first line."""
    if not blocks:
        return ""
    top = [block for block in blocks if block.kind == "heading" and block.level == 1]
    if blocks[0].kind == "heading" and (not top or blocks[0] is top[0]):
        return blocks[0].text
    if len(top) == 1:
        return top[0].text
    first = blocks[0].text.split("\n", 1)[0]
    return first if blocks[0].kind == "paragraph" and looks_like_heading(first) else ""


def _without_title_line(blocks: list[Block], title: str) -> list[Block]:
    """Copied articles repeat their title as first line; it becomes the heading it is."""
    if not blocks or blocks[0].kind != "paragraph":
        return blocks
    first, _, rest = blocks[0].text.partition("\n")
    if first.strip().casefold() != title.strip().casefold():
        return blocks
    return [Block("heading", first, level=1), Block("paragraph", rest), *blocks[1:]]
