"""`onethread ingest`: files and folders into the knowledge base, with a progress bar."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli import local, setup
from core.db import reading, transaction
from core.errors import OneThreadError
from core.files import store
from ingestion import pipeline, uploads
from ingestion.uploads import State
from retrieval.library import open_library

console = Console()
FINISHED = (State.DONE, State.FAILED)
BUSY = "Another reading of this file has not ended; it is read after that. Start the service."


def ingest(
    paths: Annotated[list[str], typer.Argument(help="Files, folders or http(s) addresses.")],
) -> None:
    """Read documents into the knowledge base. The same content again costs nothing."""
    files = list(_files(paths))
    if not files:
        raise OneThreadError("There are no files at these places.")
    service = local.running_service()
    failed = _through_service(service, files) if service else _here(files)
    for name, reason in failed:
        console.print(f"[red]failed[/red] {name}: {reason}", highlight=False)
    console.print(f"{len(files) - len(failed)} of {len(files)} read.")
    if failed:
        raise typer.Exit(1)


def _files(paths: list[str]) -> Iterator[tuple[str, bytes]]:
    for given in paths:
        if given.startswith(("http://", "https://")):
            yield _download(given)
        elif Path(given).is_dir():
            inside = sorted(path for path in Path(given).rglob("*") if path.is_file())
            for path in inside:
                if not path.name.startswith("."):
                    yield str(path.relative_to(given)), path.read_bytes()
        elif Path(given).is_file():
            yield Path(given).name, Path(given).read_bytes()
        else:
            raise OneThreadError(f"There is no file or folder {given}.")


def _download(address: str) -> tuple[str, bytes]:
    try:
        answer = httpx.get(address, timeout=30, follow_redirects=True)
        answer.raise_for_status()
    except httpx.HTTPError as wrong:
        raise OneThreadError(f"{address} could not be read: {wrong}") from wrong
    return address.split("://", 1)[1], answer.content


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    )


def _here(files: list[tuple[str, bytes]]) -> list[tuple[str, str]]:
    """No service runs: this process owns the index for as long as it takes."""
    setup.prepare()
    failed = []
    with open_library() as library, _bar() as bar:
        task = bar.add_task("Reading", total=len(files))
        for name, content in files:
            key = store(content)
            with transaction() as session:
                upload = uploads.add(session, name, key, len(content), source="cli", by="cli")
                upload_id = upload.id
            pipeline.ingest(upload_id, library.index, library.models)
            with reading() as session:
                upload = uploads.find(session, upload_id)
            if upload.state != State.DONE:
                failed.append((name, upload.message or BUSY))
            bar.advance(task)
    return failed


def _through_service(
    service: local.Service, files: list[tuple[str, bytes]]
) -> list[tuple[str, str]]:
    failed = []
    with service.client() as client, _bar() as bar:
        task = bar.add_task("Reading", total=len(files))
        waiting = [_upload(client, name, content) for name, content in files]
        while waiting:
            states = [client.get(f"/local/uploads/{upload}").json() for upload in waiting]
            done = [state for state in states if state["state"] in FINISHED]
            failed += [(s["name"], s["message"]) for s in done if s["state"] == State.FAILED]
            bar.advance(task, len(done))
            waiting = [state["id"] for state in states if state["state"] not in FINISHED]
            time.sleep(0.3 if waiting else 0)
    return failed


def _upload(client: httpx.Client, name: str, content: bytes) -> str:
    answer = client.post("/local/uploads", files={"file": (name, content)})
    answer.raise_for_status()
    return str(answer.json()["id"])
