"""Files by content: stored once under their SHA-256, whoever sends them how often.

They lie in a folder or in an S3-compatible bucket, as the setting `files_url` says.
"""

import hashlib
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from core.errors import OneThreadError
from core.settings import settings


class FilesUnavailable(OneThreadError):
    """The storage does not answer, or does not let us in. Nothing of it was kept."""

    code = "files_unavailable"
    status = 503


class Place(Protocol):
    """Where files lie. A key is there with all of its bytes, or not at all."""

    def has(self, key: str) -> bool: ...

    def write(self, key: str, content: bytes) -> None: ...

    def read(self, key: str) -> bytes:
        """Raises NotFound."""

    def on_disk(self, key: str) -> AbstractContextManager[Path]:
        """The file under a path of this machine, as long as the block runs. Raises NotFound."""

    def check(self) -> str:
        """Says where it is. Raises FilesUnavailable with what to do when it can't be used."""


def store(content: bytes) -> str:
    """Keep the bytes and return their key (hex SHA-256). Whole or not at all, also on a crash."""
    key = hashlib.sha256(content).hexdigest()
    if not place().has(key):
        place().write(key, content)
    return key


def load(key: str) -> bytes:
    return place().read(key)


def on_disk(key: str) -> AbstractContextManager[Path]:
    """For those who need a path; what had to be copied for it is gone after the block."""
    return place().on_disk(key)


@lru_cache
def place() -> Place:
    """Where this installation keeps its files. Raises OneThreadError for a senseless setting."""
    if not settings().files_url:
        from core.files_folder import Folder

        return Folder(settings().data / "files")
    from core.files_bucket import bucket

    return bucket(settings())
