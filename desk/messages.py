"""Messages: inbound, outbound and notes, in the provider's order, each with its delivery state."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.clock import now
from core.db import Row
from core.queue import enqueue
from desk.conversations import Conversation, Thread
from desk.envelope import DeliveryState

OLDEST = timedelta(days=8)
"""Providers redeliver for up to a week; a message that claims to be older has a wrong clock."""


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    NOTE = "note"


class Author(StrEnum):
    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    TEAMMATE = "teammate"
    SYSTEM = "system"


class Message(Row):
    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("inbox_id", "provider_id"),
        Index("ix_message_order", "conversation_id", "at", "id"),
        Index("ix_message_outbox", "state", "send_after"),
        Index("ix_message_arrival", "conversation_id", "direction", "created_at"),
        Index(
            "ix_message_draft",
            "conversation_id",
            sqlite_where=text("draft = 1"),
            postgresql_where=text("draft"),
        ),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    thread_id: Mapped[str | None] = mapped_column(ForeignKey("thread.id"), index=True)
    inbox_id: Mapped[str | None] = mapped_column(ForeignKey("inbox.id"))
    identity_id: Mapped[str | None] = mapped_column(ForeignKey("identity.id"))
    direction: Mapped[str]
    author: Mapped[str]
    author_id: Mapped[str | None]
    """A teammate's id, where a teammate wrote it."""
    at: Mapped[datetime]
    """Where it stands in the conversation: the provider's time, clamped."""
    text: Mapped[str] = mapped_column(default="")
    html: Mapped[str] = mapped_column(default="")
    quoted: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="message")
    """message, call, activity (a line such as "handed over"), or an unknown provider kind"""
    choice: Mapped[str] = mapped_column(default="")
    choices: Mapped[list[str]] = mapped_column(default=list)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """[{title, url, passage}] behind an answer, in the order cited."""
    provider_id: Mapped[str | None]
    reply_to: Mapped[str] = mapped_column(default="")
    automatic: Mapped[str] = mapped_column(default="")
    """Why a machine sent it ("auto-reply", "mailing list"): never answered."""
    proof: Mapped[str] = mapped_column(default="")
    """The Strength with which the channel proved the sender of this very message."""
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reactions: Mapped[dict[str, str]] = mapped_column(default=dict)
    run_id: Mapped[str | None]
    draft: Mapped[bool] = mapped_column(default=False)
    """Waits for a person's approval; never sent as it stands."""
    state: Mapped[str | None]
    """A DeliveryState for outbound messages, None for the others."""
    error_code: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    send_after: Mapped[datetime | None]
    send_claimed_until: Mapped[datetime | None]
    send_claimed_by: Mapped[str | None]
    """The process (core.holder) that sends or speaks it until then."""
    attempts: Mapped[int] = mapped_column(default=0)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class Attachment(Row):
    __tablename__ = "attachment"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    type: Mapped[str]
    size: Mapped[int | None]
    inline_id: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    file_key: Mapped[str | None]
    problem: Mapped[str] = mapped_column(default="")


def clamped(provider_at: datetime, received_at: datetime) -> datetime:
    """The provider's time where it is believable, else when we got it.

    A clock that shows whole seconds means some moment within that second: the last one, so that
    an answer in the same second stays behind what it answers.
    """
    if not received_at - OLDEST <= provider_at <= received_at:
        return received_at
    if provider_at.microsecond == 0:
        return min(provider_at + timedelta(microseconds=999_999), received_at)
    return provider_at


def of_conversation(session: Session, conversation_id: str) -> Sequence[Message]:
    """All of a conversation's messages in reading order."""
    return session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.at, Message.id)
    ).all()


def find_by_provider_id(session: Session, inbox_id: str, provider_id: str) -> Message | None:
    return session.scalar(
        select(Message).where(Message.inbox_id == inbox_id, Message.provider_id == provider_id)
    )


def thread_to_answer(session: Session, conversation_id: str) -> Thread | None:
    """Where the customer wrote last: that is where they expect the answer."""
    return session.scalar(
        select(Thread)
        .join(Message, Message.thread_id == Thread.id)
        .where(Thread.conversation_id == conversation_id, Message.direction == Direction.IN)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )


def write(
    session: Session,
    conversation: Conversation,
    thread: Thread,
    text: str,
    *,
    author: Author,
    author_id: str | None = None,
    draft: bool = False,
    speaking: bool = False,
    **fields: Any,
) -> Message:
    """An outbound message to this thread's customer.

    It is pending until the outbox has sent it, unless it is a draft or still being spoken.
    """
    message = Message(
        conversation_id=conversation.id,
        thread_id=thread.id,
        inbox_id=thread.inbox_id,
        identity_id=thread.identity_id,
        direction=Direction.OUT,
        author=author,
        author_id=author_id,
        at=now(),
        text=text,
        draft=draft,
        state=_first_state(draft, speaking),
        **fields,
    )
    session.add(message)
    session.flush()
    if not draft:
        conversation.waiting_since = None
    conversation.last_at = message.at
    if message.state == DeliveryState.PENDING:
        enqueue(session, "message.send", message.id)
    events.append(
        session,
        "message.drafted" if draft else "message.written",
        conversation.id,
        message=message.id,
        author=author,
    )
    return message


def _first_state(draft: bool, speaking: bool) -> DeliveryState | None:
    if draft:
        return None
    return DeliveryState.SPEAKING if speaking else DeliveryState.PENDING


def note(
    session: Session, conversation: Conversation, text: str, *, author_id: str | None, kind: str
) -> Message:
    """Something only teammates see: a note, or an activity line when `kind` says so."""
    message = Message(
        conversation_id=conversation.id,
        direction=Direction.NOTE,
        author=Author.TEAMMATE if author_id else Author.SYSTEM,
        author_id=author_id,
        at=now(),
        text=text,
        kind=kind,
    )
    session.add(message)
    session.flush()
    events.append(session, "message.noted", conversation.id, message=message.id)
    return message


def end_claims(session: Session, holders: Collection[str]) -> None:
    """These processes are gone: what they were sending or saying will be recovered at once."""
    session.execute(
        update(Message)
        .where(Message.send_claimed_by.in_(holders), Message.send_claimed_until.is_not(None))
        .values(send_claimed_until=now(), send_claimed_by=None)
    )


_PROGRESS = (
    DeliveryState.SPEAKING,
    DeliveryState.PENDING,
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.READ,
)


def advance(
    session: Session, message: Message, state: DeliveryState, code: str = "", error: str = ""
) -> bool:
    """Move along the lattice, whatever order the news comes in. True if something changed.

    Failure counts only before delivery is proven; proof of delivery overrides a failure.
    """
    if message.state is None or message.state == state:
        return False
    if not _moves_on(DeliveryState(message.state), state):
        return False
    message.state, message.error_code, message.error = state, code, error
    events.append(
        session, "message.state", message.conversation_id, message=message.id, state=state
    )
    return True


def _moves_on(old: DeliveryState, new: DeliveryState) -> bool:
    proven = (DeliveryState.DELIVERED, DeliveryState.READ)
    if new == DeliveryState.FAILED:
        return old not in proven
    if old == DeliveryState.FAILED:
        return new in proven
    return _PROGRESS.index(new) > _PROGRESS.index(old)
