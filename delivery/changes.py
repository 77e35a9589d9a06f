"""What happens to messages that are there: edited, taken back, reacted to, delivered, read."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from core.queue import enqueue
from delivery import inbound
from desk import conversations, messages, recognition
from desk.conversations import Thread
from desk.envelope import DeliveryState, Envelope
from desk.inboxes import Inbox
from desk.messages import Direction, Message


class SubjectMissing(Exception):
    """The message an event is about has not been received yet."""


def edit(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    message = _subject(session, inbox, envelope)
    if message.edited_at and message.edited_at >= envelope.at:
        return
    message.details = {**message.details, "before_edit": message.text}
    message.text, message.edited_at = envelope.text, envelope.at
    conversation = conversations.lock(session, message.conversation_id)
    conversation.revision += 1
    events.append(session, "message.edited", message.conversation_id, message=message.id)


def delete(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    message = _subject(session, inbox, envelope)
    message.deleted_at = message.deleted_at or envelope.at
    conversation = conversations.lock(session, message.conversation_id)
    conversation.revision += 1
    events.append(session, "message.deleted", message.conversation_id, message=message.id)


def react(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    message = _subject(session, inbox, envelope)
    who = envelope.sender[0].value if envelope.sender else "customer"
    seen = dict(message.details.get("reacted_at", {}))
    if seen.get(who, "") > envelope.at.isoformat():
        return
    kept = {person: emoji for person, emoji in message.reactions.items() if person != who}
    message.reactions = {**kept, who: envelope.text} if envelope.text else kept
    message.details = {**message.details, "reacted_at": {**seen, who: envelope.at.isoformat()}}
    events.append(session, "message.reacted", message.conversation_id, message=message.id)


def update_state(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    if envelope.up_to is not None:
        _update_all_until(session, inbox, envelope, envelope.up_to)
        return
    message = _by_correlation(session, envelope) or _subject(session, inbox, envelope)
    if message.provider_id is None and envelope.subject_id:
        is_known_as(session, message, envelope.subject_id)
    state = envelope.state or DeliveryState.READ
    changed = messages.advance(session, message, state, envelope.error_code, envelope.error)
    if changed and state == DeliveryState.FAILED:
        enqueue(session, "message.undelivered", message.id)


def is_known_as(session: Session, message: Message, provider_id: str) -> None:
    """Nobody had told us its id until now: what was said of it meanwhile has waited."""
    message.provider_id = provider_id
    inbound.wake_waiting(session, provider_id)


def _update_all_until(session: Session, inbox: Inbox, envelope: Envelope, until: datetime) -> None:
    """Everything that had gone out to this customer by then was delivered or read."""
    identity = recognition.recognise(session, envelope.sender)
    sent = session.scalars(
        select(Message)
        .join(Thread, Thread.id == Message.thread_id)
        .where(Thread.inbox_id == inbox.id, Thread.identity_id == identity.id)
        .where(Message.direction == Direction.OUT, Message.at <= until)
        .where(Message.state.in_((DeliveryState.SENT, DeliveryState.DELIVERED)))
        .with_for_update(of=Message)
    )
    for message in sent.all():
        messages.advance(session, message, envelope.state or DeliveryState.READ)


def _by_correlation(session: Session, envelope: Envelope) -> Message | None:
    ours = envelope.correlation
    return session.get(Message, ours, with_for_update=True) if ours else None


def _subject(session: Session, inbox: Inbox, envelope: Envelope) -> Message:
    """What an event is about, for this transaction alone to change: of two events that come at
    once, each would overwrite what the other did."""
    message = messages.find_by_provider_id(session, inbox.id, envelope.subject_id)
    if message is None:
        raise SubjectMissing(envelope.subject_id)
    session.refresh(message, with_for_update=True)
    return message


def change_identity(session: Session, envelope: Envelope) -> None:
    """The provider says that an address of a customer became another one."""
    if envelope.previous is None or not envelope.sender:
        return
    recognition.changed(session, envelope.previous, envelope.sender)
