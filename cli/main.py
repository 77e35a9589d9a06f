"""The command line: composition only. A command's module is imported when it is asked for."""

import sys
from importlib import import_module

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
    "bench": "bench",
    "backup": "backup",
    "restore": "backup",
}
GROUPS = ("demo", "head", "inspect")


def app() -> None:
    """Run `onethread ...`; a refusal is told in its own words."""
    try:
        build(sys.argv[1] if len(sys.argv) > 1 else "")()
    except OneThreadError as refused:
        sys.exit(f"onethread: {refused.message}")


def build(asked: str) -> typer.Typer:
    """The command line with the command that is asked for, or with all to list them."""
    line = typer.Typer(
        name="onethread",
        help="Every customer is one thread, whatever the channel.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    line.callback()(lambda: None)
    everything = asked not in COMMANDS and asked not in GROUPS
    for name, module in COMMANDS.items():
        if everything or name == asked:
            line.command(name)(getattr(import_module(f"cli.{module}"), _function(name)))
    for group in GROUPS:
        if everything or group == asked:
            line.add_typer(import_module(f"cli.{group}").app, name=group)
    return line


def _function(name: str) -> str:
    return {"eval": "eval_command", "eval-intents": "eval_intents_command"}.get(name, name)


if __name__ == "__main__":
    app()
