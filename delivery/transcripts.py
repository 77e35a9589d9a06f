"""A visitor's own website chat, sent by email to the address they name.

Each goes out once: claimed before it is handed to the mail server, and what is then unsure stays
unknown. Nobody learns from the answer whether an address can be reached.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    ForeignKey,
    Index,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from connectors.base import Account, Channel
from core import events, holder
from core.clock import now
from core.db import Row, transaction
from core.errors import NotFound, OneThreadError
from core.log import about, log
from core.queue import enqueue
from core.say import say
from delivery.accounts import account_of, channel_of
from desk import inboxes, messages
from desk.company import company
from desk.conversations import Conversation, Thread
from desk.envelope import Address, DeliveryState, Outgoing, Receipt, Strength
from desk.identities import VISITOR, Identity
from desk.inboxes import Inbox
from desk.messages import Author, Direction, Message

LEASE = timedelta(minutes=2)
TRIES = 6
A_VISITOR_AN_HOUR = 3
AN_ADDRESS_A_DAY = 3
ALL_AN_HOUR = 60
"""So that the company's mailbox never becomes a stranger's way to write to others."""
LATEST = 500
KEPT = timedelta(days=30)


class TooOften(OneThreadError):
    code = "too_often"
    status = 429


class Transcript(Row):
    __tablename__ = "transcript"
    __table_args__ = (
        Index("ix_transcript_visitor", "visitor", "created_at"),
        Index("ix_transcript_address", "address", "created_at"),
        Index("ix_transcript_outbox", "state", "send_after"),
    )

    inbox_id: Mapped[str] = mapped_column(ForeignKey("inbox.id"))
    """The website chat it is of."""
    visitor: Mapped[str]
    address: Mapped[str]
    language: Mapped[str] = mapped_column(default="")
    """As the visitor's chat showed it: de, pt-BR..."""
    state: Mapped[str] = mapped_column(default=DeliveryState.PENDING)
    send_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None]


@dataclass(frozen=True)
class _Parcel:
    channel: Channel
    account: Account
    outgoing: Outgoing


def mailbox(session: Session) -> Inbox | None:
    """The company's email inbox that sends them; without one nothing goes anywhere."""
    working = (one for one in inboxes.of_kind(session, "email") if not one.broken_since)
    return next(working, None)


def request(session: Session, inbox: Inbox, visitor: str, address: str, language: str = "") -> None:
    """Send this visitor's chat to the address, unless that was asked for too often."""
    if mailbox(session) is None or not _threads(session, inbox.id, visitor):
        raise NotFound("There is no chat here to send by email.")
    hour, day = now() - timedelta(hours=1), now() - timedelta(days=1)
    if _asked(session, hour, Transcript.visitor == visitor) >= A_VISITOR_AN_HOUR:
        raise TooOften("You have asked for this several times. Please try again in an hour.")
    row = Transcript(
        inbox_id=inbox.id,
        visitor=visitor,
        address=address.strip().lower(),
        language=language,
        send_after=now(),
    )
    # Looks the same to the visitor, and counts: else it would tell who else asked.
    to_address = _asked(session, day, Transcript.address == row.address)
    if to_address >= AN_ADDRESS_A_DAY or _asked(session, hour) >= ALL_AN_HOUR:
        row.state = DeliveryState.FAILED
    session.add(row)
    session.flush()
    if row.state == DeliveryState.PENDING:
        enqueue(session, "transcript.send", row.id)


def _asked(session: Session, since: datetime, *which: ColumnElement[bool]) -> int:
    rows = select(func.count(Transcript.id)).where(Transcript.created_at > since, *which)
    return session.scalar(rows) or 0


def send(transcript_id: str) -> None:
    """Send one if it is due. Safe to call twice, and from two processes."""
    with about(transcript=transcript_id):
        with transaction() as session:
            parcel = _claim(session, transcript_id)
        if parcel is None:
            return
        try:
            receipt = parcel.channel.send(parcel.account, parcel.outgoing)
        except Exception:
            log.exception("transcript_send_raised")
            receipt = Receipt(DeliveryState.UNKNOWN, error_code="connector_error")
        with transaction() as session:
            _apply(session, transcript_id, receipt)


