"""Calls of ours: each is dialled once, in people's hours, or stands before a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import Account
from connectors.channels.voice import lines as phone_lines
from connectors.channels.voice.carrier import Order
from core import audit
from core.clock import now
from core.db import transaction
from core.errors import Conflict, Invalid
from core.log import about
from core.queue import enqueue
from core.settings import settings
from delivery import phone
from delivery.accounts import account_of
from desk import consents, conversations, customers, identities, inboxes, phone_calls
from desk.consents import Purpose
from desk.conversations import Conversation
from desk.envelope import DeliveryState
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Message
from desk.phone_calls import PhoneCall, Stage
from desk.teams import Teammate
from escalation.hours import are_open, next_opening
from escalation.phone import unreached
from escalation.routing import queue_for

LEASE = timedelta(minutes=1)
"""Longer than the carrier is given to answer: an order this old was left by a crash."""
LATEST = timedelta(minutes=5)
"""So late a call still counts as made in its time."""
FURTHEST = timedelta(days=30)
NO_CALLS = "no_calls"
"""The customer's attribute that says that they want no calls."""


@dataclass(frozen=True)
class Ready:
    account: Account
    order: Order


@dataclass(frozen=True)
class Move:
    """A running call and the address where it is to go on."""

    account: Account
    carrier_id: str
    url: str


def request(
    session: Session,
    conversation: Conversation,
    reason: str,
    *,
    by: str | None,
    at: datetime | None = None,
) -> PhoneCall:
    """Call this conversation's customer: at a time within people's hours, or as soon as these
    allow it."""
    if not reason.strip():
        raise Invalid("Say why the customer is called: they hear it first.")
    customer = customers.find(session, conversation.customer_id)
    if customer.attributes.get(NO_CALLS):
        raise Conflict("This customer wants no calls. Write instead.")
    inbox = _inbox(session)
    identity = _number(session, customer.id)
    if objection := consents.objection(session, identity, "voice", Purpose.CALLS, None):
        raise Conflict(objection)
    _refuse_second(session, conversation)
    language = _language(inbox, conversation.language or customer.language)
    hours = queue_for(session, conversation).hours
    if at:
        _refuse_time(hours, at)
    call = phone.plan(
        session, inbox, conversation, identity, reason=reason.strip(), language=language, by=by
    )
    call.dial_after = at or next_opening(hours, now()) or now()
    phone_calls.move(session, call, Stage.REQUESTED, dial_after=call.dial_after.isoformat())
    audit.record(session, by or "system", "call.requested", call.id, reason.strip())
    enqueue(session, "call.dial", call.id)
    return call


def has_line(session: Session) -> bool:
    return bool(_lines(session))


def _inbox(session: Session) -> Inbox:
    lines = _lines(session)
    if not lines:
        raise Conflict("There is no phone inbox. Connect a number under Settings > Inboxes.")
    return lines[0]


def _lines(session: Session) -> list[Inbox]:
    return [one for kind in phone_lines.KINDS for one in inboxes.of_kind(session, kind)]


def _refuse_time(hours: Mapping[str, Any], at: datetime) -> None:
    if at < now() - LATEST:
        raise Conflict("That time has passed.")
    if at > now() + FURTHEST:
        raise Conflict("That is too far ahead to promise a call.")
    if not are_open(hours, at):
        raise Conflict("Nobody is on duty then to take over from the assistant.")


def _number(session: Session, customer_id: str) -> Identity:
    numbers = [one for one in identities.of_customer(session, customer_id) if one.kind == "phone"]
    if not numbers:
        raise Conflict("No phone number of this customer is known.")
    return max(numbers, key=lambda one: one.address.strength.rank)


def _refuse_second(session: Session, conversation: Conversation) -> None:
    running = select(PhoneCall.id).where(
        PhoneCall.conversation_id == conversation.id, PhoneCall.stage.not_in(phone_calls.OVER)
    )
    if session.scalar(running.limit(1)):
        raise Conflict("A call with this customer is under way or planned already.")


def planned(session: Session, conversation_id: str) -> PhoneCall | None:
    """The call that is to be made and has not been dialled yet."""
    rows = select(PhoneCall).where(PhoneCall.conversation_id == conversation_id)
    return session.scalar(rows.where(PhoneCall.stage == Stage.REQUESTED).limit(1))


def cancel(session: Session, call: PhoneCall, why: str, *, by: str | None) -> None:
    """Don't make a planned call. Once it is dialled it is too late."""
    call = phone_calls.lock(session, call.id)
    if call.stage != Stage.REQUESTED:
        raise Conflict("It is too late: the call is being made or is over.")
    phone_calls.move(session, call, Stage.CANCELLED, result=why)
    audit.record(session, by or "system", "call.cancelled", call.id, why)


