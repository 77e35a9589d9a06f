"""Real files of every format: measured against expected Markdown, and none may crash."""

from collections import defaultdict
from pathlib import Path
from statistics import mean

import pytest

from ingestion.parse import Document, Unreadable, parse
from ingestion.parse.child import read
from ingestion.split import split
from tests.ingestion import score

PAIRS = "data/documents/docling/tests/data"

# Floors a little below what was reached: order, headings, cells (None: too few files hold any).
FLOORS: dict[str, tuple[float, float | None, float | None]] = {
    "pdf": (0.95, 0.78, None),
    "docx": (0.98, 0.99, 0.95),
    "pptx": (0.94, 0.98, None),
    # One of the workbooks is a FAQ: what were headings and cells of it are entries.
    "xlsx": (0.78, 0.77, 0.73),
    "html": (0.99, 0.99, 0.99),
    "md": (0.96, 0.99, 0.99),
    "csv": (0.99, None, 0.99),
    "odf": (0.95, None, 0.95),
    "doc": (0.99, 0.80, None),
    "xls": (0.99, None, None),
    "ppt": (0.74, None, None),
    "epub": (0.99, 0.96, None),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", FLOORS)
def test_what_is_read_matches_the_expected_markdown(shared: Path, kind: str) -> None:
    reached = _measure(shared / PAIRS / kind)
    pairs = zip(reached, FLOORS[kind], strict=True)
    assert all(floor is None or found >= floor for found, floor in pairs), reached


@pytest.mark.slow
def test_every_file_becomes_a_document_or_a_clear_refusal(shared: Path) -> None:
    files = [path for path in sorted((shared / "data/documents").rglob("*")) if path.is_file()]
    refused: dict[str, str] = {}
    for path in files:
        if "groundtruth" not in path.parts:
            refused.update(_refusal(path))
    assert {"password.pdf", "password_protected.xlsx", "empty.txt", "simple.zip"} <= set(refused)
    assert len(refused) < len(files) / 6
    for name, message in refused.items():
        assert name in message
        assert "made the reader stop" not in message
        assert "took longer" not in message


def _refusal(path: Path) -> dict[str, str]:
    """The message under the file's name, or nothing for a file that gives pieces."""
    try:
        document = parse(path)
    except Unreadable as refusal:
        return {path.name: refusal.message}
    assert document.title, path.name
    assert split(document).pieces, path.name
    return {}


def _measure(folder: Path) -> tuple[float, float, float]:
    """Mean order, heading and cell F1; the latter two over the files that have any."""
    scores: dict[str, list[float]] = defaultdict(list)
    for source in sorted((folder / "sources").iterdir()):
        expected = _expected(folder / "groundtruth", source)
        if not expected:
            continue
        document = _read(source)
        scores["order"].append(score.order(document, expected))
        if "\n#" in f"\n{expected}":
            scores["headings"].append(score.headings(document, expected))
        if "\n|" in f"\n{expected}":
            scores["cells"].append(score.cells(document, expected))
    order, headings, cells = (
        round(mean(scores[name] or [0.0]), 3) for name in ("order", "headings", "cells")
    )
    return order, headings, cells


def _expected(folder: Path, source: Path) -> str:
    names = (f"{source.name}.md", f"{source.stem}.md")
    found = [folder / name for name in names if (folder / name).is_file()]
    return found[0].read_text("utf-8") if found else ""


def _read(source: Path) -> Document:
    """A refused file counts as an empty document."""
    try:
        return read(source, source.name)
    except Unreadable:
        return Document(source.stem, (), 0, ())
