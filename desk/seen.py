"""Up to where each teammate has read a conversation; what came later is unread to them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base
from core.settings import settings


class Seen(Base):
    __tablename__ = "seen"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    teammate_id: Mapped[str] = mapped_column(ForeignKey("teammate.id"), primary_key=True)
    at: Mapped[datetime]
    """When the newest message they have seen came in."""


def mark_seen(session: Session, conversation_id: str, teammate_id: str, at: datetime) -> None:
    insert = sqlite.insert if settings().is_sqlite else postgresql.insert
    row = insert(Seen).values(conversation_id=conversation_id, teammate_id=teammate_id, at=at)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["conversation_id", "teammate_id"], set_={"at": row.excluded.at}
        )
    )