def _language(inbox: Inbox, wanted: str) -> str:
    known = phone_lines.languages(inbox.config)
    return next((one for one in known if wanted and one.startswith(wanted)), known[0])


def dial(call_id: str) -> None:
    """Dial one call if it is time. Safe to call twice, and from two processes."""
    with about(call=call_id):
        with transaction() as session:
            ready = _claim(session, call_id)
        if ready is None:
            return
        receipt = phone_lines.dial(ready.account, ready.order)
        with transaction() as session:
            call = phone_calls.lock(session, call_id)
            if receipt.provider_id and not call.carrier_id:
                call.carrier_id = receipt.provider_id
                session.get_one(Message, call.message_id).provider_id = receipt.provider_id
            if call.stage != Stage.DIALLING:
                return
            if receipt.state == DeliveryState.SENT:
                phone_calls.move(session, call, Stage.RINGING)
            elif receipt.state == DeliveryState.UNKNOWN:
                unreached(session, call, Stage.UNKNOWN, receipt.error)
            else:
                unreached(session, call, Stage.FAILED, receipt.error)


def _claim(session: Session, call_id: str) -> Ready | None:
    call = phone_calls.lock(session, call_id)
    if call.stage != Stage.REQUESTED or (call.dial_after and call.dial_after > now()):
        return None
    inbox = inboxes.find(session, call.inbox_id)
    message = session.get_one(Message, call.message_id)
    identity = session.get_one(Identity, message.identity_id)
    customer = customers.find(session, identity.customer_id)
    if customer.attributes.get(NO_CALLS) or not inbox.enabled:
        unreached(session, call, Stage.FAILED, "Not dialled: no calls are wanted or possible now.")
        return None
    if objection := consents.objection(session, identity, "voice", Purpose.CALLS, None):
        unreached(session, call, Stage.FAILED, f"Not dialled: {objection}")
        return None
    if call.dial_after and call.dial_after < now() - LATEST and not _open_now(session, call):
        words = "Not dialled: its time passed while the service was not running."
        unreached(session, call, Stage.FAILED, words)
        return None
    phone_calls.move(session, call, Stage.DIALLING)
    root = _root(inbox)
    order = Order(
        to=identity.value,
        answer_url=f"{root}/answer?call={call.id}",
        status_url=f"{root}/status?call={call.id}",
    )
    return Ready(account_of(inbox), order)


def _open_now(session: Session, call: PhoneCall) -> bool:
    conversation = conversations.find(session, call.conversation_id)
    return are_open(queue_for(session, conversation).hours, now())


def due(session: Session) -> list[str]:
    """Calls whose time has come or whose job was lost."""
    return list(
        session.scalars(
            select(PhoneCall.id)
            .where(PhoneCall.stage == Stage.REQUESTED, PhoneCall.dial_after <= now())
            .order_by(PhoneCall.dial_after)
            .limit(20)
        )
    )


def recover(session: Session) -> None:
    """Orders that a crash cut in two: nobody knows whether the phone rang."""
    stuck = session.scalars(
        select(PhoneCall)
        .where(PhoneCall.stage == Stage.DIALLING, PhoneCall.heard_at < now() - LEASE)
        .with_for_update(skip_locked=True)
    ).all()
    for call in stuck:
        words = "The service stopped while dialling. The customer's phone may have rung."
        unreached(session, call, Stage.UNKNOWN, words)


def bring_to(session: Session, call: PhoneCall, teammate: Teammate) -> Move:
    """A teammate takes a running call: the assistant is silent from now on, their phone rings."""
    if not teammate.phone:
        raise Conflict("Your phone is not known. Enter it under Settings > Teammates.")
    if call.stage not in (Stage.TALKING, Stage.TRANSFERRING, Stage.VOICEMAIL):
        raise Conflict("This call is over, or a person has it already.")
    conversation = conversations.lock(session, call.conversation_id)
    conversations.take(session, conversation, teammate.id)
    phone_calls.move(session, call, Stage.TRANSFERRING)
    inbox = inboxes.find(session, call.inbox_id)
    url = f"{_root(inbox)}/bring?call={call.id}&teammate={teammate.id}"
    return Move(account_of(inbox), call.carrier_id or "", url)


def leave_where_it_was(session: Session, call: PhoneCall) -> None:
    """The carrier did not pass the call on."""
    if call.stage == Stage.TRANSFERRING:
        phone_calls.move(session, call, Stage.TALKING)


def _root(inbox: Inbox) -> str:
    base = (inbox.config.get("public_url") or settings().url).rstrip("/")
    return f"{base}/voice/{inbox.id}"
