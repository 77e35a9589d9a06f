"""Secrets at rest: Fernet (AES-128-CBC with HMAC-SHA256) under the installation's key."""

import base64
import hashlib
import os
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from core.errors import OneThreadError
from core.settings import settings


@lru_cache
def installation_key() -> bytes:
    """32 bytes: from the setting, else from a key file made once, readable by its owner only."""
    if settings().secret_key:
        return hashlib.sha256(settings().secret_key.encode()).digest()
    path = settings().data / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(os.urandom(32))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


def derived_key(purpose: str) -> bytes:
    """A 32-byte key for one purpose, so that no key serves two."""
    return hashlib.blake2b(purpose.encode(), key=installation_key(), digest_size=32).digest()


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key("secrets at rest")))


def encrypt(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken as wrong:
        raise OneThreadError(
            "A stored secret can't be read with this installation's key. Restore secret.key from "
            "the backup, or set ONETHREAD_SECRET_KEY to the old value.",
            code="wrong_key",
            status=500,
        ) from wrong


class Secret(TypeDecorator[str]):
    """A text column encrypted at rest."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else encrypt(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else decrypt(value)
