"""Word: unstructured, and anydoc where unstructured loses text boxes or content controls."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from docx import Document as open_docx
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from lxml import etree

from ingestion.parse.document import Block, Document, document_of
from ingestion.parse.elements import partition
from ingestion.parse.office import office_document
from ingestion.parse.table import pipe_table
from ingestion.parse.text import with_headings
from ingestion.parse.written import title_in

COVER = 0.9

_WORD = re.compile(r"\w+")


def read(path: Path, name: str, kind: str) -> Document:
    written = _words(_text_in(path))
    try:
        document = _by_unstructured(path)
    except Exception:  # python-docx fails in many ways on what Word itself opens
        return office_document(path, name, kind)
    if _cover(document, written) >= COVER:
        return document
    other = office_document(path, name, kind)
    return max(document, other, key=lambda candidate: _cover(candidate, written))


def _by_unstructured(path: Path) -> Document:
    blocks = _with_merged_cells(partition("docx", path), path)
    blocks = with_headings(blocks)
    return document_of(blocks, title=title_in(blocks))


def _with_merged_cells(blocks: list[Block], path: Path) -> list[Block]:
    """unstructured moves the cells beside a merged one; here it is repeated in its rows."""
    content = open_docx(str(path)).iter_inner_content()
    tables = [_rows(item) for item in content if isinstance(item, Table)]
    if sum(block.kind == "table" for block in blocks) != len(tables):
        return blocks
    texts = iter(tables)
    return [
        replace(block, text=pipe_table(next(texts))) if block.kind == "table" else block
        for block in blocks
    ]


def _rows(table: Table) -> list[list[str]]:
    return [[""] * row.grid_cols_before + [_cell(cell) for cell in row.cells] for row in table.rows]


def _cell(cell: _Cell) -> str:
    """All text in it, that of tables inside it too."""
    paragraphs = cell._tc.iter(qn("w:p"))
    return "\n".join("".join(_written(p)) for p in paragraphs)


def _written(paragraph: etree._Element) -> Iterator[str]:
    for element in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
        yield element.text or "" if element.tag == qn("w:t") else " "


def _cover(document: Document, written: Counter[str]) -> float:
    """The share of the words in the file that the document has."""
    found = _words("\n".join(block.text for block in document.blocks))
    total = sum(written.values())
    return sum((found & written).values()) / total if total else 1.0


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))


def _text_in(path: Path) -> str:
    """The text of the main part, without what was deleted and what repeats for old programs."""
    with zipfile.ZipFile(path) as archive:
        part = next((n for n in archive.namelist() if n.endswith("word/document.xml")), None)
        if part is None:
            return ""
        parser = etree.XMLParser(resolve_entities=False, recover=True, huge_tree=True)
        return "".join(_texts(etree.fromstring(archive.read(part), parser)))


def _texts(tree: etree._Element) -> Iterator[str]:
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name in ("del", "Fallback"):
            walk.skip_subtree()
        elif name == "t":
            yield element.text or ""
        elif name in ("p", "tab", "br"):
            yield "\n"
