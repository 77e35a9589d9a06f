"""Provider events as they came: stored once, before they mean anything."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, UniqueConstraint, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import now
from core.db import Row
from core.ids import new_id
from core.queue import enqueue
from core.settings import settings
from desk.envelope import Batch, DeadLetter, RawEvent
from desk.messages import Message

UNSPLIT = "dead:"
"""How the ids of bodies begin that could not be taken apart."""


class Event(Row):
    """One thing a provider told us."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("inbox_id", "provider_id"),
        Index("ix_event_latest", "inbox_id", "id"),
        Index("ix_event_open", "done_at", "dead_at", "created_at"),
    )

    inbox_id: Mapped[str] = mapped_column(ForeignKey("inbox.id"))
    provider_id: Mapped[str]
    body: Mapped[str]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    """Since when it is a dead letter: kept, shown, and replayed by a person."""
    reason: Mapped[str] = mapped_column(default="")
    waits_for: Mapped[str | None] = mapped_column(index=True)
    """The provider id of a message it is about that isn't here yet."""


def store(session: Session, inbox_id: str, batch: Batch) -> int:
    """Keep a batch; an event that is known already is not stored again. Returns how many are new.

    Each new event's reception is enqueued; it starts once this commits.
    """
    fresh = _insert(session, [_row(inbox_id, event) for event in batch.events])
    for event_id in fresh:
        enqueue(session, "event.receive", event_id)
    dead = _insert(session, [_dead(inbox_id, letter) for letter in batch.dead_letters])
    return len(fresh) + len(dead)


def keep(session: Session, inbox_id: str, event: RawEvent) -> None:
    """Keep an event in the transaction in which it takes effect. One that failed before and was
    told again is no dead letter any more."""
    if _insert(session, [{**_row(inbox_id, event), "done_at": now()}]):
        return
    known = _known(session, inbox_id, event)
    if known.dead_at:
        known.dead_at, known.done_at, known.reason = None, now(), ""


def keep_dead(session: Session, inbox_id: str, event: RawEvent, reason: str) -> None:
    """Keep an event whose effect failed, as a dead letter; one that had its effect stays done."""
    _insert(session, [_row(inbox_id, event)])
    bury(session, _known(session, inbox_id, event).id, reason)


def _known(session: Session, inbox_id: str, event: RawEvent) -> Event:
    same = Event.inbox_id == inbox_id, Event.provider_id == event.id
    return session.scalars(select(Event).where(*same).with_for_update()).one()


def _row(inbox_id: str, event: RawEvent) -> dict[str, object]:
    return {
        "id": new_id(),
        "created_at": now(),
        "inbox_id": inbox_id,
        "provider_id": event.id,
        "body": event.body,
        "reason": "",
        "dead_at": None,
    }


def _dead(inbox_id: str, letter: DeadLetter) -> dict[str, object]:
    digest = hashlib.sha256(letter.body.encode("utf-8", "surrogateescape")).hexdigest()
    return {
        "id": new_id(),
        "created_at": now(),
        "inbox_id": inbox_id,
        "provider_id": f"{UNSPLIT}{digest}",
        "body": letter.body,
        "reason": letter.reason,
        "dead_at": now(),
    }


def _insert(session: Session, rows: Sequence[dict[str, object]]) -> list[str]:
    """Insert what isn't there yet and return the ids of the new rows."""
    if not rows:
        return []
    insert = sqlite.insert if settings().is_sqlite else postgresql.insert
    statement = insert(Event).on_conflict_do_nothing(index_elements=["inbox_id", "provider_id"])
    return list(session.scalars(statement.returning(Event.id), list(rows)))


def last_at(session: Session, inbox_id: str) -> datetime | None:
    """When the provider last brought something."""
    return session.scalar(
        select(Event.created_at)
        .where(Event.inbox_id == inbox_id)
        .order_by(Event.id.desc())
        .limit(1)
    )


def claim(session: Session, event_id: str) -> Event | None:
    """The event, locked for this transaction, unless somebody has received it already."""
    event = session.scalar(select(Event).where(Event.id == event_id).with_for_update())
    return event if event and not event.done_at and not event.dead_at else None


def wait_for(event: Event, subject_id: str) -> None:
    """The message this event is about hasn't come yet; `wake_waiting` tries again when it has."""
    event.waits_for = subject_id


def wake_waiting(session: Session, subject_id: str) -> None:
    waiting = session.scalars(
        select(Event).where(Event.waits_for == subject_id, Event.done_at.is_(None))
    )
    for event in waiting:
        event.waits_for = None
        enqueue(session, "event.receive", event.id)


def bury(session: Session, event_id: str, reason: str) -> None:
    event = session.get(Event, event_id)
    if event and not event.done_at:
        event.dead_at, event.reason = now(), reason[:500]


def dead_letters(session: Session, inbox_id: str = "", limit: int = 200) -> list[Event]:
    """The latest ones first, of one inbox or of all."""
    rows = select(Event).where(Event.dead_at.is_not(None)).order_by(Event.dead_at.desc())
    if inbox_id:
        rows = rows.where(Event.inbox_id == inbox_id)
    return list(session.scalars(rows.limit(limit)))


def replay_all(session: Session, inbox_id: str = "") -> list[str]:
    """Try the latest dead letters again, as many as are shown; returns which."""
    letters = dead_letters(session, inbox_id)
    for letter in letters:
        replay(session, letter.id)
    return [letter.id for letter in letters]


def replay(session: Session, event_id: str) -> None:
    """Try a dead letter again, e.g. after an upgrade that understands it."""
    event = session.get(Event, event_id)
    if event and event.dead_at:
        event.dead_at, event.reason = None, ""
        enqueue(session, "event.receive", event.id)


def dismiss(event: Event) -> None:
    """Put a dead letter aside for good; its row stays, so that a redelivery isn't news."""
    event.dead_at, event.done_at = None, now()


def restore(event: Event) -> None:
    """Bring a dead letter back that was put aside."""
    event.dead_at, event.done_at = now(), None


def forgotten(session: Session) -> list[str]:
    """Events whose job was lost: stored a while ago, neither done nor dead. One that waits for a
    message that is here was going to sleep while that was being received."""
    is_here = exists().where(
        Message.inbox_id == Event.inbox_id, Message.provider_id == Event.waits_for
    )
    return list(
        session.scalars(
            select(Event.id)
            .where(
                Event.done_at.is_(None),
                Event.dead_at.is_(None),
                Event.waits_for.is_(None) | is_here,
                Event.created_at < now() - timedelta(seconds=5),
            )
            .order_by(Event.created_at)
            .limit(500)
        )
    )
