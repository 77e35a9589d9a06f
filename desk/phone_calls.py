"""Phone calls: what a call's message can't hold itself. A call is one message with utterances."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.clock import now
from core.db import Row
from core.errors import NotFound
from desk.messages import Author, Message


class Stage(StrEnum):
    """How far a call has come."""

    REQUESTED = "requested"
    DIALLING = "dialling"
    """The carrier is being asked to dial: after a crash in here nobody knows whether it did."""
    RINGING = "ringing"
    TALKING = "talking"
    """With the assistant."""
    TRANSFERRING = "transferring"
    WITH_PERSON = "with_person"
    VOICEMAIL = "voicemail"
    ENDED = "ended"
    FAILED = "failed"
    """Our call reached nobody: busy, no answer, refused."""
    CANCELLED = "cancelled"
    """Planned, and not wanted any more."""
    UNKNOWN = "unknown"
    """It may have been dialled or not; it is never dialled again by itself."""


OVER = (Stage.ENDED, Stage.FAILED, Stage.CANCELLED, Stage.UNKNOWN)


class Saying(StrEnum):
    """How far an utterance has come."""

    THINKING = "thinking"
    SPEAKING = "speaking"
    SAID = "said"
    CUT = "cut"
    """Interrupted: `text` is what was heard of it."""


class PhoneCall(Row):
    """One call, beside its message."""

    __tablename__ = "phone_call"
    __table_args__ = (
        UniqueConstraint("inbox_id", "carrier_id"),
        Index("ix_phone_call_stage", "stage", "heard_at"),
    )

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    thread_id: Mapped[str] = mapped_column(ForeignKey("thread.id"))
    inbox_id: Mapped[str] = mapped_column(ForeignKey("inbox.id"))
    carrier_id: Mapped[str | None]
    """The carrier's name for the call."""
    stage: Mapped[str]
    language: Mapped[str] = mapped_column(default="")
    """As the carrier writes it: de-DE."""
    silences: Mapped[int] = mapped_column(default=0)
    """How often in a row nothing was heard."""
    reason: Mapped[str] = mapped_column(default="")
    """Why we call, said at the start of our own calls."""
    requested_by: Mapped[str | None]
    dial_after: Mapped[datetime | None]
    heard_at: Mapped[datetime] = mapped_column(default=now)
    """The last sign of life from the carrier."""
    callback_due: Mapped[datetime | None]


class Utterance(Row):
    """One thing said in a call."""

    __tablename__ = "utterance"
    __table_args__ = (UniqueConstraint("call_id", "turn", "author"),)

    call_id: Mapped[str] = mapped_column(ForeignKey("phone_call.id"), index=True)
    turn: Mapped[int]
    """The caller's turn it is, or answers; 0 is the greeting."""
    author: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    rest: Mapped[str] = mapped_column(default="")
    """What would have been too long to say at once; said when asked for."""
    state: Mapped[str] = mapped_column(default=Saying.SAID)
    then: Mapped[str] = mapped_column(default="")
    """What follows: "" listen, "people", "goodbye"."""
    run_id: Mapped[str | None]
    claimed_by: Mapped[str | None]
    """Who thinks about it; None once they are gone."""


def find(session: Session, call_id: str) -> PhoneCall:
    call = session.get(PhoneCall, call_id)
    if call is None:
        raise NotFound("There is no such call.")
    return call


