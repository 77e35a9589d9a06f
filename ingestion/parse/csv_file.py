"""CSV and TSV: a table, or FAQ rows where the header says so."""

import csv
import io
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ingestion.parse.document import Block, Document, document_of
from ingestion.parse.encoding import decode
from ingestion.parse.faq import faq_document
from ingestion.parse.limits import TABLE_ROWS
from ingestion.parse.table import below_titles, pipe_table

DELIMITERS = ",;\t|"


def read(path: Path, name: str, kind: str) -> Document:
    text = decode(path.read_bytes())
    csv.field_size_limit(10_000_000)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False)
    rows = [row for row in islice(lines, TABLE_ROWS + 1) if any(cell.strip() for cell in row)]
    more = next(lines, None) is not None
    warnings = (f"Only the first {TABLE_ROWS:,} rows were read.",) if more else ()
    if not rows:
        return document_of([])
    titles, table = below_titles(rows)
    faq = faq_document(table[0], table[1:])
    if faq:
        return replace(faq, warnings=(*faq.warnings, *warnings))
    above = [Block("paragraph", text) for text in titles]
    return document_of([*above, Block("table", pipe_table(table))], warnings=warnings)


def _delimiter(text: str) -> str:
    """The delimiter under which most of the first rows have the same number of columns."""
    sample = text[:100_000].splitlines()[:100]
    return max(DELIMITERS, key=lambda mark: _agreement(sample, mark))


def _agreement(sample: list[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0
    usual = max(set(widths), key=widths.count, default=1)
    if usual < 2:
        return 0, 0
    return widths.count(usual) / len(widths), usual
