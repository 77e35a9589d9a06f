"""Calls: each is one message, whatever is reported about it and in whatever order."""

from datetime import timedelta

from sqlalchemy.orm import Session

from core import events
from core.clock import now
from core.queue import enqueue
from delivery.threads import thread_for
from desk import conversations, messages, recognition
from desk.conversations import Conversation, Thread
from desk.envelope import DeliveryState, Envelope, Kind
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Author, Direction, Message

STAGES = ("connecting", "ringing", "accepted", "ended")


def report(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    """The first report of a call makes its message, later ones update it."""
    known = messages.find_by_provider_id(session, inbox.id, _call_id(envelope))
    if known:
        _update(session, known, envelope)
    else:
        _add(session, inbox, envelope)


def _call_id(envelope: Envelope) -> str:
    return envelope.subject_id or envelope.id


def _update(session: Session, message: Message, envelope: Envelope) -> None:
    """What the furthest stage says holds; an earlier one that comes late fills gaps."""
    message.at = min(message.at, messages.clamped(envelope.at, now()))
    before, news = message.details, envelope.details
    if _stage(news) >= _stage(before):
        message.details = {**before, **news}
    else:
        message.details = {**news, **before}
    events.append(session, "message.call", message.conversation_id, message=message.id)


def _stage(details: dict[str, str]) -> int:
    return STAGES.index(details["stage"])


def _add(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    identity = recognition.recognise(session, envelope.sender, envelope.sender_name)
    thread = thread_for(session, inbox, identity, envelope).thread
    conversation = conversations.lock(session, thread.conversation_id)
    message = _message(inbox, identity, thread, envelope)
    session.add(message)
    session.flush()
    conversation.last_at = max(conversation.last_at, message.at)
    if envelope.ours:
        events.append(session, "message.called", conversation.id, message=message.id)
    else:
        _customer_called(session, conversation, thread, message)


def _message(inbox: Inbox, identity: Identity, thread: Thread, envelope: Envelope) -> Message:
    return Message(
        conversation_id=thread.conversation_id,
        thread_id=thread.id,
        inbox_id=inbox.id,
        identity_id=identity.id,
        direction=Direction.OUT if envelope.ours else Direction.IN,
        author=Author.TEAMMATE if envelope.ours else Author.CUSTOMER,
        state=DeliveryState.SENT if envelope.ours else None,
        at=messages.clamped(envelope.at, now()),
        kind=Kind.CALL,
        provider_id=_call_id(envelope),
        proof="" if envelope.ours else envelope.sender[0].strength,
        details=dict(envelope.details),
    )


def _customer_called(
    session: Session, conversation: Conversation, thread: Thread, message: Message
) -> None:
    """It opens the window as any message does, and only a person can call back."""
    thread.customer_wrote_at = max(thread.customer_wrote_at or message.at, message.at)
    conversations.customer_wrote(conversation, wait=timedelta(0))
    conversations.turn_is_over(conversation)
    if not conversation.with_person:
        conversation.with_person = True
        conversation.queue_id = conversation.assignee_id = None
    events.append(
        session,
        "message.received",
        conversation.id,
        message=message.id,
        identity=message.identity_id,
    )
    enqueue(session, "conversation.call", message.id)
