"""One mail to two mailboxes: one message, answered once, by the mailbox it was written to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from delivery.threads import side_here
from desk import conversations
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Direction, Message


def find(session: Session, inbox: Inbox, provider_id: str) -> Message | None:
    """The message of this id, in this inbox or in another of its kind."""
    return session.scalar(
        select(Message)
        .join(Inbox, Inbox.id == Message.inbox_id)
        .where(Message.provider_id == provider_id, Inbox.kind == inbox.kind)
        .order_by(Message.created_at)
        .limit(1)
    )


def note(session: Session, inbox: Inbox, identity: Identity, message: Message) -> None:
    """Another inbox got it, too: say so, and answer from there if it comes first in To."""
    there = session.get_one(Inbox, message.inbox_id)
    reached = list(message.details.get("inboxes", [there.name]))
    if there.id == inbox.id or message.direction != Direction.IN or inbox.name in reached:
        return
    message.details = {**message.details, "inboxes": [*reached, inbox.name]}
    conversation = conversations.lock(session, message.conversation_id)
    if conversation.turn_due_at and _place(message, inbox) < _place(message, there):
        thread = side_here(session, conversation, inbox, identity, message.subject)
        thread.customer_wrote_at = max(thread.customer_wrote_at or message.at, message.at)
        message.thread_id, message.inbox_id = thread.id, inbox.id
    events.append(session, "message.copied", conversation.id, message=message.id)


def _place(message: Message, inbox: Inbox) -> int:
    """Where the mailbox stands in To; far behind if it isn't there."""
    address = str(inbox.config.get("address", "")).lower()
    found = str(message.details.get("to", "")).lower().find(address) if address else -1
    return found if found >= 0 else 1_000_000
