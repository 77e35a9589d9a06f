"""What somebody of ours wrote from another tool, as the provider tells it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from delivery import copies, doubts
from delivery.attachments import StoredFile, attach
from delivery.changes import is_known_as
from delivery.incoming import new_message
from delivery.threads import thread_for
from desk import conversations, messages, recognition
from desk.conversations import Thread, ThreadKey
from desk.envelope import DeliveryState, Envelope, Kind
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Author, Direction, Message


class StillSending(Exception):
    """Something of ours is on its way to this customer: an echo may be of that."""


def add(session: Session, inbox: Inbox, envelope: Envelope, attached: Sequence[StoredFile]) -> None:
    """Somebody of ours wrote from another tool: it is an answer, and the assistant steps back."""
    if copies.find(session, inbox, envelope.id) or not envelope.recipients:
        return
    identity = recognition.recognise(session, envelope.recipients)
    if _is_part_of_ours(session, inbox, envelope.id):
        return
    if on_its_way := _on_its_way(session, inbox, identity):
        raise StillSending(on_its_way)
    if doubtful := doubts.with_words(session, inbox, identity, envelope.text):
        is_known_as(session, doubtful, envelope.id)
        messages.advance(session, doubtful, DeliveryState.SENT)
        return
    if envelope.ours:
        return
    thread = thread_for(session, inbox, identity, envelope).thread
    conversation = conversations.lock(session, thread.conversation_id)
    message = new_message(inbox, identity, envelope, thread.id, conversation.id)
    message.direction, message.author = Direction.OUT, Author.TEAMMATE
    message.kind, message.state, message.proof = Kind.MESSAGE, DeliveryState.SENT, ""
    session.add(message)
    session.flush()
    attach(session, message, attached)
    conversation.last_at = max(conversation.last_at, message.at)
    conversation.with_person, conversation.waiting_since = True, None
    conversation.revision += 1
    conversations.turn_is_over(conversation)
    events.append(session, "message.echoed", conversation.id, message=message.id)


def _is_part_of_ours(session: Session, inbox: Inbox, provider_id: str) -> bool:
    """A long message goes out in parts; the thread knows the ids of all of them."""
    return bool(
        session.scalar(
            select(ThreadKey.id)
            .where(ThreadKey.key == provider_id, ThreadKey.inbox_id == inbox.id)
            .limit(1)
        )
    )


def _on_its_way(session: Session, inbox: Inbox, identity: Identity) -> str | None:
    return session.scalar(
        select(Message.id)
        .join(Thread, Thread.id == Message.thread_id)
        .where(Thread.inbox_id == inbox.id, Thread.identity_id == identity.id)
        .where(Message.state == DeliveryState.SENDING)
        .limit(1)
    )
