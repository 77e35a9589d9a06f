"""Teammates and the queues they serve."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, Row
from core.errors import Conflict, NotFound

_hasher = PasswordHasher()


class Role(StrEnum):
    AGENT = "agent"
    LEAD = "lead"
    QA = "qa"
    ADMIN = "admin"


class Teammate(Row):
    __tablename__ = "teammate"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default=Role.AGENT)
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    available: Mapped[bool] = mapped_column(default=True)
    seen_at: Mapped[datetime | None]
    phone: Mapped[str] = mapped_column(default="")
    """Where calls reach them: a number (+49...) or a SIP address (sip:lea@pbx.example)."""

    def has_password(self, password: str) -> bool:
        try:
            return _hasher.verify(self.password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def set_password(self, password: str) -> None:
        self.password_hash = _hasher.hash(password)


class Queue(Row):
    """Where conversations wait for people."""

    __tablename__ = "queue"

    name: Mapped[str] = mapped_column(unique=True)
    is_fallback: Mapped[bool] = mapped_column(default=False)
    """Takes what no rule routes, so that nothing is unowned. Exactly one has it."""
    rules: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Any of these routes a conversation here; keys: inbox, language, topic, risk."""
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{timezone, days: {mon: [["09:00", "17:00"]], ...}}; empty: always open."""
    first_reply_minutes: Mapped[int] = mapped_column(default=60)
    retired_at: Mapped[datetime | None]
    """Since when it takes nothing any more; it stays for the hand-offs that went to it."""


class Membership(Base):
    __tablename__ = "membership"

    queue_id: Mapped[str] = mapped_column(ForeignKey("queue.id"), primary_key=True)
    teammate_id: Mapped[str] = mapped_column(ForeignKey("teammate.id"), primary_key=True)


def add_teammate(
    session: Session, email: str, name: str, password: str, role: Role = Role.AGENT
) -> Teammate:
    if by_email(session, email):
        raise Conflict("A teammate with this email address exists already.")
    teammate = Teammate(email=email.strip().lower(), name=name.strip(), role=role)
    teammate.set_password(password)
    session.add(teammate)
    session.flush()
    return teammate


def by_email(session: Session, email: str) -> Teammate | None:
    return session.scalar(select(Teammate).where(Teammate.email == email.strip().lower()))


def find_teammate(session: Session, teammate_id: str) -> Teammate:
    teammate = session.get(Teammate, teammate_id)
    if teammate is None:
        raise NotFound("There is no such teammate.")
    return teammate


def names(session: Session, ids: Collection[str]) -> dict[str, str]:
    """The names of those among these ids that are teammates."""
    rows = session.execute(select(Teammate.id, Teammate.name).where(Teammate.id.in_(ids)))
    return dict(rows.all())


def queues(session: Session) -> list[Queue]:
    rows = select(Queue).where(Queue.retired_at.is_(None)).order_by(func.lower(Queue.name))
    return list(session.scalars(rows))


def find_queue(session: Session, queue_id: str) -> Queue:
    queue = session.get(Queue, queue_id)
    if queue is None or queue.retired_at:
        raise NotFound("There is no such queue.")
    return queue


def fallback_queue(session: Session) -> Queue:
    """The queue that takes everything else; made when a fresh installation has none."""
    queue = session.scalar(select(Queue).where(Queue.is_fallback))
    if queue is None:
        queue = Queue(name="Everyone", is_fallback=True)
        session.add(queue)
        session.flush()
    return queue


def join(session: Session, queue: Queue, teammate: Teammate) -> None:
    session.merge(Membership(queue_id=queue.id, teammate_id=teammate.id))


def members(session: Session, queue_id: str) -> list[Teammate]:
    return list(
        session.scalars(
            select(Teammate)
            .join(Membership, Membership.teammate_id == Teammate.id)
            .where(Membership.queue_id == queue_id, Teammate.active)
            .order_by(func.lower(Teammate.name))
        )
    )
