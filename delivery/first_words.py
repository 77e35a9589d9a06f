"""A teammate writes first: on a channel or to an address where no thread leads yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import events
from core.clock import now
from core.errors import Conflict, Invalid, NotFound
from delivery import planner, reach, windows
from delivery.accounts import channel_of
from delivery.planner import Way
from desk import consents, conversations, customers, identities, inboxes, replies, templates
from desk.consents import Purpose
from desk.conversations import Conversation, Thread
from desk.customers import Customer
from desk.envelope import Address, Strength
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Message

TYPED = "entered by a teammate"


@dataclass(frozen=True)
class Offer:
    """One way to write to a customer, and what stands against it."""

    inbox: Inbox
    identity: Identity
    thread: Thread | None
    free_until: datetime | None
    """Until when a person may write freely; None: always."""
    takes_templates: bool
    objection: str
    asks_consent: bool
    """The objection ends with a word of how we know that the customer agrees."""


@dataclass(frozen=True)
class Letter:
    """What a teammate writes, and where it goes."""

    inbox_id: str
    identity_id: str = ""
    address: str = ""
    """In place of `identity_id`: one that isn't on record yet."""
    conversation_id: str = ""
    """Empty: it begins a new conversation."""
    subject: str = ""
    text: str = ""
    template_id: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    consent: str = ""
    """How we know that the customer agrees to be written to there."""


def offers(session: Session, customer: Customer, conversation_id: str | None) -> Iterator[Offer]:
    ways = list(planner.ways(session, customer, conversation_id))
    on_whatsapp = {(way.inbox.id, way.identity.value) for way in ways}
    for way in ways:
        # A number that somebody writes from on WhatsApp is the same chat as their user id there.
        twice = (way.inbox.id, way.identity.seen_with) in on_whatsapp
        if not twice or way.thread:
            yield _offer(session, way)


def _offer(session: Session, way: Way) -> Offer:
    objection = consents.objection(
        session, way.identity, way.inbox.kind, Purpose.SERVICE, way.thread
    )
    return Offer(
        inbox=way.inbox,
        identity=way.identity,
        thread=way.thread,
        free_until=_free_until(session, way.inbox, way.identity),
        takes_templates=takes_templates(session, way.inbox),
        objection=objection,
        asks_consent=bool(objection) and not _refused(session, way),
    )


def _free_until(session: Session, inbox: Inbox, identity: Identity) -> datetime | None:
    """The provider's window is the customer's, in whatever conversation they wrote last."""
    wrote = _wrote_last(session, inbox, identity)
    return windows.closes_after(channel_of(inbox), wrote, by_person=True)


def _wrote_last(session: Session, inbox: Inbox, identity: Identity) -> datetime | None:
    return session.scalar(
        select(func.max(Thread.customer_wrote_at)).where(
            Thread.inbox_id == inbox.id, Thread.identity_id == identity.id
        )
    )


def has_window(inbox: Inbox) -> bool:
    """Whether whoever has not written may only get a template."""
    return channel_of(inbox).window is not None


def takes_templates(session: Session, inbox: Inbox) -> bool:
    rows = templates.of_inbox(session, inbox.id)
    return any(row.state == templates.APPROVED for row in rows)


def _refused(session: Session, way: Way) -> bool:
    identity, kind = way.identity, way.inbox.kind
    return bool(
        consents.in_force(session, identity.customer_id, kind, Purpose.SERVICE, identity.id)
    )


def write(session: Session, customer: Customer, letter: Letter, by: str) -> Message:
    """Begin there. Raises Invalid or Conflict with what stands against it, before anything is
    sent."""
    inbox = inboxes.find(session, letter.inbox_id)
    identity = _identity(session, customer, inbox, letter)
    conversation = _conversation(session, customer, letter)
    offer = _wanted(session, customer, inbox, identity, letter)
    _agreed(session, offer, letter, by)
    _in_time(offer, letter)
    thread = offer.thread or _thread(session, conversation, offer, letter)
    if letter.template_id:
        return replies.send_template(
            session, conversation, by, letter.template_id, letter.values, thread_id=thread.id
        )
    return replies.reply(session, conversation, by, letter.text, thread_id=thread.id)


def _identity(session: Session, customer: Customer, inbox: Inbox, letter: Letter) -> Identity:
    if letter.identity_id:
        theirs = identities.of_customer(session, customer.id)
        found = next((one for one in theirs if one.id == letter.identity_id), None)
        if found is None:
            raise NotFound("This customer has no such address.")
        return found
    kind = reach.kind_of_address(inbox.kind)
    if not kind:
        raise Invalid(f"Nobody can be written to first over {inbox.name}.")
    value = reach.written(kind, letter.address)
    known = identities.find(session, kind, value)
    if known is None:
        return _entered(session, customer, Address(kind, value, Strength.CLAIMED, TYPED))
    if customers.current_id(session, known.customer_id) != customer.id:
        raise Conflict("This address is another customer's. If both are one person, merge them.")
    return known


def _entered(session: Session, customer: Customer, address: Address) -> Identity:
    identity = identities.add(session, customer.id, address)
    identities.believe(session, identity, Strength.CLAIMED, TYPED)
    events.append(session, "identity.changed", customer=customer.id, identity=identity.id)
    return identity


def _conversation(session: Session, customer: Customer, letter: Letter) -> Conversation:
    if not letter.conversation_id:
        return conversations.open_for(session, customer.id, letter.subject)
    conversation = conversations.lock(session, letter.conversation_id)
    if customers.current_id(session, conversation.customer_id) != customer.id:
        raise NotFound("This customer has no such conversation.")
    return conversation


def _wanted(
    session: Session, customer: Customer, inbox: Inbox, identity: Identity, letter: Letter
) -> Offer:
    for offer in offers(session, customer, letter.conversation_id or None):
        if (offer.inbox.id, offer.identity.id) == (inbox.id, identity.id):
            return offer
    raise Invalid(f"This address can't be reached over {inbox.name} at the moment.")


def _agreed(session: Session, offer: Offer, letter: Letter, by: str) -> None:
    if offer.asks_consent and letter.consent.strip():
        consents.record(
            session,
            offer.identity.customer_id,
            Purpose.SERVICE,
            True,
            source=letter.consent.strip(),
            by=by,
            at=now(),
            channel=offer.inbox.kind,
            identity_id=offer.identity.id,
        )
    elif offer.objection:
        raise Conflict(offer.objection)


def _in_time(offer: Offer, letter: Letter) -> None:
    is_closed = offer.free_until is not None and offer.free_until <= now()
    if is_closed and not letter.template_id:
        raise Conflict(windows.words(channel_of(offer.inbox)))


def _thread(session: Session, conversation: Conversation, offer: Offer, letter: Letter) -> Thread:
    subject = letter.subject.strip() or conversation.subject
    if offer.inbox.kind == "email" and not subject:
        raise Invalid("A mail needs a subject.")
    thread = conversations.open_thread(
        session,
        conversation,
        offer.inbox.id,
        offer.identity.id,
        subject if offer.inbox.kind == "email" else "",
    )
    thread.customer_wrote_at = _wrote_last(session, offer.inbox, offer.identity)
    return thread
