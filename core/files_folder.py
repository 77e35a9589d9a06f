"""Files in a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import NotFound


class Folder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, key: str) -> bool:
        return self._path(key).exists()

    def write(self, key: str, content: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{key}.{os.getpid()}.{os.urandom(4).hex()}")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    def read(self, key: str) -> bytes:
        with self.on_disk(key) as path:
            return path.read_bytes()

    @contextmanager
    def on_disk(self, key: str) -> Iterator[Path]:
        path = self._path(key)
        if not path.exists():
            raise NotFound("This file is no longer in the file store.")
        yield path

    def check(self) -> str:
        return f"in {self.folder.absolute()}"

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key
