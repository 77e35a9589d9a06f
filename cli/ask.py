"""`onethread ask`: what the assistant would answer, and why."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli import local

console = Console()


def ask(
    question: str,
    customer: Annotated[str, typer.Option(help="Ask as this customer (id).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask the assistant: answer, sources, confidence, decision, timings."""
    told = _ask(question, customer or None)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    else:
        _show(told)


def _ask(question: str, customer: str | None) -> dict[str, Any]:
    """Through the running service, which owns the index; else by opening it here."""
    service = local.running_service()
    if service is None:
        from agent.ask import ask as ask_assistant
        from cli import setup
        from retrieval.library import open_library

        setup.prepare()
        with open_library() as library:
            return ask_assistant(library, question, customer_id=customer)
    with service.client() as client:
        answer = client.post("/local/ask", json={"question": question, "customer": customer})
        answer.raise_for_status()
        return dict(answer.json())


def _show(told: dict[str, Any]) -> None:
    console.print(f"[b]{told['decision']}[/b]  confidence {told['confidence']:.2f}\n")
    console.print(told["text"], highlight=False, markup=False)
    for source in told["sources"]:
        console.print(f"  from: {source['title']}  {source['url']}", style="dim", highlight=False)
    table = Table("stage", "ms", box=None, style="dim")
    for stage, ms in told["timings"].items():
        table.add_row(stage, f"{ms:.1f}")
    console.print(table)
