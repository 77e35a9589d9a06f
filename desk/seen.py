"""When each teammate last opened a conversation; what came later is unread to them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import now
from core.db import Base


class Seen(Base):
    __tablename__ = "seen"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    teammate_id: Mapped[str] = mapped_column(ForeignKey("teammate.id"), primary_key=True)
    at: Mapped[datetime]


def mark_seen(session: Session, conversation_id: str, teammate_id: str) -> None:
    session.merge(Seen(conversation_id=conversation_id, teammate_id=teammate_id, at=now()))