def lock(session: Session, call_id: str) -> PhoneCall:
    """The call as it is now, for this transaction alone to change."""
    return session.scalars(
        select(PhoneCall)
        .where(PhoneCall.id == call_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def by_carrier_id(session: Session, inbox_id: str, carrier_id: str) -> PhoneCall | None:
    rows = select(PhoneCall).where(PhoneCall.inbox_id == inbox_id)
    return session.scalar(rows.where(PhoneCall.carrier_id == carrier_id).with_for_update())


def of_line(session: Session, inbox_id: str, call_id: str) -> PhoneCall:
    """A call of this inbox by our own id, locked."""
    if find(session, call_id).inbox_id != inbox_id:
        raise NotFound("This call is on another line.")
    return lock(session, call_id)


def running(session: Session, conversation_id: str) -> PhoneCall | None:
    """The call of this conversation that somebody is on the line of."""
    talking = (Stage.TALKING, Stage.TRANSFERRING, Stage.WITH_PERSON, Stage.VOICEMAIL)
    rows = select(PhoneCall).where(PhoneCall.conversation_id == conversation_id)
    newest = rows.where(PhoneCall.stage.in_(talking)).order_by(PhoneCall.created_at.desc())
    return session.scalar(newest.limit(1))


def under_way(session: Session, inbox_id: str) -> Sequence[PhoneCall]:
    """All calls of this inbox that have been dialled or taken and are not over."""
    rows = select(PhoneCall).where(PhoneCall.inbox_id == inbox_id, PhoneCall.stage.not_in(OVER))
    return session.scalars(rows.where(PhoneCall.carrier_id.is_not(None)).with_for_update()).all()


def said_in(session: Session, call_id: str) -> Sequence[Utterance]:
    """All that was said, in order."""
    return session.scalars(
        select(Utterance)
        .where(Utterance.call_id == call_id)
        .order_by(Utterance.turn, Utterance.author.desc(), Utterance.id)
    ).all()


def of_messages(session: Session, message_ids: Collection[str]) -> dict[str, list[Utterance]]:
    """What was said in the calls among these messages, by message."""
    rows = session.execute(
        select(PhoneCall.message_id, Utterance)
        .join(Utterance, Utterance.call_id == PhoneCall.id)
        .where(PhoneCall.message_id.in_(message_ids))
        .order_by(Utterance.turn, Utterance.author.desc(), Utterance.id)
    )
    found: dict[str, list[Utterance]] = {}
    for message_id, utterance in rows:
        found.setdefault(message_id, []).append(utterance)
    return found


def owed(session: Session, conversation_ids: Collection[str]) -> dict[str, datetime]:
    """By conversation, until when its customer is to be called back."""
    rows = session.execute(
        select(PhoneCall.conversation_id, func.min(PhoneCall.callback_due))
        .where(PhoneCall.conversation_id.in_(conversation_ids))
        .where(PhoneCall.callback_due.is_not(None))
        .group_by(PhoneCall.conversation_id)
    )
    return {conversation_id: due for conversation_id, due in rows if due}


def heard(session: Session, call: PhoneCall, turn: int, text: str) -> Utterance:
    """What the caller said in this turn; told again, it is the same utterance."""
    call.heard_at, call.silences = now(), 0
    known = utterance(session, call.id, turn, Author.CUSTOMER)
    if known:
        return known
    row = Utterance(call_id=call.id, turn=turn, author=Author.CUSTOMER, text=text)
    session.add(row)
    session.flush()
    message = session.get_one(Message, call.message_id)
    # Lists, search and summaries show a call by what the customer said in it.
    message.text = f"{message.text}\n{text}".strip()
    _tell(session, call)
    return row


def say(session: Session, call: PhoneCall, turn: int, text: str, **fields: str) -> Utterance:
    """What the assistant says in this turn, as a whole."""
    row = utterance(session, call.id, turn, Author.ASSISTANT)
    if row is None:
        row = Utterance(call_id=call.id, turn=turn, author=Author.ASSISTANT, text=text, **fields)
        session.add(row)
        session.flush()
        _tell(session, call)
    return row


def utterance(session: Session, call_id: str, turn: int, author: Author) -> Utterance | None:
    return session.scalar(
        select(Utterance).where(
            Utterance.call_id == call_id, Utterance.turn == turn, Utterance.author == author
        )
    )


def last_turn(session: Session, call_id: str) -> int:
    rows = select(Utterance.turn).where(Utterance.call_id == call_id)
    return session.scalar(rows.order_by(Utterance.turn.desc()).limit(1)) or 0


def end_claims(session: Session, holders: Collection[str]) -> None:
    """What these processes thought about in calls is free to be taken up by another."""
    session.execute(
        update(Utterance)
        .where(Utterance.claimed_by.in_(holders), Utterance.state == Saying.THINKING)
        .values(claimed_by=None)
    )


def move(session: Session, call: PhoneCall, stage: Stage, **facts: str) -> None:
    """The call goes on to another stage; what is over stays over."""
    call.heard_at = now()
    if call.stage not in OVER or (call.stage == Stage.UNKNOWN and stage != Stage.DIALLING):
        call.stage = stage
    message = session.get_one(Message, call.message_id)
    message.details = {**message.details, **facts, "stage": call.stage}
    _tell(session, call)


def _tell(session: Session, call: PhoneCall) -> None:
    events.append(session, "message.call", call.conversation_id, message=call.message_id)


def changed(session: Session, call: PhoneCall) -> None:
    """Whoever watches should look again."""
    _tell(session, call)
