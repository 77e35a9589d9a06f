"""PowerPoint, by unstructured; the page is the slide. The figures of its charts come as tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pptx import Presentation

from ingestion.parse.document import Block, Document, document_of
from ingestion.parse.elements import partition
from ingestion.parse.office import office_document
from ingestion.parse.table import pipe_table
from ingestion.parse.written import title_in


def read(path: Path, name: str, kind: str) -> Document:
    try:
        blocks = partition("pptx", path)
        charts = list(_charts(path))
    except Exception:  # python-pptx refuses decks that PowerPoint opens
        return office_document(path, name, kind)
    blocks = sorted([*map(_titled, blocks), *charts], key=lambda block: block.page or 0)
    return document_of(blocks, title=title_in(blocks))


def _titled(block: Block) -> Block:
    """Only a slide's title is a heading; short lines on it are not."""
    if block.kind == "heading" and block.level > 1:
        return Block("paragraph", block.text, page=block.page)
    return block


def _charts(path: Path) -> Iterator[Block]:
    for number, slide in enumerate(Presentation(str(path)).slides, 1):
        for shape in slide.shapes:
            if shape.has_chart:
                yield from _chart(shape.chart, number)


def _chart(chart: Any, page: int) -> Iterator[Block]:
    if chart.has_title and chart.chart_title.has_text_frame:
        yield Block("paragraph", chart.chart_title.text_frame.text, page=page)
    for plot in chart.plots:
        names = ["", *(series.name for series in plot.series)]
        values = zip(*(series.values for series in plot.series), strict=False)
        rows = [[label, *row] for label, row in zip(plot.categories, values, strict=False)]
        yield Block("table", pipe_table([names, *rows]), page=page)
