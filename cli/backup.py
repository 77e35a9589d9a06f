"""`onethread backup` and `restore`: the database, the files and the key, in one archive."""

import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli import local
from core import files
from core.clock import now
from core.errors import OneThreadError
from core.settings import settings
from migrations.upgrade import upgrade

console = Console()
KEPT = ("files", "secret.key", "mail.key")
DATABASE = "onethread.db"


def backup(
    to: Annotated[Path | None, typer.Argument(help="Where to write the archive.")] = None,
) -> None:
    """Write everything that can't be derived into one .tar.gz; the service may go on running."""
    _require_sqlite()
    target = to or Path(f"onethread-{now():%Y%m%d-%H%M%S}.tar.gz")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / DATABASE
        _copy_database(settings().data / DATABASE, copy)
        part = target.with_name(f"{target.name}.part")
        with tarfile.open(part, "w:gz") as archive:
            archive.add(copy, DATABASE)
            for name in KEPT:
                if (settings().data / name).exists():
                    archive.add(settings().data / name, name)
        part.replace(target)
    size = target.stat().st_size / 1e6
    console.print(f"Wrote {target} ({size:.1f} MB). It holds the key: keep it safe.")
    if settings().files_url:
        console.print(
            f"It does not hold the files: those in {settings().files_url} stay there. Back them "
            "up with your storage's own versioning or copies."
        )


def restore(
    archive: Annotated[Path, typer.Argument(help="An archive that `backup` wrote.", exists=True)],
) -> None:
    """Put an archive's content into an empty data folder; the index is built again from it."""
    _require_sqlite()
    if local.running_service():
        raise OneThreadError("Stop the running service before restoring.")
    if (settings().data / DATABASE).exists():
        raise OneThreadError(
            f"{settings().data} holds an installation already. Set ONETHREAD_DATA to an empty "
            "folder, or move this one away."
        )
    settings().data.mkdir(parents=True, exist_ok=True)
    files.place().check()
    with tarfile.open(archive) as packed:
        packed.extractall(settings().data, filter="data")
    if settings().files_url:
        _move_files_to_the_bucket()
    upgrade()
    console.print(f"Restored into {settings().data}. Start it: onethread serve")


def _move_files_to_the_bucket() -> None:
    """The archive may come from an installation that kept them in its folder."""
    for path in (settings().data / "files").glob("??/*"):
        files.store(path.read_bytes())
    shutil.rmtree(settings().data / "files", ignore_errors=True)


def _require_sqlite() -> None:
    if not settings().is_sqlite:
        raise OneThreadError(
            "On PostgreSQL, back up the database with pg_dump and the data folder with your usual "
            "tool, and the bucket of ONETHREAD_FILES_URL if one is set; together they are the "
            "whole installation."
        )


def _copy_database(source: Path, target: Path) -> None:
    if not source.exists():
        raise OneThreadError(f"There is no installation in {source.parent}.")
    with sqlite3.connect(source) as live, sqlite3.connect(target) as copy:
        live.backup(copy)
    copy.close()
    live.close()
