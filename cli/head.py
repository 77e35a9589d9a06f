"""`onethread head`: which confidence head weighs the answers."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from agent.in_force import use_former_head, use_head
from core.db import transaction
from eval.track import quietly
from migrations.upgrade import upgrade

app = typer.Typer()
console = Console()


@app.command()
def use(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Weigh answers with this head, written by `onethread eval --fit`."""
    upgrade()
    with transaction() as session:
        head = use_head(session, file, by="cli")
    console.print(
        f"In force: {head.mode} head {head.version}, uncertified. Undo: onethread head undo"
    )


@app.command("fit")
def fit_command(
    file: Annotated[Path, typer.Argument(help="Write the head here.")],
    suites: Annotated[list[Path], typer.Argument(help="Folders with labelled cases.")],
    kb: Annotated[
        list[Path] | None, typer.Option(help="Also among these knowledge bases' documents.")
    ] = None,
) -> None:
    """Fit one head on the cases of several suites."""
    from eval.run import fit_head

    head = fit_head(suites, kbs=kb or (), track=quietly)
    head.save(file)
    console.print(f"{file}: {head.fitted_on}. Put in force: onethread head use {file}")


@app.command()
def undo() -> None:
    """Go back to the head that was in force before."""
    upgrade()
    with transaction() as session:
        console.print(f"In force: {use_former_head(session, by='cli')}")
