"""What a visitor did on the website, as it says: a short history, the oldest falls out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session

from core import events
from core.clock import now
from core.db import Row
from desk import identities
from desk.identities import VISITOR
from desk.visitor_attributes import Scalar

KEPT = 50
"""Events kept of one visitor."""


class VisitorEvent(Row):
    __tablename__ = "visitor_event"
    __table_args__ = (
        UniqueConstraint("visitor", "client_id"),
        Index("ix_visitor_event_latest", "visitor", "at"),
    )

    visitor: Mapped[str]
    client_id: Mapped[str]
    """The browser's own id of it: sent again it is still one."""
    name: Mapped[str]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]


def record(
    session: Session,
    visitor: str,
    name: str,
    data: Mapping[str, Scalar],
    *,
    client_id: str,
    at: datetime,
) -> None:
    """Keep what the visitor did; a clock that runs ahead is set to now."""
    same = select(VisitorEvent.id).where(
        VisitorEvent.visitor == visitor, VisitorEvent.client_id == client_id
    )
    if session.scalar(same):
        return
    event = VisitorEvent(
        visitor=visitor, client_id=client_id, name=name, data=dict(data), at=min(at, now())
    )
    session.add(event)
    session.flush()
    _let_the_oldest_go(session, visitor)
    if customer_id := identities.customer_of(session, VISITOR, visitor):
        events.append(session, "visitor.acted", customer=customer_id, event=event.id)


def latest(session: Session, visitors: Sequence[str], limit: int) -> list[VisitorEvent]:
    rows = select(VisitorEvent).where(VisitorEvent.visitor.in_(visitors))
    return list(session.scalars(rows.order_by(*_NEWEST_FIRST).limit(limit)))


_NEWEST_FIRST = (VisitorEvent.at.desc(), VisitorEvent.id.desc())


def _let_the_oldest_go(session: Session, visitor: str) -> None:
    mine = select(VisitorEvent.id).where(VisitorEvent.visitor == visitor)
    old = mine.order_by(*_NEWEST_FIRST).offset(KEPT)
    session.execute(delete(VisitorEvent).where(VisitorEvent.id.in_(old)))
