"""The lines of a PDF page in the order it was written, with size, weight and place."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " "}
)
_BOLD_NAME = re.compile(r"bold|black|heavy|demi|(?:CM|SF|LM)BX|-Medi|\bBd\b|\.B$", re.I)
_BOLD_WEIGHT = 600
CELL_GAP = 1.3
_ALEF_LAM = re.compile("[اأإآ]ل")
_LATIN_THEN_ARABIC = re.compile(r"(?<=[A-Za-z0-9])(?=[\u0620-\u064a])")
# What PDFium puts where a word was broken at the end of a line.
SOFT_BREAK = "\ufffe"


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a line between two wide gaps."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """Coordinates in points from the bottom left of the page as it is shown."""

    text: str
    page: int
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool
    upright: bool = True
    cells: tuple[Cell, ...] = ()

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


class _Turn:
    """From a page's own coordinates to those it is shown in."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._degrees = page.get_rotation()
        self._width, self._height = page.get_size()

    def box(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float, float]:
        match self._degrees:
            case 90:
                return bottom, self._height - right, top, self._height - left
            case 180:
                width, height = self._width, self._height
                return width - right, height - top, width - left, height - bottom
            case 270:
                return self._width - top, left, self._width - bottom, right
        return left, bottom, right, top

    def is_upright(self, matrix: raw.FS_MATRIX) -> bool:
        across, along = abs(matrix.a), abs(matrix.b)
        return bool(along <= across if self._degrees % 180 == 0 else across <= along)


def page_lines(page: pdfium.PdfPage, number: int) -> list[Line]:
    text_page = page.get_textpage()
    turn = _Turn(page)
    try:
        count = text_page.count_chars()
        text = text_page.get_text_range() if count > 0 else ""
        if len(text) != count:
            text = _by_character(text_page, count)
        text = _with_lam_alef(text_page, text)
        spans = [match.span() for match in re.finditer(r"[^\r\n]+", text)]
        lines = [_line(text_page, text, start, end, number, turn) for start, end in spans]
        return [line for line in lines if line is not None]
    finally:
        text_page.close()


def _by_character(text_page: pdfium.PdfTextPage, count: int) -> str:
    """One letter per index also where PDFium's own text drops or pairs some."""
    codes = (raw.FPDFText_GetUnicode(text_page, i) for i in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 else " " for code in codes)


def _with_lam_alef(text_page: pdfium.PdfTextPage, text: str) -> str:
    """Both letters of an Arabic ligature share one box; PDFium returns them turned round."""
    letters = list(text)
    for match in _ALEF_LAM.finditer(text):
        first, second = match.start(), match.start() + 1
        if text_page.get_charbox(first) == text_page.get_charbox(second):
            letters[first], letters[second] = letters[second], letters[first]
    return "".join(letters)


def _line(
    text_page: pdfium.PdfTextPage, text: str, start: int, end: int, number: int, turn: "_Turn"
) -> Line | None:
    inked = [i for i in range(start, end) if not text[i].isspace()]
    if not inked:
        return None
    ends = (inked[0], inked[-1])
    boxes = [turn.box(*text_page.get_charbox(i, loose=True)) for i in ends]
    sample = inked[:: max(1, len(inked) // 5)]
    sizes = sorted(_size(text_page, i) for i in sample)
    bold = sum(_is_bold(text_page, i) for i in sample) > len(sample) / 2
    middle = sizes[len(sizes) // 2]
    return Line(
        text=_words(text[start:end]),
        page=number,
        left=min(box[0] for box in boxes),
        bottom=min(box[1] for box in boxes),
        right=max(box[2] for box in boxes),
        top=max(box[3] for box in boxes),
        size=round(middle * 2) / 2,
        bold=bold,
        upright=turn.is_upright(_matrix(text_page, inked[0])),
        cells=tuple(_cells(text_page, text, inked, middle * CELL_GAP, turn)),
    )


def _words(text: str) -> str:
    text = text.translate(_LIGATURES).replace("\x02", SOFT_BREAK).replace("\0", "")
    return " ".join(_LATIN_THEN_ARABIC.sub(" ", text).split())


def _cells(
    text_page: pdfium.PdfTextPage, text: str, inked: list[int], gap: float, turn: "_Turn"
) -> Iterator[Cell]:
    """The parts of a line that stand apart."""
    start = inked[0]
    for before, after in pairwise(inked):
        if after - before == 1:
            continue
        end, begin = (turn.box(*text_page.get_charbox(i, loose=True)) for i in (before, after))
        if begin[0] - end[2] > gap:
            yield _cell(text_page, text, start, before, turn)
            start = after
    yield _cell(text_page, text, start, inked[-1], turn)


def _cell(text_page: pdfium.PdfTextPage, text: str, first: int, last: int, turn: "_Turn") -> Cell:
    boxes = [turn.box(*text_page.get_charbox(i, loose=True)) for i in (first, last)]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    return Cell(_words(text[first : last + 1]), left, right)


def _size(text_page: pdfium.PdfTextPage, index: int) -> float:
    """The size as seen: many programs write size 1 and scale the page instead."""
    size = float(raw.FPDFText_GetFontSize(text_page, index))
    matrix = _matrix(text_page, index)
    scale = float((matrix.c**2 + matrix.d**2) ** 0.5)
    return size * scale if scale > 0 else size


def _matrix(text_page: pdfium.PdfTextPage, index: int) -> raw.FS_MATRIX:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix))
    return matrix


def _is_bold(text_page: pdfium.PdfTextPage, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, len(name), ctypes.byref(flags))
    return bool(_BOLD_NAME.search(name.value.decode("utf-8", "replace")))
