"""`onethread eval` and `onethread eval-intents`: measure on labelled cases."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import track as progress
from rich.table import Table

from cli import local
from core.errors import Invalid, OneThreadError
from eval.continuity.run import run_continuity
from eval.gate import read_run, regressions
from eval.intents import run_eval_intents
from eval.run import run_eval
from eval.suites import read_suite
from retrieval.library import Library, open_library

T = TypeVar("T")

console = Console()


def eval_command(
    suite_dir: Annotated[Path, typer.Argument(help="Folder with kb.jsonl and cases.jsonl.")],
    more_kbs: Annotated[
        list[Path] | None, typer.Argument(metavar="[KB]...", help="As after --kb.")
    ] = None,
    kb: Annotated[
        list[Path] | None, typer.Option(help="More knowledge bases, indexed as distractors.")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Other cases than its own.")
    ] = None,
    head: Annotated[
        Path | None, typer.Option(help="Use this confidence head; else it is cross-fitted.")
    ] = None,
    fit: Annotated[
        Path | None,
        typer.Option(help="Write a head fitted on these cases, or --head recalibrated on them."),
    ] = None,
    mode: Annotated[
        str, typer.Option(help="The answers that head is for: extractive, llm or foreign.")
    ] = "",
    gate: Annotated[
        bool, typer.Option("--gate", help="Fail where it got worse than the run in --json.")
    ] = False,
    llm: Annotated[
        str, typer.Option(help="An OpenAI-compatible endpoint: URL#model. Asked twice a case.")
    ] = "",
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write all numbers here.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the folds and of the calibration band.")] = 0,
) -> None:
    """Measure retrieval, answers and confidence on a suite, in a throw-away store."""
    before = _earlier_run(json_file) if gate else None
    report = run_eval(
        suite_dir,
        cases=cases,
        kbs=[*(kb or ()), *(more_kbs or ())],
        head=head,
        fit_to=fit,
        mode=mode,
        llm=llm,
        seed=seed,
        track=_track,
    )
    console.print(report.as_table())
    if json_file:
        report.save(json_file)
    if before:
        gold = {case.id: case.gold for case in read_suite(suite_dir, cases).cases}
        _stop_where_worse(regressions(before, report.as_json(), gold))


def eval_continuity_command(
    journeys: Annotated[int, typer.Option(help="How many customers' journeys.")] = 88,
    seen: Annotated[
        bool, typer.Option("--seen", help="Of the stories that served for tuning instead.")
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write all numbers here.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the journeys.")] = 0,
) -> None:
    """Send customers' journeys over several channels through a throw-away shop: are they joined,
    remembered, and is nothing told to somebody else?"""
    report = run_continuity(seed, journeys, seen=seen, track=_track)
    console.print(report.as_table())
    if json_file:
        report.save(json_file)


def eval_intents_command(
    file: Annotated[Path, typer.Argument(help="JSON lines: text, wants_person, in_scope.")],
    in_scope: Annotated[
        Path | None, typer.Option(help="Examples {text, intent} that define the scope.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write all numbers here.")
    ] = None,
) -> None:
    """Measure who wants a person and what is out of scope."""
    if in_scope:
        numbers = run_eval_intents(file, in_scope=in_scope, track=_track)
    else:
        with _library() as library:
            numbers = run_eval_intents(file, library=library, track=_track)
    _show(numbers)
    if json_file:
        json_file.write_text(json.dumps(numbers, ensure_ascii=False, indent=1), encoding="utf-8")


def _earlier_run(json_file: Path | None) -> dict[str, Any]:
    if json_file is None:
        raise Invalid("--gate compares with the run stored in the --json file: name one.")
    return read_run(json_file)


def _stop_where_worse(worse: Sequence[str]) -> None:
    for line in worse:
        console.print(f"Worse: {line}", style="red")
    if worse:
        raise typer.Exit(1)


def _library() -> Library:
    if local.running_service():
        raise OneThreadError(
            "The running service owns the index. Stop it, or give the scope with --in-scope.",
            code="index_busy",
        )
    return open_library()


def _show(numbers: dict[str, Any]) -> None:
    table = Table("metric", "value")
    for name, value in numbers.items():
        if isinstance(value, int | float | None):
            table.add_row(name, "–" if value is None else f"{value:g}")
    console.print(table)
    rows = Table("wants person", "in scope", "score", "text")
    for row in numbers["rows"]:
        score = row["in_scope_score"]
        rows.add_row(
            _yes_or_no(row["wants_person"]),
            _yes_or_no(row["in_scope"]),
            "–" if score is None else f"{score:.2f}",
            row["text"],
        )
    console.print(rows)


def _yes_or_no(value: bool | None) -> str:
    return "–" if value is None else "yes" if value else "no"


def _track(items: Sequence[T], what: str) -> Iterable[T]:
    return progress(items, what, console=Console(stderr=True), transient=True)
