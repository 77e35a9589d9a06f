"""A message that did not go out, or may not have: a person must know."""

from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.clock import now
from desk import conversations, messages
from desk.conversations import Status
from desk.envelope import DeliveryState
from desk.messages import Message
from escalation.hand_off import hand_off

ENDED = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
CAME_LATELY = timedelta(days=8)
"""Providers report failures for up to a week after they were asked to send."""


def tell_people(session: Session, message_id: str) -> None:
    """Put the conversation of a failed or unknown message before people, once per message."""
    message = session.scalar(select(Message).where(Message.id == message_id).with_for_update())
    if message is None or not (message.state in ENDED or _is_held(message)):
        return
    if message.details.get("told"):
        return
    message.details = {**message.details, "told": True}
    conversation = conversations.lock(session, message.conversation_id)
    if conversation.status == Status.RESOLVED:
        conversations.reopen(session, conversation)
    explanation = _explanation(message)
    if conversation.with_person:
        messages.note(session, conversation, explanation, author_id=None, kind="activity")
    else:
        hand_off(session, conversation, "not_delivered", explanation)


def _is_held(message: Message) -> bool:
    return message.state == DeliveryState.PENDING and "held" in message.details


def _explanation(message: Message) -> str:
    if message.state == DeliveryState.PENDING:
        return (
            f"A message waits because the inbox cannot send: {message.details['held']} It goes out "
            "by itself once the account works again."
        )
    if message.state == DeliveryState.UNKNOWN:
        return f"A message may not have arrived: {message.error}"
    return f"A message was not delivered: {message.error}"


def forgotten(session: Session) -> list[str]:
    """Failed, unknown and held messages whose job was lost: nobody has been told."""
    return list(
        session.scalars(
            select(Message.id)
            .where(
                or_(
                    Message.state.in_(ENDED),
                    (Message.state == DeliveryState.PENDING)
                    & Message.details["held"].as_string().is_not(None),
                ),
                Message.created_at > now() - CAME_LATELY,
                Message.details["told"].as_boolean().is_(None),
            )
            .limit(100)
        )
    )
