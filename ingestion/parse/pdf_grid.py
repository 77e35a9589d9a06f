"""Tables without ruled lines: rows whose cells stand below each other with gaps between."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingestion.parse.pdf_lines import SOFT_BREAK, Cell, Line
from ingestion.parse.pdf_tables import Table
from ingestion.parse.table import pipe_table

_MARK = re.compile(r"(?:[-•‣◦▪●–·*∙○■□]|\(?(?:\d{1,2}|[a-z])[.)])")
ROWS = 3
WIDE_CELL_LETTERS = 45
ROW_GAP = 1.6


@dataclass(slots=True)
class _Row:
    lines: list[Line]

    @property
    def cells(self) -> list[Cell]:
        found = [cell for line in self.lines for cell in line.cells]
        return sorted(found, key=lambda cell: cell.left)

    @property
    def is_tabular(self) -> bool:
        cells = self.cells
        return len(cells) > 1 and not _MARK.fullmatch(cells[0].text)

    @property
    def bottom(self) -> float:
        return min(line.bottom for line in self.lines)

    @property
    def top(self) -> float:
        return max(line.top for line in self.lines)


Column = tuple[float, float]


def with_grids(page: list[Line | Table]) -> list[Line | Table]:
    """The page with each run of aligned rows as one table."""
    items: list[Line | Table] = []
    for run in _runs(page):
        if isinstance(run, Table):
            items.append(run)
            continue
        table = _table(run)
        items.extend([table] if table else [line for row in run for line in row.lines])
    return items


def _runs(page: list[Line | Table]) -> Iterator[list[_Row] | Table]:
    """Rows that may be one table, tabular from the first on; other rows by themselves."""
    run: list[_Row] = []
    for row in _rows(page):
        if isinstance(row, _Row) and run and _continues(run, row):
            run.append(row)
            continue
        if run:
            yield run
        run = [row] if isinstance(row, _Row) else []
        if isinstance(row, Table):
            yield row
    if run:
        yield run


def _rows(page: list[Line | Table]) -> Iterator[_Row | Table]:
    row: _Row | None = None
    for item in page:
        if isinstance(item, Line) and row and _is_beside(row.lines[-1], item):
            row.lines.append(item)
            continue
        if row:
            yield row
        row = _Row([item]) if isinstance(item, Line) else None
        if isinstance(item, Table):
            yield item
    if row:
        yield row


def _is_beside(last: Line, line: Line) -> bool:
    middle = (line.bottom + line.top) / 2
    return last.bottom < middle < last.top and line.left >= last.right


def _continues(run: list[_Row], row: _Row) -> bool:
    last = run[-1]
    near = -1 < last.bottom - row.top < ROW_GAP * (last.top - last.bottom)
    if not near or not run[0].is_tabular:
        return False
    return row.is_tabular or row.cells[0].left >= run[0].cells[1].left - 2


def _table(run: list[_Row]) -> Table | None:
    columns = _columns(run)
    if columns is None:
        return None
    rows: list[list[str]] = []
    for row in run:
        texts = _placed(row, columns)
        if rows and not row.is_tabular:
            rows[-1] = [
                f"{above} {text}".strip() for above, text in zip(rows[-1], texts, strict=True)
            ]
        else:
            rows.append(texts)
    lines = [line for row in run for line in row.lines]
    return Table(
        lines[0].page,
        min(line.left for line in lines),
        run[-1].bottom,
        max(line.right for line in lines),
        run[0].top,
        pipe_table(rows),
    )


def _columns(run: list[_Row]) -> list[Column] | None:
    """Where the columns stand, if the rows agree on them."""
    tabular = [row for row in run if row.is_tabular]
    widths = Counter(len(row.cells) for row in tabular)
    usual, times = widths.most_common(1)[0] if widths else (0, 0)
    if times < ROWS or times < len(tabular) / 2:
        return None
    model = [row.cells for row in tabular if len(row.cells) == usual]
    columns = [
        (min(cell.left for cell in cells), max(cell.right for cell in cells))
        for cells in zip(*model, strict=True)
    ]
    apart = all(left[1] < right[0] for left, right in pairwise(columns))
    letters = sum(len(cell.text) for cells in model for cell in cells) / (usual * times)
    return columns if apart and (usual > 2 or letters <= WIDE_CELL_LETTERS) else None


def _placed(row: _Row, columns: list[Column]) -> list[str]:
    texts = [""] * len(columns)
    for cell in row.cells:
        at = max(range(len(columns)), key=lambda i: _shared(cell, columns[i]))
        texts[at] = f"{texts[at]} {cell.text}".strip().replace(SOFT_BREAK, "")
    return texts


def _shared(cell: Cell, column: Column) -> float:
    """How far they overlap; below zero is the distance."""
    return min(cell.right, column[1]) - max(cell.left, column[0])
