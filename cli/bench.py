"""`onethread bench`: how fast it is, as ratios within one run."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.bench_service import service_lines
from cli.seed import FOLDER
from core.errors import Invalid
from eval.bench import Line, knowledge_lines
from eval.suites import Document, read_suite
from knowledge.model import export

ASKED = ("Can you tell me about {}?", "{}: how does that work?", "I have a question on {}.")

console = Console(width=100)


def bench(
    suite: Annotated[Path | None, typer.Argument(help="A suite; without: the demo.")] = None,
    posts: Annotated[int, typer.Option(help="Webhooks, one by one and in parallel.")] = 400,
    answers: Annotated[int, typer.Option(help="Answers before memory is read.")] = 100,
    documents: Annotated[int, typer.Option(help="At most so many documents.")] = 500,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write JSON here.")] = None,
) -> None:
    """Measure webhooks, ingestion, thinking, start-up and memory, each as a ratio."""
    if posts < 8 or answers < 1 or documents < 1:
        raise Invalid("Give at least 8 posts, 1 answer and 1 document.")
    export.export_all()
    texts, questions = _material(suite, documents)
    lines = service_lines(texts, questions, posts, answers)
    # Not before the service is gone: loading torch takes seconds and half a gigabyte.
    from eval.peers import BareModel, installed_peers

    bare = BareModel()
    peers, left_out = installed_peers(bare)
    lines += knowledge_lines(texts, questions, bare, peers)
    _show(lines)
    for line in left_out:
        console.print(line)
    if json_file:
        json_file.write_text(json.dumps([line.as_json() for line in lines], indent=2))


def _material(suite: Path | None, most: int) -> tuple[list[Document], list[str]]:
    """Documents, and questions about them: the cases', else the documents' titles."""
    if suite:
        read = read_suite(suite)
        texts, asked = list(read.documents[:most]), [case.asked for case in read.cases[:200]]
    else:
        files = sorted((FOLDER / "articles").glob("*.md"))[:most]
        texts = [
            Document(file.stem, file.stem.replace("-", " "), file.read_text()) for file in files
        ]
        asked = []
    return texts, asked or [ask.format(text.title) for ask in ASKED for text in texts]


def _show(lines: list[Line]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("what", "divided by"):
        table.add_column(name, no_wrap=True)
    for name in ("measured", "by", "unit", "ratio"):
        table.add_column(name, justify="left" if name == "unit" else "right", no_wrap=True)
    for line in lines:
        numbers = (f"{line.value:.4g}", f"{line.by:.4g}", line.unit, f"{line.ratio:.2f}")
        table.add_row(line.name, line.divided_by, *numbers)
    console.print(table)
