"""Two machines that answer each other: after some answers in a row the assistant keeps silent."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.base import Channel
from core.clock import now
from desk import conversations, messages
from desk.conversations import Conversation, Thread
from desk.messages import Author, Direction, Message

MOST_ANSWERS = 10
WITHIN = timedelta(hours=1)


def stop(session: Session, conversation: Conversation, thread: Thread, channel: Channel) -> None:
    """On mail, where many machines don't say that they are one: a person looks from here on."""
    if channel.norms.tone != "formal" or conversation.with_person:
        return
    if _answers(session, thread) < MOST_ANSWERS:
        return
    conversations.assign(session, conversation, queue_id=conversation.queue_id, teammate_id=None)
    words = (
        f"The assistant has answered here {MOST_ANSWERS} times within an hour. A machine may be "
        "at the other end, so it stays silent until somebody gives the conversation back."
    )
    messages.note(session, conversation, words, author_id=None, kind="activity")


def _answers(session: Session, thread: Thread) -> int:
    counted = select(func.count()).where(
        Message.thread_id == thread.id,
        Message.direction == Direction.OUT,
        Message.author == Author.ASSISTANT,
        Message.at > now() - WITHIN,
    )
    return session.scalar(counted) or 0
