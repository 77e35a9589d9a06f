"""Tables of a PDF page that has ruled lines, by pdfplumber, within a budget of pages and time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pdfplumber.pdf import PDF

from ingestion.parse.table import pipe_table

PAGES = 100
SECONDS = 25.0
RULES = 4
_RIGHT_TO_LEFT = ("\u0590", "\u08ff")

CellText = Callable[[tuple[float, float, float, float]], str]


@dataclass(frozen=True, slots=True)
class Table:
    """`text` as pipe rows; coordinates in points from the bottom left of the page."""

    page: int
    left: float
    bottom: float
    right: float
    top: float
    text: str

    def holds(self, point: tuple[float, float]) -> bool:
        return self.left <= point[0] <= self.right and self.bottom <= point[1] <= self.top


class Tables:
    """Finds tables page by page and stops when its budget is spent (`spent` is then set)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: PDF | None = None
        self._pages = 0
        self._seconds = 0.0
        self.spent = False
        self.failed = False

    def on(self, page: pdfium.PdfPage, index: int, cell_text: CellText) -> list[Table]:
        if self.spent or self.failed or not _is_ruled(page):
            return []
        if self._pages >= PAGES or self._seconds > SECONDS:
            self.spent = True
            return []
        begun = time.monotonic()
        try:
            return self._find(index, cell_text)
        except Exception:  # pdfminer raises anything on files that PDFium reads
            self.failed = True
            return []
        finally:
            self._pages += 1
            self._seconds += time.monotonic() - begun

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _find(self, index: int, cell_text: CellText) -> list[Table]:
        if self._file is None:
            self._file = PDF.open(self._path)
        page = self._file.pages[index]
        tables = [_table(page, found, cell_text) for found in page.find_tables()]
        page.close()
        return [table for table in tables if table is not None]


def _is_ruled(page: pdfium.PdfPage) -> bool:
    paths = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)
    return sum(1 for _ in zip(paths, range(RULES), strict=False)) == RULES


def _table(page: Any, found: Any, cell_text: CellText) -> Table | None:
    rows: list[list[str]] = found.extract()
    cells = [str(cell).strip() if cell else "" for row in rows for cell in row]
    filled = sum(map(bool, cells))
    wide = max((len(row) for row in rows), default=0)
    if len(rows) < 2 or wide < 2 or filled < max(3, len(cells) * 0.25):
        return None
    left, top, right, bottom = _turned(page, found.bbox)
    texts = [
        [
            _reordered(text or "", page, box, cell_text)
            for text, box in zip(row, line.cells, strict=True)
        ]
        for row, line in zip(rows, found.rows, strict=True)
    ]
    return Table(page.page_number, left, bottom, right, top, pipe_table(texts))


def _turned(page: Any, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """pdfplumber counts from the top of the page, PDFium from the bottom."""
    height = page.bbox[3] + page.bbox[1]
    return box[0], height - box[1], box[2], height - box[3]


def _reordered(
    text: str, page: Any, box: tuple[float, float, float, float] | None, cell_text: CellText
) -> str:
    """pdfminer returns Arabic and Hebrew in the order they are drawn; PDFium as they are read."""
    low, high = _RIGHT_TO_LEFT
    if box is None or not any(low <= letter <= high for letter in text):
        return text
    left, top, right, bottom = _turned(page, box)
    return cell_text((left, bottom, right, top)) or text