def _claim(session: Session, transcript_id: str) -> _Parcel | None:
    row = _locked(session, transcript_id)
    if row is None or row.state != DeliveryState.PENDING or row.send_after > now():
        return None
    inbox = mailbox(session)
    if inbox is None:
        _end(session, row, DeliveryState.FAILED)
        return None
    row.state, row.attempts = DeliveryState.SENDING, row.attempts + 1
    row.claimed_until, row.claimed_by = now() + LEASE, holder.this_process()
    name = company(session).name or inbox.name
    outgoing = Outgoing(
        id=row.id,
        to=Address("email", row.address, Strength.CLAIMED, "typed into the website chat"),
        subject=say("transcript_subject", _language(row), name=name),
        text=_text(session, row, name),
        language=_language(row),
    )
    return _Parcel(channel_of(inbox), account_of(inbox), outgoing)


def _apply(session: Session, transcript_id: str, receipt: Receipt) -> None:
    row = _locked(session, transcript_id)
    if row is None or row.state != DeliveryState.SENDING:
        return
    row.claimed_until = None
    if receipt.retry_after is not None and row.attempts < TRIES:
        row.state = DeliveryState.PENDING
        row.send_after = now() + timedelta(seconds=receipt.retry_after * 2 ** (row.attempts - 1))
    else:
        _end(session, row, receipt.state)


def _end(session: Session, row: Transcript, state: DeliveryState) -> None:
    """Sent, or told to the people who have the conversation."""
    row.state, row.claimed_until = state, None
    threads = _threads(session, row.inbox_id, row.visitor)
    if not threads:
        return
    conversation = session.get_one(Conversation, threads[-1].conversation_id)
    events.append(session, "transcript.ended", conversation.id, transcript=row.id, state=state)
    if state == DeliveryState.FAILED:
        words = "The visitor asked for this chat by email, and it could not be sent."
    elif state == DeliveryState.UNKNOWN:
        words = "The visitor asked for this chat by email. Whether it was sent is not known."
    else:
        words = "The visitor got this chat by email."
    messages.note(session, conversation, words, author_id=None, kind="activity")


def recover(session: Session) -> None:
    """Whose sending broke off may have gone out: unknown, and never sent again."""
    broken_off = session.scalars(
        select(Transcript)
        .where(Transcript.state == DeliveryState.SENDING, Transcript.claimed_until < now())
        .with_for_update()
    )
    for row in broken_off.all():
        _end(session, row, DeliveryState.UNKNOWN)


def due(session: Session) -> list[str]:
    rows = select(Transcript.id).where(
        Transcript.state == DeliveryState.PENDING, Transcript.send_after < now()
    )
    return list(session.scalars(rows.limit(100)))


def forget(session: Session) -> int:
    """Remove what is over and old, with the address it went to: how many."""
    over = delete(Transcript).where(
        Transcript.state.not_in((DeliveryState.PENDING, DeliveryState.SENDING)),
        Transcript.created_at < now() - KEPT,
    )
    return cast("CursorResult[Any]", session.execute(over)).rowcount


def end_claims(session: Session, processes: Collection[str]) -> None:
    """These processes are gone: what they were sending is sorted out at once."""
    session.execute(
        update(Transcript)
        .where(Transcript.claimed_by.in_(processes), Transcript.claimed_until.is_not(None))
        .values(claimed_until=now(), claimed_by=None)
    )


def _locked(session: Session, transcript_id: str) -> Transcript | None:
    return session.scalar(
        select(Transcript).where(Transcript.id == transcript_id).with_for_update()
    )


def _threads(session: Session, inbox_id: str, visitor: str) -> list[Thread]:
    rows = (
        select(Thread)
        .join(Identity, Identity.id == Thread.identity_id)
        .where(Identity.kind == VISITOR, Identity.value == visitor, Thread.inbox_id == inbox_id)
    )
    return list(session.scalars(rows.order_by(Thread.created_at)))


def _text(session: Session, row: Transcript, name: str) -> str:
    """What the visitor sees in their chat, as text."""
    threads = [thread.id for thread in _threads(session, row.inbox_id, row.visitor)]
    said = session.scalars(
        select(Message)
        .where(Message.thread_id.in_(threads), Message.direction != Direction.NOTE)
        .where(Message.draft.is_(False), Message.deleted_at.is_(None), Message.text != "")
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(LATEST)
    ).all()
    language = _language(row)
    who = {
        Author.CUSTOMER: say("transcript_you", language),
        Author.TEAMMATE: say("transcript_team", language),
    }
    parts = [
        f"**{who.get(Author(one.author), name)}**, {one.at:%Y-%m-%d %H:%M} UTC\n\n{one.text}"
        for one in reversed(said)
    ]
    return "\n\n".join([say("transcript_opening", language, name=name), *parts])


def _language(row: Transcript) -> str:
    return row.language.partition("-")[0].lower() or "en"
