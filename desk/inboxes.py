"""Inboxes: one connected account of a channel each."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.crypto import Secret
from core.db import Row
from core.errors import NotFound


class Policy(StrEnum):
    """When the assistant may speak in an inbox (design, section 8)."""

    CERTIFIED = "certified"
    """Uncertified tiers answer curated FAQ entries verbatim and draft the rest."""
    THRESHOLD = "threshold"
    """Above a threshold, marked uncertified."""
    DRAFTS = "drafts"
    OFF = "off"


class Inbox(Row):
    __tablename__ = "inbox"

    kind: Mapped[str]
    """A channel of connectors/registry: web, whatsapp, email."""
    name: Mapped[str]
    brand: Mapped[str] = mapped_column(default="")
    config: Mapped[dict[str, str]] = mapped_column(default=dict)
    secrets_json: Mapped[str] = mapped_column(Secret, default="{}")
    policy: Mapped[str] = mapped_column(default=Policy.CERTIFIED)
    threshold: Mapped[float] = mapped_column(default=0.6)
    queue_id: Mapped[str | None] = mapped_column(ForeignKey("queue.id"))
    enabled: Mapped[bool] = mapped_column(default=True)
    disclosure: Mapped[str] = mapped_column(default="")
    """Said once at the start of a thread: that an assistant answers here."""
    cursor: Mapped[str] = mapped_column(default="")
    """How far a mailbox has been read."""
    broken_since: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")

    @property
    def secrets(self) -> dict[str, str]:
        return dict(json.loads(self.secrets_json))

    def keep_secrets(self, secrets: Mapping[str, str]) -> None:
        """Replace the given secrets; an empty one is removed, the others stay as they are."""
        kept = {name: value for name, value in {**self.secrets, **secrets}.items() if value}
        self.secrets_json = json.dumps(kept)


def find(session: Session, inbox_id: str) -> Inbox:
    inbox = session.get(Inbox, inbox_id)
    if inbox is None:
        raise NotFound("There is no such inbox.")
    return inbox


def of_kind(session: Session, kind: str) -> list[Inbox]:
    return list(
        session.scalars(
            select(Inbox).where(Inbox.kind == kind, Inbox.enabled).order_by(Inbox.created_at)
        )
    )


def open_inbox(session: Session, kind: str, name: str, **fields: Any) -> Inbox:
    secrets = fields.pop("secrets", {})
    inbox = Inbox(kind=kind, name=name, **fields)
    inbox.secrets_json = json.dumps(secrets)
    session.add(inbox)
    session.flush()
    return inbox
