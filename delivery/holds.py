"""How fast an inbox sends, and what a provider's refusal holds back. It all stands in the
database, so every process keeps to it and a crash forgets nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from connectors.base import Pace
from core.clock import now
from core.db import Row
from core.ids import new_id
from core.settings import settings
from desk import inboxes
from desk.envelope import Concerns, DeliveryState, Receipt
from desk.messages import Message

WHOLE_INBOX = ""
LONGEST = timedelta(hours=1)
"""However often a provider refuses, it is asked again after this long."""
BROKEN_PAUSE = 300.0
"""Seconds until one message tries whether a broken account works again; doubled each time."""
PROBE = timedelta(minutes=2)
"""While the first message after a hold is on its way, the others wait for what it finds."""
GROWTH = {Concerns.RECIPIENT: 4, Concerns.INBOX: 2}
PACED = "paced"
"""The error code of a pending message that has a place in the inbox's pace, at `send_after`."""


class Hold(Row):
    """What one inbox may send and when: as a whole, or to one recipient."""

    __tablename__ = "hold"
    __table_args__ = (UniqueConstraint("inbox_id", "recipient"),)

    inbox_id: Mapped[str] = mapped_column(ForeignKey("inbox.id"))
    recipient: Mapped[str] = mapped_column(default=WHOLE_INBOX)
    """An identity's id, or empty for the whole inbox."""
    free_at: Mapped[datetime | None]
    """When the next message fits into the pace, those included that have their place already."""
    held_until: Mapped[datetime | None]
    refused_since: Mapped[datetime | None]
    """Since when nothing went well."""
    refusals: Mapped[int] = mapped_column(default=0)
    """How often it was refused since it last went well: waits grow with it."""
    tried_by: Mapped[str | None]
    """The message that is on its way to find out whether the hold is over."""
    reason: Mapped[str] = mapped_column(default="")
    broken: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True)
class Wait:
    """Not now: when to look again, and why where a person should know."""

    until: datetime
    reason: str = ""
    code: str = ""


def wait_for(session: Session, message: Message, identity_id: str, pace: Pace) -> Wait | None:
    """Why this message can't go now; None: it may, and its place in the pace is taken."""
    inbox_id = str(message.inbox_id)
    for recipient in (WHOLE_INBOX, identity_id):
        if wait := _held(_find(session, inbox_id, recipient), message):
            return wait
    if message.error_code == PACED:
        return None
    return _take_place(session, inbox_id, identity_id, pace)


def _held(hold: Hold | None, message: Message) -> Wait | None:
    if hold is None or hold.held_until is None:
        return None
    if hold.held_until > now():
        return Wait(hold.held_until, hold.reason)
    hold.held_until, hold.tried_by = now() + PROBE, message.id
    return None


def _take_place(session: Session, inbox_id: str, identity_id: str, pace: Pace) -> Wait | None:
    places = [now()]
    if pace.per_second:
        step = timedelta(seconds=1 / pace.per_second)
        at_once = max(timedelta(0), timedelta(seconds=1) - step)
        places.append(_next_place(session, inbox_id, WHOLE_INBOX, step) - at_once)
    if pace.per_recipient:
        places.append(_next_place(session, inbox_id, identity_id, pace.per_recipient))
    return Wait(max(places), code=PACED) if max(places) > now() else None


def _next_place(session: Session, inbox_id: str, recipient: str, step: timedelta) -> datetime:
    hold = _made(session, inbox_id, recipient)
    place = max(hold.free_at or now(), now())
    hold.free_at = place + step
    return place


