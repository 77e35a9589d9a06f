"""Conversations: one matter of one customer each, over however many inboxes."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.clock import now
from core.db import Row
from core.errors import NotFound

LONGEST_TURN = timedelta(seconds=20)
"""However many messages follow, a turn is due at the latest this long after its first."""
JOIN_WITHIN = timedelta(days=7)
"""A customer's message joins the conversation that is open, if it moved within this time."""
REOPEN_WITHIN = timedelta(days=1)
"""Somebody who writes again this soon after a resolution means the same matter."""


class Status(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Conversation(Row):
    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_list", "status", "last_at", "id"),
        Index("ix_conversation_newest", "last_at", "id"),
        Index("ix_conversation_hands", "with_person", "status", "last_at", "id"),
        Index("ix_conversation_hands_newest", "with_person", "last_at", "id"),
        Index("ix_conversation_queue", "queue_id", "status", "last_at", "id"),
        Index("ix_conversation_assignee", "assignee_id", "status", "last_at", "id"),
    )

    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    subject: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=Status.OPEN)
    with_person: Mapped[bool] = mapped_column(default=False)
    """A person owns it or is awaited; the assistant keeps silent."""
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("teammate.id"))
    queue_id: Mapped[str | None] = mapped_column(ForeignKey("queue.id"))
    language: Mapped[str] = mapped_column(default="")
    topic: Mapped[str] = mapped_column(default="")
    risk: Mapped[str] = mapped_column(default="")
    last_at: Mapped[datetime] = mapped_column(default=now)
    waiting_since: Mapped[datetime | None]
    """Since when the customer has had no answer."""
    snoozed_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    turn_started_at: Mapped[datetime | None]
    turn_due_at: Mapped[datetime | None] = mapped_column(index=True)
    turn_claimed_until: Mapped[datetime | None]
    turn_claimed_by: Mapped[str | None]
    """The process (core.holder) that thinks about the turn until then."""
    revision: Mapped[int] = mapped_column(default=0)
    """Grows with each customer message and each change of hands: a draft made for an older
    revision is void."""


