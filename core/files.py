"""Files by content: stored once under their SHA-256, whoever sends them how often."""

import hashlib
import os
from pathlib import Path

from core.errors import NotFound
from core.settings import settings


def store(content: bytes) -> str:
    """Keep the bytes and return their key (hex SHA-256). Whole or not at all, also on a crash."""
    key = hashlib.sha256(content).hexdigest()
    path = _path(key)
    if path.exists():
        return key
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{key}.{os.getpid()}.{os.urandom(4).hex()}")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return key


def load(key: str) -> bytes:
    return local_path(key).read_bytes()


def local_path(key: str) -> Path:
    path = _path(key)
    if not path.exists():
        raise NotFound("This file is no longer in the file store.")
    return path


def _path(key: str) -> Path:
    return settings().data / "files" / key[:2] / key
