"""How a message may reach the customer now: freely, by a template, on another channel, or not.

Asked each time a message is about to be sent, since a window may close while it waits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import Channel
from core.errors import Invalid
from delivery import holds, windows
from delivery.accounts import channel_of
from delivery.reach import kinds_of_inbox
from desk import company, consents, customers, identities, preferences, templates
from desk.consents import Purpose
from desk.conversations import Conversation, Thread
from desk.customers import Customer
from desk.envelope import Strength, Template
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Author, Message

PAID = ("sms",)
"""Kinds whose every message costs."""


@dataclass(frozen=True)
class Way:
    """An inbox and an address through which a customer can be reached."""

    inbox: Inbox
    identity: Identity
    thread: Thread | None
    """Theirs in this conversation, if there is one already."""


@dataclass(frozen=True)
class Plan:
    """What to do with one message: send it as the fields say, move it, or tell a person why not.

    Where a teammate chose the channel it is theirs to choose another; only what a machine wrote
    looks for one by itself.
    """

    after_window: bool = False
    template: Template | None = None
    becomes: str = ""
    """The text the customer reads instead, when a template carries the message."""
    move_to: Way | None = None
    refusal: str = ""
    code: str = ""
    why: str = ""


def plan(
    session: Session, message: Message, thread: Thread, inbox: Inbox, channel: Channel
) -> Plan:
    if "code_of" in message.details:
        return Plan() if windows.is_open(channel, thread) else _refuse(channel)
    identity = session.get_one(Identity, thread.identity_id)
    purpose = message.details.get("purpose", Purpose.SERVICE)
    objection = consents.objection(session, identity, inbox.kind, purpose, thread)
    if objection:
        by_person = message.author == Author.TEAMMATE
        other = None if by_person else _elsewhere(session, message, thread, inbox)
        return other or Plan(refusal=objection, code="no_consent")
    if "template" in message.details:
        return _chosen(session, message)
    if windows.is_open(channel, thread):
        return Plan()
    if message.author == Author.TEAMMATE:
        person = windows.is_open(channel, thread, by_person=True)
        return Plan(after_window=True) if person else _refuse(channel)
    return (
        _late_answer(session, message, thread, inbox)
        or _elsewhere(session, message, thread, inbox)
        or _refuse(channel)
    )


def _refuse(channel: Channel) -> Plan:
    return Plan(refusal=windows.words(channel), code="window_closed")


def _chosen(session: Session, message: Message) -> Plan:
    """The template a teammate chose, if it is still approved."""
    chosen = message.details["template"]
    try:
        row = templates.find(session, chosen["id"])
        return Plan(template=templates.filled(row, chosen["values"]))
    except Invalid as wrong:
        return Plan(refusal=wrong.message, code="template_not_approved")


def _late_answer(session: Session, message: Message, thread: Thread, inbox: Inbox) -> Plan | None:
    identity = session.get_one(Identity, thread.identity_id)
    customer = customers.find(session, identity.customer_id)
    known = {
        "name": customer.name,
        "company": inbox.brand or company.company(session).name,
        "subject": session.get_one(Conversation, thread.conversation_id).subject,
        "text": message.text,
    }
    language = customer.language or "en"
    found = templates.for_late_answer(session, inbox.id, language, known)
    if found is None:
        return None
    row, template = found
    return Plan(template=template, becomes=templates.preview(row, template))


def _elsewhere(session: Session, message: Message, thread: Thread, inbox: Inbox) -> Plan | None:
    identity = session.get_one(Identity, thread.identity_id)
    customer = customers.find(session, identity.customer_id)
    purpose = message.details.get("purpose", Purpose.SERVICE)
    found = [
        way
        for way in ways(session, customer, thread.conversation_id)
        if way.inbox.id != inbox.id and _is_as_proven(way.identity, identity)
    ]
    best = _best_first(session, customer, found, purpose)
    if not best:
        return None
    return Plan(move_to=best[0], why=f"{inbox.name} could not take it now")


def _is_as_proven(other: Identity, identity: Identity) -> bool:
    """What was meant for one address is said to none that proves less."""
    least = max(Strength(identity.strength).rank, Strength.ASSERTED.rank)
    return Strength(other.strength).rank >= least and not other.shared


def ways(session: Session, customer: Customer, conversation_id: str | None) -> Iterator[Way]:
    """Every inbox that works and reaches an address of this customer's, each with the thread it
    has in this conversation."""
    inboxes = session.scalars(
        select(Inbox).where(Inbox.enabled, Inbox.broken_since.is_(None)).order_by(Inbox.created_at)
    ).all()
    for identity in identities.of_customer(session, customer.id):
        if identity.retired_at:
            continue
        for inbox in inboxes:
            reaches = inbox.kind in kinds_of_inbox(identity.kind)
            if reaches and not holds.is_broken(session, inbox.id):
                yield Way(inbox, identity, _own_thread(session, conversation_id, inbox, identity))


def _own_thread(
    session: Session, conversation_id: str | None, inbox: Inbox, identity: Identity
) -> Thread | None:
    return session.scalar(
        select(Thread)
        .where(Thread.conversation_id == conversation_id)
        .where(Thread.inbox_id == inbox.id, Thread.identity_id == identity.id)
        .order_by(Thread.customer_wrote_at.desc().nulls_last())
        .limit(1)
    )


def _best_first(session: Session, customer: Customer, found: list[Way], purpose: str) -> list[Way]:
    """What they prefer, then what costs nothing, then the best proven, then where they wrote."""
    wish = preferences.preferred(session, customer.id)
    allowed = [way for way in found if _is_free(session, way, purpose)]
    return sorted(
        allowed,
        key=lambda way: (
            wish is not None and way.inbox.kind != wish.channel,
            way.inbox.kind in PAID,
            -Strength(way.identity.strength).rank,
            way.thread is None,
        ),
    )


def _is_free(session: Session, way: Way, purpose: str) -> bool:
    """The customer agreed to it, and free text may be sent there now."""
    if consents.objection(session, way.identity, way.inbox.kind, purpose, way.thread):
        return False
    channel = channel_of(way.inbox)
    return channel.window is None or (
        way.thread is not None and windows.is_open(channel, way.thread)
    )
