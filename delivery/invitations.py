"""What a website chat said unasked becomes part of the conversation once a visitor answers it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from desk.envelope import DeliveryState
from desk.messages import Author, Direction, Message


def note(session: Session, answer: Message, text: str) -> None:
    """Put it before the first message of this thread."""
    earlier = session.scalars(
        select(Message.id).where(Message.thread_id == answer.thread_id, Message.id != answer.id)
    ).first()
    if not text or earlier is not None:
        return
    said = Message(
        conversation_id=answer.conversation_id,
        thread_id=answer.thread_id,
        inbox_id=answer.inbox_id,
        identity_id=answer.identity_id,
        direction=Direction.OUT,
        author=Author.ASSISTANT,
        at=answer.at - timedelta(milliseconds=1),
        text=text,
        state=DeliveryState.READ,
        details={"invitation": True},
    )
    session.add(said)
    session.flush()
    events.append(
        session,
        "message.written",
        answer.conversation_id,
        message=said.id,
        author=Author.ASSISTANT,
    )
