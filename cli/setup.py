"""`onethread init`: make or update the installation."""

import secrets as random
from typing import Annotated

import typer
from rich.console import Console

from cli import seed
from core.db import transaction
from core.settings import settings
from desk import teams
from desk.teams import Role
from knowledge.model import export
from migrations.upgrade import upgrade

console = Console()


def init(
    demo: Annotated[bool, typer.Option(help="Seed the demo company.")] = False,
    email: Annotated[str, typer.Option(help="Sign-in of the first admin.")] = "",
    password: Annotated[str, typer.Option(help="Their password; empty: one is made.")] = "",
) -> None:
    """Create or update the database, prepare the embedding model, add the first admin."""
    prepare()
    if demo:
        with console.status("Seeding the demo company"):
            seed.seed_demo()
        return
    with transaction() as session:
        if email and not teams.by_email(session, email):
            chosen = password or random.token_urlsafe(12)
            teams.add_teammate(session, email, email.split("@")[0], chosen, Role.ADMIN)
            console.print(f"Sign in as [b]{email}[/b] with the password [b]{chosen}[/b]")
        teams.fallback_queue(session)
    console.print(f"Ready in {settings().data}")


def prepare() -> None:
    """Everything a service needs before it starts; quick when nothing is to do."""
    upgrade()
    if not settings().embedding_model:
        with console.status("Preparing the embedding models (once)"):
            export.export_all()
