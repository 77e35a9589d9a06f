"""Jobs of the assistant's turns."""

from sqlalchemy import select

from agent import respond
from core.clock import now
from core.db import reading, transaction
from core.queue import job, wake
from desk import conversations
from desk.conversations import Conversation, Status
from jobs.library import library


@job("turn.answer")
def answer(conversation_id: str) -> None:
    respond.respond(conversation_id, library())


@job("turns.due", expires=5)
def due() -> None:
    """Wake every turn whose wait is over and that nobody thinks about."""
    with reading() as session:
        ids = session.scalars(
            select(Conversation.id)
            .where(Conversation.turn_due_at <= now(), Conversation.status == Status.OPEN)
            .where(Conversation.with_person.is_(False))
            .where(
                Conversation.turn_claimed_until.is_(None)
                | (Conversation.turn_claimed_until < now())
            )
            .order_by(Conversation.turn_due_at)
            .limit(50)
        ).all()
    for conversation_id in ids:
        wake("turn.answer", conversation_id)


@job("turns.recover", expires=30)
def recover() -> None:
    with transaction() as session:
        respond.recover(session)


@job("conversations.unsnooze", expires=30)
def unsnooze() -> None:
    with transaction() as session:
        rows = session.scalars(
            select(Conversation).where(
                Conversation.status == Status.SNOOZED,
                Conversation.snoozed_until <= now(),
            )
        )
        for conversation in rows:
            conversations.reopen(session, conversation)
