"""Excel: each sheet's tables below the sheet's name, or FAQ rows where the header says so."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from io import BytesIO
from itertools import islice
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ingestion.parse.document import Block, Document, FaqRow, Unreadable, document_of
from ingestion.parse.faq import faq_document
from ingestion.parse.limits import TABLE_COLUMNS, TABLE_ROWS, damaged
from ingestion.parse.table import below_titles, pipe_table

Row = list[str]


def read(path: Path, name: str, kind: str) -> Document:
    try:
        # By its bytes: openpyxl judges a path by its name.
        book = load_workbook(BytesIO(path.read_bytes()), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError):
        raise Unreadable(damaged(name)) from None
    blocks: list[Block] = []
    faq: list[FaqRow] = []
    warnings: list[str] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()
        rows = _rows(sheet.iter_rows(values_only=True, max_col=TABLE_COLUMNS))
        if len(rows) > TABLE_ROWS:
            warnings.append(f"Only the first {TABLE_ROWS:,} rows of “{sheet.title}” were read.")
        for part in _sheet(sheet.title, rows[:TABLE_ROWS]):
            blocks.extend(part.blocks)
            faq.extend(part.faq)
            warnings.extend(part.warnings)
    book.close()
    return replace(document_of(blocks, warnings=tuple(warnings)), faq=tuple(faq))


def _rows(values: Iterable[tuple[object, ...]]) -> list[Row]:
    """Rows without the emptiness to the right; sheets formatted far down end at their data."""
    rows: list[Row] = []
    for row in islice(values, TABLE_ROWS * 5):
        rows.append([_shown(value) for value in row])
        if len(rows) > TABLE_ROWS:
            break
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return f"{value:.10g}"
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case _:
            return str(value).strip()


def _sheet(title: str, rows: list[Row]) -> Iterator[Document]:
    """FAQ rows where a header says so; the other tables below the sheet's name."""
    blocks: list[Block] = []
    for part in _tables(rows):
        titles, table = below_titles(part)
        faq = faq_document(table[0], table[1:])
        if faq and faq.faq:
            yield faq
            continue
        blocks.extend(Block("paragraph", text) for text in titles)
        if len(table) == 1 and sum(map(bool, table[0])) == 1:
            blocks.append(Block("paragraph", "".join(table[0])))
        else:
            blocks.append(Block("table", pipe_table(table)))
    if blocks:
        yield document_of([Block("heading", title, level=1), *blocks])


def _tables(rows: list[Row]) -> Iterator[list[Row]]:
    """Runs of rows between empty ones, and within those runs of columns between empty ones."""
    run: list[Row] = []
    for row in [*rows, []]:
        if any(row):
            run.append(row)
        elif run:
            yield from _side_by_side(run)
            run = []


def _side_by_side(run: list[Row]) -> Iterator[list[Row]]:
    for start, end in _spans(run):
        part = [row[start:end] for row in run]
        yield [row for row in part if any(row)]


def _spans(run: list[Row]) -> list[tuple[int, int]]:
    """The columns of each table. One column alone is no table: it belongs to what is beside it,
    as in accounts, where narrow empty columns stand between the figures."""
    width = max(map(len, run))
    used = [any(i < len(row) and row[i] for row in run) for i in range(width)]
    edges = [i for i in range(width + 1) if (i < width and used[i]) != (i > 0 and used[i - 1])]
    spans: list[tuple[int, int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        alone = end - start == 1 or (spans and spans[-1][1] - spans[-1][0] == 1)
        if spans and alone:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans
