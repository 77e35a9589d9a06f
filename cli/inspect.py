"""`onethread inspect`: how something is understood. Nothing is stored."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

app = typer.Typer()
console = Console()

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


@app.command()
def email(
    file: File,
    as_json: Json = False,
    trusted: Annotated[str, typer.Option(help="Our mail server's authserv-id.")] = "",
) -> None:
    """A mail: who, what was answered, what was quoted, how far it is proven."""
    from connectors.channels.email.inspect import inspect_email

    _print(inspect_email(file.read_bytes(), trusted=trusted), as_json)


@app.command()
def webhook(
    channel: Annotated[str, typer.Argument(help="A kind of channel: whatsapp, email, sms, ...")],
    file: File,
    content_type: Annotated[str, typer.Option(help="Content-Type of the body.")] = "",
    as_json: Json = False,
) -> None:
    """A webhook body: every event in it, and what could not be understood."""
    from connectors.inspect import inspect_webhook

    _print(inspect_webhook(channel, file.read_bytes(), content_type), as_json)


@app.command()
def document(file: File, as_json: Json = False) -> None:
    """A document: its title, passages, tables and warnings."""
    from ingestion.inspect import inspect_document

    _print(inspect_document(file), as_json)


@app.command()
def message(text: str, as_json: Json = False) -> None:
    """A message: language, intent, risk, and whether it could go out as an answer."""
    from agent.inspect import inspect_message

    _print(inspect_message(text), as_json)


def _print(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
    else:
        for name, value in found.items():
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            console.print(f"[b]{name}[/b]  {shown}", highlight=False, markup=True)
