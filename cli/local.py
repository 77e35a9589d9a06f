"""How the command line finds the service that is running on this data folder."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from filelock import FileLock, Timeout

from core.errors import OneThreadError
from core.settings import settings

TOKEN_HEADER = "x-onethread-local"


class AlreadyRunning(OneThreadError):
    code = "already_running"


class NotRunning(OneThreadError):
    code = "not_running"


@dataclass(frozen=True)
class Service:
    """The running service, as its lock file describes it."""

    url: str
    token: str

    def client(self, timeout: float = 60.0) -> httpx.Client:
        return httpx.Client(
            base_url=self.url, headers={TOKEN_HEADER: self.token}, timeout=timeout, trust_env=False
        )


@contextmanager
def owning_the_data_folder(url: str) -> Iterator[Service]:
    """Be the one service of this data folder: others are told where it is."""
    settings().data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(str(settings().data / "serve.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as taken:
        raise AlreadyRunning(
            f"A service is running on the folder {settings().data} already. Stop it first, or set "
            "ONETHREAD_DATA to another folder."
        ) from taken
    service = Service(url, secrets.token_urlsafe(32))
    try:
        _write(service)
        yield service
    finally:
        _description().unlink(missing_ok=True)
        lock.release()


def running_service() -> Service | None:
    """The service on this data folder, if one holds the lock and answers."""
    try:
        with FileLock(str(settings().data / "serve.lock")).acquire(timeout=0):
            return None
    except Timeout:
        pass
    try:
        return Service(**json.loads(_description().read_text()))
    except (OSError, ValueError):
        return None


def needed_service() -> Service:
    service = running_service()
    if service is None:
        raise NotRunning("No service is running on this data folder. Start it: make run")
    return service


def _description() -> Path:
    return settings().data / "serve.json"


def _write(service: Service) -> None:
    part = _description().with_suffix(".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"url": service.url, "token": service.token}, file)
    part.replace(_description())
