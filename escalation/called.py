"""A customer who calls wants a person."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from desk import conversations, messages
from desk.conversations import Conversation, Status
from desk.messages import Direction, Message
from escalation.hand_off import hand_off

EXPLANATION = "The customer called."
CAME_LATELY = timedelta(days=1)


def tell_people(session: Session, message_id: str) -> None:
    """Put the conversation of a customer's call before people, once per call."""
    message = session.scalar(select(Message).where(Message.id == message_id).with_for_update())
    if message is None or message.direction != Direction.IN or message.details.get("told"):
        return
    message.details = {**message.details, "told": True}
    conversation = conversations.lock(session, message.conversation_id)
    if conversation.queue_id or conversation.assignee_id:
        messages.note(session, conversation, EXPLANATION, author_id=None, kind="activity")
    else:
        hand_off(session, conversation, "called", EXPLANATION)


def forgotten(session: Session) -> list[str]:
    """Calls whose job was lost: nobody owns their conversation."""
    return list(
        session.scalars(
            select(Message.id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(
                Conversation.with_person,
                Conversation.status == Status.OPEN,
                Conversation.queue_id.is_(None),
                Conversation.assignee_id.is_(None),
                Message.kind == "call",
                Message.direction == Direction.IN,
                Message.created_at > now() - CAME_LATELY,
                Message.created_at < now() - timedelta(seconds=5),
                Message.details["told"].as_boolean().is_(None),
            )
            .limit(100)
        )
    )
