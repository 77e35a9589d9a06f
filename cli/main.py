"""The command line: composition only. A command's module is imported when it is asked for."""

import ast
import sys
from importlib import import_module
from pathlib import Path

import typer

from core.errors import OneThreadError

COMMANDS = {
    "init": "setup",
    "serve": "serve",
    "worker": "worker",
    "doctor": "doctor",
    "ingest": "ingest",
    "ask": "ask",
    "eval": "eval",
    "eval-intents": "eval",
    "eval-continuity": "eval",
    "bench": "bench",
    "simulate": "storm",
    "backup": "backup",
    "restore": "backup",
}
GROUPS = {
    "demo": "Write to the running demo as a customer would, and see what comes back.",
    "head": "Choose the confidence head that weighs the answers.",
    "inspect": "Show how a mail, webhook, document or message is understood.",
}


def app() -> None:
    """Run `onethread ...`; a refusal is told in its own words."""
    try:
        build(sys.argv[1] if len(sys.argv) > 1 else "")()
    except OneThreadError as refused:
        sys.exit(f"onethread: {refused.message}")


def build(asked: str) -> typer.Typer:
    """The command line with the command that is asked for, or all of them only to be listed."""
    line = typer.Typer(
        name="onethread",
        help="Every customer is one thread, whatever the channel.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    line.callback()(lambda: None)
    if asked in COMMANDS:
        line.command(asked)(getattr(import_module(f"cli.{COMMANDS[asked]}"), _function(asked)))
    elif asked in GROUPS:
        line.add_typer(import_module(f"cli.{asked}").app, name=asked, help=GROUPS[asked])
    else:
        for name in COMMANDS:
            line.command(name, help=_first_words(name))(_nothing)
        for group, words in GROUPS.items():
            line.command(group, help=words)(_nothing)
    return line


def _nothing() -> None:
    """Stands for a command in the list: what is asked for is imported, never this."""


def _first_words(name: str) -> str:
    """A command's docstring, read without importing what the command needs."""
    source = Path(__file__).with_name(f"{COMMANDS[name]}.py").read_text()
    found = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == _function(name)
    )
    return ast.get_docstring(next(found)) or ""


def _function(name: str) -> str:
    return f"{name.replace('-', '_')}_command" if name.startswith("eval") else name


if __name__ == "__main__":
    app()
