"""What a customer agreed to and what they don't want: by address or channel, and by purpose.

Rows are added, never changed: the newest that applies counts, the others are the history.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.db import Row
from desk import customers
from desk.conversations import Thread
from desk.envelope import Envelope
from desk.identities import Identity

EVERY_CHANNEL = ""
SAME_MOMENT = timedelta(seconds=5)
"""The message in which somebody opts out is no question to answer after it."""
YES = ("resume", "accept", "start")
"""What a report says for a yes; whatever else it says is a no."""
ALL = ("all", "messages")
"""Categories of a provider's report that mean every message."""


class Purpose(StrEnum):
    SERVICE = "service"
    MARKETING = "marketing"
    CALLS = "calls"


class Consent(Row):
    """One yes or no of a customer's, with where it comes from."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_of_customer", "customer_id", "purpose", "at"),)

    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    identity_id: Mapped[str | None] = mapped_column(ForeignKey("identity.id"))
    """Only for this address; without one, for all of the customer's on the channel."""
    channel: Mapped[str] = mapped_column(default=EVERY_CHANNEL)
    """A kind of channel, or empty for all."""
    purpose: Mapped[str]
    granted: Mapped[bool]
    source: Mapped[str]
    """In words: "WhatsApp: stopped marketing messages", "said so on the phone"."""
    by: Mapped[str]
    """A teammate's id, "customer" or "system"."""
    at: Mapped[datetime]


def record(
    session: Session,
    customer_id: str,
    purpose: Purpose,
    granted: bool,
    *,
    source: str,
    by: str,
    at: datetime,
    channel: str = EVERY_CHANNEL,
    identity_id: str | None = None,
) -> Consent:
    row = Consent(
        customer_id=customers.current_id(session, customer_id),
        identity_id=identity_id,
        channel=channel,
        purpose=purpose,
        granted=granted,
        source=source[:300],
        by=by,
        at=at,
    )
    session.add(row)
    session.flush()
    events.append(
        session, "consent.changed", customer=row.customer_id, purpose=purpose, granted=granted
    )
    return row


def reported(session: Session, identity: Identity, envelope: Envelope, channel: str) -> None:
    """A provider says that a customer stopped or resumed messages to this address."""
    about = envelope.details
    granted = about.get("value", "").lower() in YES
    category = about.get("category", "all")
    purposes = _purposes(category, granted)
    did = about.get("reason") or ("resumed" if granted else "stopped")
    words = "messages" if category in ALL else category.replace("_", " ")
    for purpose in purposes:
        record(
            session,
            identity.customer_id,
            purpose,
            granted,
            source=f"The customer {did} ({words}) on {channel}.",
            by="customer",
            at=envelope.at,
            channel=about.get("channel") or channel,
            identity_id=identity.id,
        )


def _purposes(category: str, granted: bool) -> tuple[Purpose, ...]:
    """Taking a stop of everything back is no wish for advertising."""
    if category == Purpose.CALLS:
        return (Purpose.CALLS,)
    if category not in ALL:
        return (Purpose.MARKETING,)
    return (Purpose.SERVICE,) if granted else (Purpose.SERVICE, Purpose.MARKETING)


def in_force(
    session: Session, customer_id: str, channel: str, purpose: str, identity_id: str | None = None
) -> Consent | None:
    """The newest word that applies to this channel, and to this address where one is given."""
    on_channel = Consent.channel.in_((EVERY_CHANNEL, channel)) & Consent.identity_id.is_(None)
    return session.scalar(
        select(Consent)
        .where(Consent.customer_id.in_(customers.all_ids(session, customer_id)))
        .where(Consent.purpose == purpose)
        .where(or_(on_channel, Consent.identity_id == identity_id) if identity_id else on_channel)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
    )


def history(session: Session, customer_id: str) -> list[Consent]:
    """Every word of theirs, the newest first."""
    ids = customers.all_ids(session, customer_id)
    rows = select(Consent).where(Consent.customer_id.in_(ids))
    return list(session.scalars(rows.order_by(Consent.at.desc(), Consent.id.desc())))


def objection(
    session: Session, identity: Identity, channel: str, purpose: str, thread: Thread | None
) -> str:
    """Why nothing may be sent there for this purpose, for the teammate; "" when it may.

    Whoever writes gets an answer, even after an opt-out. Marketing needs a yes; so does writing
    first to an address from which nobody has written.
    """
    word = in_force(session, identity.customer_id, channel, purpose, identity.id)
    wrote = thread.customer_wrote_at if thread else None
    if word is not None and not word.granted:
        answers = wrote is not None and wrote > word.at + SAME_MOMENT
        if purpose == Purpose.SERVICE and answers:
            return ""
        return (
            f"The customer doesn't want this: {word.source} "
            "Wait until they write, or use another way they agreed to."
        )
    if word is not None:
        return ""
    if purpose == Purpose.MARKETING:
        return "The customer has not agreed to advertising here. Ask for their consent first."
    if purpose == Purpose.SERVICE and wrote is None and not _has_written(session, identity):
        return (
            "Nobody has written to us from this address, and there is no consent to write to it "
            "first. Record the customer's consent, or answer where they wrote."
        )
    return ""


def _has_written(session: Session, identity: Identity) -> bool:
    written = select(Thread.id).where(
        Thread.identity_id == identity.id, Thread.customer_wrote_at.is_not(None)
    )
    return bool(session.scalar(written.limit(1)))
