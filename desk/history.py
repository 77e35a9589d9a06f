"""All that was said with one customer, over every conversation and channel, in one line of time."""

from datetime import datetime

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from core.db import UtcTime
from desk import customers
from desk.conversations import Conversation
from desk.customers import Customer
from desk.detail import Shown, shown
from desk.messages import Message

_ACTIVITY = "activity"


def history_page(
    session: Session, customer: Customer, before: tuple[datetime, str] | None, limit: int
) -> list[Shown]:
    """The newest first, going on before the place `before`: messages, calls and notes of people.

    What was drafted, deleted or only happened in the desk was not said.
    """
    conversations = select(Conversation.id).where(
        Conversation.customer_id.in_(customers.all_ids(session, customer.id))
    )
    said = select(Message).where(
        Message.conversation_id.in_(conversations),
        Message.kind != _ACTIVITY,
        ~Message.draft,
        Message.deleted_at.is_(None),
    )
    if before:
        place = tuple_(Message.at, Message.id)
        said = said.where(place < tuple_(literal(before[0], UtcTime), literal(before[1])))
    newest = said.order_by(Message.at.desc(), Message.id.desc()).limit(limit)
    return shown(session, session.scalars(newest).all(), customer.name)
