"""unstructured's elements as blocks, and unstructured without the seconds it needs to start."""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Literal

from lxml import html as lxml_html
from unstructured.documents.elements import Element

from ingestion.parse.document import Block
from ingestion.parse.table import pipe_table

_LEFT_OUT = {"Header", "Footer", "PageBreak", "PageNumber", "Image"}
_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})[.)]?\s")


def partition(kind: Literal["docx", "pptx"], path: Path) -> list[Block]:
    """The blocks of an Office file, in reading order."""
    sys.modules.setdefault("unstructured.nlp.tokenize", _no_sentence_model())
    module = import_module(f"unstructured.partition.{kind}")
    # An empty language keeps it from guessing one for each paragraph.
    return element_blocks(getattr(module, f"partition_{kind}")(str(path), languages=[""]))


def _no_sentence_model() -> ModuleType:
    """spaCy takes two seconds to load. It tells prose from other lines without a style, which
    are all paragraphs here: headings and lists are known by their style."""
    module = ModuleType("unstructured.nlp.tokenize")
    vars(module).update(
        sent_tokenize=lambda text: [text], word_tokenize=str.split, pos_tag=lambda text: []
    )
    return module


def element_blocks(elements: Iterable[Element]) -> list[Block]:
    blocks: list[Block] = []
    for element in elements:
        for block in _blocks(element):
            last = blocks[-1] if blocks else None
            if last and _is_same_list(last, block):
                blocks[-1] = Block(last.kind, f"{last.text}\n{block.text}", page=block.page)
            else:
                blocks.append(block)
    return blocks


def _blocks(element: Element) -> Iterator[Block]:
    page = element.metadata.page_number
    depth = element.metadata.category_depth or 0
    match element.category:
        case category if category in _LEFT_OUT:
            return
        case "Table":
            yield Block("table", _table(element.metadata.text_as_html, element.text), page=page)
        case "Title":
            yield Block("heading", " ".join(element.text.split()), min(depth + 1, 6), page)
        case "ListItem":
            yield _item(element.text.strip(), depth, page)
        case _:
            yield Block("paragraph", element.text.strip(), page=page)


def _is_same_list(last: Block, block: Block) -> bool:
    """Items below each other, also where bullets stand below a number."""
    if last.page != block.page or last.kind not in ("list", "steps"):
        return False
    return block.kind == last.kind or (block.kind in ("list", "steps") and block.text[0] == " ")


def _item(text: str, depth: int, page: int | None) -> Block:
    numbered = bool(_NUMBER.match(text))
    mark = "" if numbered else "- "
    return Block("steps" if numbered else "list", f"{'  ' * depth}{mark}{text}", page=page)


def _table(markup: str | None, text: str) -> str:
    if not markup:
        return text
    rows = lxml_html.fragment_fromstring(markup).iter("tr")
    return pipe_table([[cell.text_content() for cell in row.iter("td", "th")] for row in rows])
