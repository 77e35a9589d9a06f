"""`onethread doctor`: what is wrong with this installation, and what to do about it."""

import shutil
from collections.abc import Callable, Iterator
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from cli import local
from connectors.base import Check
from core import files
from core.db import is_reachable, reading
from core.errors import OneThreadError
from core.model_endpoint import model_endpoint
from core.queue import celery
from core.settings import settings
from delivery import trial, trouble
from delivery.accounts import account_of, channel_of
from desk.envelope import Address
from desk.inboxes import Inbox
from knowledge.model import export
from migrations.upgrade import is_current

console = Console()


def doctor(
    live: Annotated[bool, typer.Option(help="Also try each inbox's account for real.")] = False,
    to: Annotated[
        list[str],
        typer.Option(
            help="With --live: send a test there and wait for news of it, as INBOX=KIND:ADDRESS, "
            "e.g. WhatsApp=phone:+4915112345678. It must be an address of yours."
        ),
    ] = [],  # noqa: B006  Typer copies it
    wait: Annotated[float, typer.Option(help="Seconds to wait for that news.")] = 30,
) -> None:
    """Check the settings, the database, the queue, the model and the inboxes."""
    checks = list(_checks(live, _addresses(to), wait))
    for check in checks:
        mark = "[green]ok  [/green]" if check.ok else "[red]FAIL[/red]"
        console.print(f"{mark} {check.name:<22} {check.message}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _checks(live: bool, to: dict[str, Address], wait: float) -> Iterator[Check]:
    yield _data_folder()
    database = _tried("Database", _database)
    yield database
    yield _tried("Files", lambda: files.place().check())
    yield _tried("Jobs", _jobs)
    yield _tried("Index", _index)
    yield _tried("Embedding model", _model)
    if database.ok:
        yield from _inboxes(live, to, wait)
        yield from _language_model(live)


def _tried(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except OneThreadError as wrong:
        return Check(name, False, wrong.message)
    except (OSError, SQLAlchemyError) as wrong:
        return Check(name, False, f"{type(wrong).__name__}: {str(wrong).splitlines()[0]}")


def _data_folder() -> Check:
    folder = settings().data.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free / 1e9
    message = f"{folder}, {free:.1f} GB free"
    return Check("Data folder", free > 1, message if free > 1 else f"{message}: make room")


def _database() -> str:
    if settings().is_sqlite and not (settings().data / "onethread.db").exists():
        raise OneThreadError("There is no database yet. Make it: onethread init")
    is_reachable()
    if not is_current():
        raise OneThreadError("The database has an older schema. Update it: onethread init")
    return "SQLite" if settings().is_sqlite else "PostgreSQL"


def _jobs() -> str:
    service = local.running_service()
    running = f"service running at {service.url}" if service else "no service running"
    if not settings().broker_url:
        return f"inside the service ({running})"
    with celery().connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=3)
    return f"broker reachable ({running})"


def _index() -> str:
    if not settings().qdrant_url:
        return "Qdrant's engine in-process; jobs that need it run in the service"
    import httpx

    answer = httpx.get(f"{settings().qdrant_url}/readyz", timeout=5)
    answer.raise_for_status()
    return "Qdrant server reachable"


def _model() -> str:
    if settings().embedding_model:
        return settings().embedding_model
    if not all(map(export.is_exported, export.MODELS)):
        raise OneThreadError("The embedding models are not prepared. Do it: onethread init")
    return "bundled all-MiniLM-L6-v2 and multilingual-e5-small"


def _addresses(wanted: list[str]) -> dict[str, Address]:
    """By inbox's name: where a test goes."""
    found = {}
    for one in wanted:
        name, _, address = one.rpartition("=")
        kind, _, value = address.partition(":")
        if not name or not kind or not value:
            raise typer.BadParameter(f"{one}: write it as INBOX=KIND:ADDRESS.")
        found[name] = Address(kind, value)
    return found


def _inboxes(live: bool, to: dict[str, Address], wait: float) -> Iterator[Check]:
    with reading() as session:
        inboxes = session.query(Inbox).order_by(Inbox.created_at).all()
        wrong = {one.inbox.id: one for one in trouble.troubles(session)}
    for unknown in set(to) - {inbox.name for inbox in inboxes}:
        yield Check(unknown, False, "There is no inbox of this name.")
    for inbox in inboxes:
        if found := wrong.get(inbox.id):
            yield Check(inbox.name, False, _words(found))
        elif not inbox.enabled:
            yield Check(inbox.name, True, "switched off")
        elif not live:
            yield Check(inbox.name, True, "no trouble known (try it: --live)")
        if live and inbox.enabled:
            yield from _live(inbox, to.get(inbox.name), wait)


def _words(found: trouble.Trouble) -> str:
    since = f" (since {found.since:%Y-%m-%d %H:%M} UTC)" if found.since else ""
    return f"{found.words}{since}"


def _live(inbox: Inbox, to: Address | None, wait: float) -> Iterator[Check]:
    checks = channel_of(inbox).check(account_of(inbox))
    tried = list(checks)
    if to is not None and all(check.ok for check in checks):
        tried += trial.send_and_wait(inbox, to, wait)
    for check in tried:
        yield Check(f"{inbox.name}: {check.name}", check.ok, check.message)


def _language_model(live: bool) -> Iterator[Check]:
    with reading() as session:
        stored = model_endpoint(session)
    if not stored.enabled:
        yield Check("Language model", True, "none; the articles are quoted")
    elif not live:
        yield Check("Language model", True, f"{stored.model} (try it: --live)")
    else:
        from core.llm import LlmEndpoint
        from core.llm_check import check

        endpoint = LlmEndpoint(stored.base_url, stored.model, stored.api_key, stored.timeout)
        for probe in check(endpoint):
            missed = "" if probe.ok else "not available: "
            fine = probe.ok or not probe.needed
            yield Check(f"{stored.model}: {probe.name}", fine, f"{missed}{probe.message}")
