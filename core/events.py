"""The append-only log of what happened: it feeds the console, automations and reports.

Rows get their number after the commit that wrote them. Ids of concurrent transactions commit out
of order on PostgreSQL; numbers don't, so whoever reads "after number n" misses nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, event, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import live
from core.clock import now
from core.db import Base, reading, transaction
from core.settings import settings


class LogEntry(Base):
    """One thing that happened. `data` holds ids and small facts, never message text."""

    __tablename__ = "log_entry"
    __table_args__ = (
        Index("ix_log_entry_unnumbered", "id", postgresql_where=text("number IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(default=now)
    name: Mapped[str]
    conversation_id: Mapped[str | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]]


def append(session: Session, name: str, conversation_id: str | None = None, **data: Any) -> None:
    """Record that something happened, in this transaction; readers see it once it commits."""
    session.add(LogEntry(name=name, conversation_id=conversation_id, data=data))
    session.info["appended"] = True


@event.listens_for(Session, "after_commit")
def _announce(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.pop("appended", False):
        live.publish(live.LOG)


def after(number: int, limit: int = 200) -> Sequence[LogEntry]:
    """Entries numbered above `number`, in order, without gaps."""
    number_new_entries()
    with reading() as session:
        rows = select(LogEntry).where(LogEntry.number > number).order_by(LogEntry.number)
        return session.scalars(rows.limit(limit)).all()


def latest(session: Session, name: str, conversation_id: str) -> LogEntry | None:
    """The last time this happened to this conversation."""
    rows = select(LogEntry).where(
        LogEntry.conversation_id == conversation_id, LogEntry.name == name
    )
    return session.scalar(rows.order_by(LogEntry.id.desc()).limit(1))


def last_number() -> int:
    number_new_entries()
    with reading() as session:
        return last_in(session)


def last_in(session: Session) -> int:
    """The last number given so far; entries without one are news to whoever starts here."""
    return session.scalar(select(func.max(LogEntry.number))) or 0


def number_new_entries() -> None:
    """Give committed entries their numbers. Serialised, so numbers are dense and in order."""
    with reading() as session:
        if not session.scalar(select(LogEntry.id).where(LogEntry.number.is_(None)).limit(1)):
            return
    with transaction() as session:
        if not settings().is_sqlite:
            session.execute(text("SELECT pg_advisory_xact_lock(7300001)"))
        fresh = session.scalars(
            select(LogEntry.id).where(LogEntry.number.is_(None)).order_by(LogEntry.id)
        ).all()
        last = session.scalar(select(func.max(LogEntry.number))) or 0
        if fresh:
            session.execute(
                update(LogEntry),
                [{"id": entry, "number": last + step} for step, entry in enumerate(fresh, 1)],
            )
