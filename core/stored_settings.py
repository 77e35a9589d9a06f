"""Settings that teammates make in the console, kept in the database: one row per topic."""

from typing import Any

from sqlalchemy.orm import Mapped, Session, mapped_column

from core.crypto import Secret
from core.db import Base


class StoredSetting(Base):
    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    secret: Mapped[str | None] = mapped_column(Secret)


def load(session: Session, key: str) -> dict[str, Any]:
    """What is stored under this key; empty when nothing is."""
    row = session.get(StoredSetting, key)
    return dict(row.value) if row else {}


def secret(session: Session, key: str) -> str:
    row = session.get(StoredSetting, key)
    return (row.secret if row else None) or ""


def store(session: Session, key: str, value: dict[str, Any], secret: str | None = None) -> None:
    """Replace the value; `secret` None leaves the secret as it is, "" removes it."""
    row = session.get(StoredSetting, key)
    if row is None:
        row = StoredSetting(key=key, value=value)
        session.add(row)
    row.value = value
    if secret is not None:
        row.secret = secret or None
    session.flush()
