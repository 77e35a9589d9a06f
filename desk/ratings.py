"""What customers think of how a conversation went: one rating for each time it was resolved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.clock import now
from core.db import Row
from core.errors import Conflict
from desk.conversations import Conversation, Status


class Rating(Row):
    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("conversation_id", "resolved_at"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    resolved_at: Mapped[datetime]
    """Which resolution it is about: reopened and resolved again, the next one is asked for."""
    score: Mapped[int]
    """1 (very bad) to 5 (very good)."""
    comment: Mapped[str]
    at: Mapped[datetime]
    """When it was last changed."""


def rate(session: Session, conversation: Conversation, score: int, comment: str) -> Rating:
    """Rate the resolution that stands, or change its rating. `conversation` is locked."""
    if conversation.status != Status.RESOLVED or conversation.resolved_at is None:
        raise Conflict("Only a resolved conversation can be rated.")
    rating = standing(session, conversation)
    if rating is None:
        rating = Rating(conversation_id=conversation.id, resolved_at=conversation.resolved_at)
        session.add(rating)
    elif (rating.score, rating.comment) == (score, comment):
        return rating
    rating.score, rating.comment, rating.at = score, comment, now()
    session.flush()
    events.append(session, "conversation.rated", conversation.id, rating=rating.id, score=score)
    return rating


def standing(session: Session, conversation: Conversation) -> Rating | None:
    """The rating of the last resolution, while that stands."""
    return session.scalar(
        select(Rating).where(
            Rating.conversation_id == conversation.id,
            Rating.resolved_at == conversation.resolved_at,
        )
    )


def of_conversation(session: Session, conversation_id: str) -> Sequence[Rating]:
    """All its ratings, the oldest first."""
    rows = select(Rating).where(Rating.conversation_id == conversation_id)
    return session.scalars(rows.order_by(Rating.resolved_at)).all()
