"""PDF: text in reading order, headings by size and weight, ruled tables, page numbers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingestion.parse.document import Block, Document, Unreadable, document_of
from ingestion.parse.limits import damaged, protected
from ingestion.parse.pdf_layout import Item, layout_blocks
from ingestion.parse.pdf_lines import page_lines
from ingestion.parse.pdf_tables import Tables


def read(path: Path, name: str, kind: str) -> Document:
    file = _open(path, name)
    tables = Tables(path)
    try:
        pages = [_items(file[i], i, tables) for i in range(len(file))]
        pictures = [i + 1 for i, page in enumerate(pages) if not page and _has_picture(file[i])]
        title = file.get_metadata_value("Title").strip()
    finally:
        tables.close()
        file.close()
    if not any(pages):
        raise Unreadable(_without_text(name, bool(pictures)))
    blocks = layout_blocks(pages)
    warnings = tuple(_warnings(pictures, tables, _is_cut_off(path)))
    return document_of(blocks, title=_title(title, blocks), warnings=warnings)


def _open(path: Path, name: str) -> pdfium.PdfDocument:
    try:
        file = pdfium.PdfDocument(path)
        len(file)
    except pdfium.PdfiumError as refusal:
        locked = "password" in str(refusal).lower()
        raise Unreadable(protected(name) if locked else damaged(name)) from None
    return file


def _items(page: pdfium.PdfPage, index: int, tables: Tables) -> list[Item]:
    """Lines and tables of a page; a table stands where its first line stood."""
    lines = page_lines(page, index + 1)
    text_page = page.get_textpage()
    found = tables.on(page, index, lambda box: _cell_text(text_page, box)) if lines else []
    text_page.close()
    items: list[Item] = []
    placed: set[int] = set()
    for line in lines:
        at = next((i for i, table in enumerate(found) if table.holds(line.middle)), None)
        if at is None:
            items.append(line)
        elif at not in placed:
            placed.add(at)
            items.append(found[at])
    page.close()
    return items


def _cell_text(text_page: pdfium.PdfTextPage, box: tuple[float, float, float, float]) -> str:
    return " ".join(text_page.get_text_bounded(*box).split())


def _has_picture(page: pdfium.PdfPage) -> bool:
    return any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _without_text(name: str, pictures: bool) -> str:
    if not pictures:
        return f"“{name}” opens, but its pages are empty. Check that it is the right file."
    return (
        f"“{name}” has no text layer: its pages are pictures, probably a scan. Run text "
        "recognition (OCR) on it and upload the result."
    )


def _is_cut_off(path: Path) -> bool:
    return b"%%EOF" not in path.read_bytes()[-4096:]


def _warnings(pictures: list[int], tables: Tables, cut_off: bool) -> Iterator[str]:
    if pictures:
        shown = ", ".join(map(str, pictures[:10])) + (", …" if len(pictures) > 10 else "")
        yield f"Pages that are only pictures were not read: {shown}. Run OCR to include them."
    if tables.spent:
        yield "The tables of the later pages were read as plain text; split the file to keep them."
    if tables.failed:
        yield "Some tables could not be read as tables; their text is kept."
    if cut_off:
        yield "The file does not end as a PDF should; check that no pages are missing."


def _title(declared: str, blocks: list[Block]) -> str:
    """The first large heading; what the file declares is often a file name or a template's."""
    first = next((block.text for block in blocks[:3] if block.kind == "heading"), "")
    useless = not declared or re.search(r"\.\w{2,4}$|^untitled|^microsoft word", declared, re.I)
    return first or ("" if useless else declared)
