"""A call as it comes in: who calls, in which conversation, as one message."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from core.clock import now
from delivery.threads import thread_for
from desk import conversations, phone_calls, recognition
from desk.conversations import Conversation, Thread
from desk.envelope import Address, DeliveryState, Envelope, Kind, Strength
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Author, Direction, Message
from desk.phone_calls import PhoneCall, Stage


def take(
    session: Session,
    inbox: Inbox,
    carrier_id: str,
    caller: Address,
    proof: Strength,
    language: str,
    *,
    name: str = "",
) -> PhoneCall:
    """The call of this id; told of it again, it is the same one."""
    known = phone_calls.by_carrier_id(session, inbox.id, carrier_id)
    if known:
        return known
    identity = recognition.recognise(session, [caller], name)
    envelope = Envelope(id=carrier_id, kind=Kind.CALL, at=now(), sender=(caller,))
    thread = thread_for(session, inbox, identity, envelope).thread
    conversation = conversations.lock(session, thread.conversation_id)
    message = _message(conversation, thread, inbox, identity, Direction.IN)
    message.provider_id, message.proof = carrier_id, proof
    message.details = {"stage": Stage.TALKING, "caller_id": caller.source}
    session.add(message)
    session.flush()
    _customer_called(conversation, thread, message)
    events.append(
        session, "message.received", conversation.id, message=message.id, identity=identity.id
    )
    call = _call(session, message, Stage.TALKING, language)
    call.carrier_id = carrier_id
    return call


def _customer_called(conversation: Conversation, thread: Thread, message: Message) -> None:
    """The turn is answered in the call itself: none falls due."""
    conversation.last_at = max(conversation.last_at, message.at)
    thread.customer_wrote_at = message.at
    conversations.customer_wrote(conversation, wait=timedelta(0))
    conversations.turn_is_over(conversation)


def plan(
    session: Session,
    inbox: Inbox,
    conversation: Conversation,
    identity: Identity,
    *,
    reason: str,
    language: str,
    by: str | None,
) -> PhoneCall:
    """A call of ours that is to be made: it stands in the conversation before it is dialled."""
    thread = _our_thread(session, inbox, conversation, identity)
    message = _message(conversation, thread, inbox, identity, Direction.OUT)
    message.author = Author.TEAMMATE if by else Author.ASSISTANT
    message.author_id, message.state = by, DeliveryState.SENT
    message.details = {"stage": Stage.REQUESTED, "reason": reason}
    session.add(message)
    session.flush()
    conversation.last_at = message.at
    events.append(session, "message.called", conversation.id, message=message.id)
    call = _call(session, message, Stage.REQUESTED, language)
    call.reason, call.requested_by = reason, by
    return call


def _our_thread(
    session: Session, inbox: Inbox, conversation: Conversation, identity: Identity
) -> Thread:
    mine = select(Thread).where(
        Thread.conversation_id == conversation.id,
        Thread.inbox_id == inbox.id,
        Thread.identity_id == identity.id,
    )
    return session.scalar(mine.limit(1)) or conversations.open_thread(
        session, conversation, inbox.id, identity.id, ""
    )


def _message(
    conversation: Conversation,
    thread: Thread,
    inbox: Inbox,
    identity: Identity,
    direction: Direction,
) -> Message:
    return Message(
        conversation_id=conversation.id,
        thread_id=thread.id,
        inbox_id=inbox.id,
        identity_id=identity.id,
        direction=direction,
        author=Author.CUSTOMER,
        at=now(),
        kind=Kind.CALL,
    )


def _call(session: Session, message: Message, stage: Stage, language: str) -> PhoneCall:
    call = PhoneCall(
        message_id=message.id,
        conversation_id=message.conversation_id,
        thread_id=message.thread_id,
        inbox_id=message.inbox_id,
        stage=stage,
        language=language,
    )
    session.add(call)
    session.flush()
    return call
