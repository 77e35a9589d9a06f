"""Inboxes: one connected account of a channel each."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.clock import now
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


FREE = (Policy.THRESHOLD, Policy.CERTIFIED)
"""Policies under which the assistant may do something by itself."""


class Inbox(Row):
    __tablename__ = "inbox"

    kind: Mapped[str]
    """A channel of connectors/registry: web, whatsapp, email, sms..."""
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
    watched_until: Mapped[datetime | None]
    watched_by: Mapped[str | None]
    """The process (core.holder) that listens for new mail until then."""
    token_expires_at: Mapped[datetime | None]
    """When its credentials run out, as the provider said last; None: never, or unknown."""
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


def mark_broken(session: Session, inbox_id: str, problem: str) -> None:
    """A person must mend the account first; said once for each problem."""
    inbox = find(session, inbox_id)
    if inbox.problem != problem:
        inbox.broken_since, inbox.problem = inbox.broken_since or now(), problem
        events.append(session, "inbox.broken", inbox=inbox_id)


def works(session: Session, inbox: Inbox) -> None:
    """What was broken is mended."""
    if inbox.broken_since:
        inbox.broken_since, inbox.problem = None, ""
        events.append(session, "inbox.works", inbox=inbox.id)


def open_inbox(session: Session, kind: str, name: str, **fields: Any) -> Inbox:
    secrets = fields.pop("secrets", {})
    inbox = Inbox(kind=kind, name=name, **fields)
    inbox.secrets_json = json.dumps(secrets)
    session.add(inbox)
    session.flush()
    return inbox


WATCH_LEASE = timedelta(seconds=60)


def watch(session: Session, inbox_id: str, process: str) -> bool:
    """Take or renew the lease to watch this mailbox; False while another process has it."""
    free = Inbox.watched_until.is_(None) | (Inbox.watched_until < now())
    taken = session.execute(
        update(Inbox)
        .where(Inbox.id == inbox_id, Inbox.enabled, free | (Inbox.watched_by == process))
        .values(watched_by=process, watched_until=now() + WATCH_LEASE)
    )
    return bool(cast("CursorResult[Any]", taken).rowcount)


def end_claims(session: Session, processes: Collection[str]) -> None:
    """These processes are gone: the mailboxes they watched are free for others."""
    session.execute(
        update(Inbox)
        .where(Inbox.watched_by.in_(processes))
        .values(watched_until=None, watched_by=None)
    )
