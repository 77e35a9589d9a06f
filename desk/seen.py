"""Up to where each teammate has read a conversation; what came later is unread to them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.db import Base
from core.settings import settings


class Seen(Base):
    __tablename__ = "seen"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    teammate_id: Mapped[str] = mapped_column(ForeignKey("teammate.id"), primary_key=True)
    at: Mapped[datetime]
    """When the newest message they have seen came in."""


def seen_until(session: Session, conversation_ids: Collection[str]) -> dict[str, datetime]:
    """Up to where any teammate has read these conversations."""
    rows = (
        select(Seen.conversation_id, func.max(Seen.at))
        .where(Seen.conversation_id.in_(conversation_ids))
        .group_by(Seen.conversation_id)
    )
    return dict(session.execute(rows).all())


def mark_seen(session: Session, conversation_id: str, teammate_id: str, at: datetime) -> None:
    insert = sqlite.insert if settings().is_sqlite else postgresql.insert
    row = insert(Seen).values(conversation_id=conversation_id, teammate_id=teammate_id, at=at)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["conversation_id", "teammate_id"], set_={"at": row.excluded.at}
        )
    )
    events.append(session, "seen.moved", conversation_id)