def refused(session: Session, message: Message, identity_id: str, receipt: Receipt) -> Wait | None:
    """Hold back what a refusal is about; None when it is about this message alone, or final."""
    if receipt.state != DeliveryState.FAILED or receipt.concerns == Concerns.MESSAGE:
        return None
    whole = receipt.concerns == Concerns.INBOX
    if receipt.retry_after is None and not whole:
        return None
    inbox_id = str(message.inbox_id)
    hold = _made(session, inbox_id, WHOLE_INBOX if whole else identity_id)
    hold.reason, hold.broken = receipt.error, receipt.retry_after is None
    pause = BROKEN_PAUSE if receipt.retry_after is None else receipt.retry_after
    # A thousandfold is beyond the longest wait already.
    wait = pause * min(GROWTH[receipt.concerns] ** min(hold.refusals, 10), 1000)
    hold.held_until = now() + max(timedelta(seconds=pause), min(timedelta(seconds=wait), LONGEST))
    hold.refusals, hold.tried_by = hold.refusals + 1, None
    hold.refused_since = hold.refused_since or now()
    if hold.broken:
        inboxes.mark_broken(session, inbox_id, receipt.error)
    return Wait(hold.held_until, hold.reason)


def went_well(session: Session, message: Message, identity_id: str) -> None:
    """The provider took a message: whatever held this inbox or recipient back is over."""
    for recipient in (WHOLE_INBOX, identity_id):
        hold = _find(session, str(message.inbox_id), recipient)
        if hold and (hold.held_until or hold.refusals):
            _release(session, hold)


def told_nothing(session: Session, message: Message) -> None:
    """A message that tried whether a hold is over ended without telling: the next one may try."""
    tried = select(Hold).where(Hold.inbox_id == message.inbox_id, Hold.tried_by == message.id)
    for hold in session.scalars(tried.with_for_update()).all():
        hold.held_until, hold.tried_by = now(), None


def mended(session: Session, inbox_id: str) -> None:
    """A person changed or tested the account: what waits may try at once."""
    hold = _find(session, inbox_id, WHOLE_INBOX)
    if hold and hold.held_until:
        _release(session, hold)


def is_broken(session: Session, inbox_id: str) -> bool:
    hold = _find(session, inbox_id, WHOLE_INBOX)
    return bool(hold and hold.broken)


def of_inbox(session: Session, inbox_id: str) -> Hold | None:
    """What holds back everything of this inbox; None: it sends."""
    return session.scalar(
        select(Hold).where(
            Hold.inbox_id == inbox_id, Hold.recipient == WHOLE_INBOX, Hold.refusals > 0
        )
    )


def waiting(session: Session, inbox_id: str) -> int:
    """How many messages are still to be sent."""
    counted = select(func.count()).where(
        Message.inbox_id == inbox_id, Message.state == DeliveryState.PENDING
    )
    return session.scalar(counted) or 0


def _release(session: Session, hold: Hold) -> None:
    hold.held_until, hold.tried_by, hold.refusals, hold.reason = None, None, 0, ""
    hold.refused_since = None
    waiting = update(Message).where(
        Message.inbox_id == hold.inbox_id, Message.state == DeliveryState.PENDING
    )
    if hold.recipient:
        waiting = waiting.where(Message.identity_id == hold.recipient)
    held = waiting.where(Message.error != "")
    session.execute(held.values(send_after=now(), error="", error_code=""))
    if hold.broken:
        hold.broken = False
        inboxes.works(session, inboxes.find(session, hold.inbox_id))


def _find(session: Session, inbox_id: str, recipient: str) -> Hold | None:
    return session.scalar(
        select(Hold)
        .where(Hold.inbox_id == inbox_id, Hold.recipient == recipient)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _made(session: Session, inbox_id: str, recipient: str) -> Hold:
    if found := _find(session, inbox_id, recipient):
        return found
    insert = sqlite.insert if settings().is_sqlite else postgresql.insert
    row = {"id": new_id(), "created_at": now(), "inbox_id": inbox_id, "recipient": recipient}
    session.execute(
        insert(Hold)
        .values(**row, refusals=0, reason="", broken=False)
        .on_conflict_do_nothing(index_elements=["inbox_id", "recipient"])
    )
    made = _find(session, inbox_id, recipient)
    assert made is not None
    return made