class Thread(Row):
    """One inbox's side of a conversation."""

    __tablename__ = "thread"
    __table_args__ = (Index("ix_thread_of_identity", "inbox_id", "identity_id"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    home_id: Mapped[str | None] = mapped_column(index=True)
    """The conversation it was opened in, while it stands elsewhere because its customer turned out
    to be another one (desk.placing)."""
    inbox_id: Mapped[str] = mapped_column(ForeignKey("inbox.id"))
    identity_id: Mapped[str] = mapped_column(ForeignKey("identity.id"), index=True)
    subject: Mapped[str] = mapped_column(default="")
    token: Mapped[str] = mapped_column(default="", index=True)
    """What a reply address or link carries to find its way back here."""
    place: Mapped[str] = mapped_column(default="")
    """Where on the channel it is, where one person may write in several places."""
    customer_wrote_at: Mapped[datetime | None]
    disclosed_at: Mapped[datetime | None]


class ThreadKey(Row):
    """A provider's name for a thread (a Message-ID, a subject key) that leads back to it."""

    __tablename__ = "thread_key"
    __table_args__ = (UniqueConstraint("inbox_id", "key"),)

    inbox_id: Mapped[str] = mapped_column(ForeignKey("inbox.id"))
    key: Mapped[str]
    thread_id: Mapped[str] = mapped_column(ForeignKey("thread.id"))


def find(session: Session, conversation_id: str) -> Conversation:
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


def lock(session: Session, conversation_id: str) -> Conversation:
    """The conversation as it is now, for this transaction alone to change."""
    conversation = session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


def goes_on(conversation: Conversation) -> bool:
    """Whether a message that says nothing else belongs here: it is open and moves, or was closed
    only just now."""
    if conversation.status == Status.RESOLVED:
        return (conversation.resolved_at or now()) > now() - REOPEN_WITHIN
    return conversation.last_at > now() - JOIN_WITHIN


def open_for(session: Session, customer_id: str, subject: str = "") -> Conversation:
    """A new conversation of this customer."""
    conversation = Conversation(customer_id=customer_id, subject=subject[:200])
    session.add(conversation)
    session.flush()
    events.append(session, "conversation.opened", conversation.id)
    return conversation


def open_thread(
    session: Session, conversation: Conversation, inbox_id: str, identity_id: str, subject: str
) -> Thread:
    """A new side of this conversation, in this inbox, with this identity."""
    thread = Thread(
        conversation_id=conversation.id,
        inbox_id=inbox_id,
        identity_id=identity_id,
        subject=subject[:500],
        token=secrets.token_hex(8),
    )
    session.add(thread)
    session.flush()
    return thread


def customer_wrote(conversation: Conversation, wait: timedelta) -> None:
    """A customer's message came in: reopen, and let the turn be due after a short wait."""
    moment = now()
    conversation.status, conversation.snoozed_until = Status.OPEN, None
    conversation.resolved_at = None
    conversation.waiting_since = conversation.waiting_since or moment
    conversation.revision += 1
    conversation.turn_claimed_until = None
    conversation.turn_started_at = conversation.turn_started_at or moment
    latest = conversation.turn_started_at + max(LONGEST_TURN, wait)
    conversation.turn_due_at = min(moment + wait, latest)


def turn_is_over(conversation: Conversation) -> None:
    conversation.turn_started_at = conversation.turn_due_at = None
    conversation.turn_claimed_until = None


def end_claims(session: Session, holders: Collection[str]) -> None:
    """These processes are gone: their turns are free for others."""
    session.execute(
        update(Conversation)
        .where(Conversation.turn_claimed_by.in_(holders))
        .values(turn_claimed_until=None, turn_claimed_by=None)
    )


def take(session: Session, conversation: Conversation, teammate_id: str) -> None:
    """A person takes over: whatever the assistant is preparing is void."""
    conversation.assignee_id, conversation.with_person = teammate_id, True
    conversation.revision += 1
    turn_is_over(conversation)
    events.append(session, "conversation.taken", conversation.id, teammate=teammate_id)


def give_back(session: Session, conversation: Conversation) -> None:
    """Hand the conversation to the assistant again, whose turn it is where somebody waits."""
    conversation.assignee_id, conversation.with_person = None, False
    conversation.revision += 1
    if conversation.waiting_since and conversation.status == Status.OPEN:
        conversation.turn_started_at = conversation.turn_due_at = now()
    events.append(session, "conversation.given_back", conversation.id)


def assign(
    session: Session, conversation: Conversation, *, queue_id: str | None, teammate_id: str | None
) -> None:
    conversation.queue_id, conversation.assignee_id = queue_id, teammate_id
    conversation.with_person = True
    conversation.revision += 1
    turn_is_over(conversation)
    events.append(
        session, "conversation.assigned", conversation.id, queue=queue_id, teammate=teammate_id
    )


def resolve(session: Session, conversation: Conversation, by: str) -> None:
    """Closed. The log keeps whose it was, so that this can be taken back."""
    waiting = conversation.waiting_since
    events.append(
        session,
        "conversation.resolved",
        conversation.id,
        by=by,
        with_person=conversation.with_person,
        assignee=conversation.assignee_id,
        waiting_since=waiting.isoformat() if waiting else None,
    )
    conversation.status, conversation.resolved_at = Status.RESOLVED, now()
    conversation.with_person, conversation.assignee_id = False, None
    conversation.waiting_since = None
    turn_is_over(conversation)


def take_back(session: Session, conversation: Conversation) -> None:
    """Reopen as it was: with whom it was, and the customer waiting since when they waited."""
    if conversation.status == Status.RESOLVED:
        entry = events.latest(session, "conversation.resolved", conversation.id)
        before = entry.data if entry else {}
        waiting = before.get("waiting_since")
        conversation.with_person = before.get("with_person", False)
        conversation.assignee_id = before.get("assignee")
        conversation.waiting_since = datetime.fromisoformat(waiting) if waiting else None
    reopen(session, conversation)


def reopen(session: Session, conversation: Conversation) -> None:
    conversation.status, conversation.resolved_at = Status.OPEN, None
    conversation.snoozed_until = None
    events.append(session, "conversation.reopened", conversation.id)


def snooze(session: Session, conversation: Conversation, until: datetime) -> None:
    conversation.status, conversation.snoozed_until = Status.SNOOZED, until
    events.append(session, "conversation.snoozed", conversation.id, until=until.isoformat())
