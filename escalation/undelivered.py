"""A message that did not go out, or may not have: a person must know."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from desk import conversations, messages
from desk.conversations import Status
from desk.envelope import DeliveryState
from desk.messages import Message
from escalation.hand_off import hand_off

CAME_LATELY = timedelta(days=8)
"""Providers report failures for up to a week after they were asked to send."""


def tell_people(session: Session, message_id: str) -> None:
    """Put the conversation of a failed or unknown message before people, once per message."""
    message = session.scalar(select(Message).where(Message.id == message_id).with_for_update())
    if message is None or message.state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
        return
    if message.details.get("told"):
        return
    message.details = {**message.details, "told": True}
    conversation = conversations.lock(session, message.conversation_id)
    if conversation.status == Status.RESOLVED:
        conversations.reopen(session, conversation)
    explanation = f"A message was not delivered: {message.error}"
    if message.state == DeliveryState.UNKNOWN:
        explanation = f"A message may not have arrived: {message.error}"
    if conversation.with_person:
        messages.note(session, conversation, explanation, author_id=None, kind="activity")
    else:
        hand_off(session, conversation, "not_delivered", explanation)


def forgotten(session: Session) -> list[str]:
    """Failed and unknown messages whose job was lost: nobody has been told."""
    return list(
        session.scalars(
            select(Message.id)
            .where(
                Message.state.in_((DeliveryState.FAILED, DeliveryState.UNKNOWN)),
                Message.created_at > now() - CAME_LATELY,
                Message.details["told"].as_boolean().is_(None),
            )
            .limit(100)
        )
    )
