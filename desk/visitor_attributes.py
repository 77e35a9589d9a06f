"""What a website says about its visitor: the last known values. They prove nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.clock import now
from core.db import Row
from core.errors import Invalid
from desk import identities
from desk.identities import VISITOR

MOST = 50
"""Attributes of one visitor."""

Scalar = str | int | float | bool | None


class VisitorAttribute(Row):
    """Kept by visitor, so that merging customers and undoing it moves nothing."""

    __tablename__ = "visitor_attribute"
    __table_args__ = (UniqueConstraint("visitor", "name"),)

    visitor: Mapped[str]
    name: Mapped[str]
    value: Mapped[Scalar] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(default=now)
    """When the website said so last."""


def remember(session: Session, visitor: str, values: Mapping[str, Scalar]) -> None:
    """Keep these values; None takes one back. Raises Invalid when they become too many."""
    known = {row.name: row for row in of_visitors(session, [visitor])}
    before = {name: row.value for name, row in known.items()}
    for name, value in values.items():
        row = known.get(name)
        if value is None:
            if row:
                session.delete(known.pop(name))
        elif row:
            row.value, row.at = value, now()
        else:
            known[name] = VisitorAttribute(visitor=visitor, name=name, value=value)
            session.add(known[name])
    if len(known) > MOST:
        raise Invalid(f"A visitor has {MOST} attributes at most. Set to null what is not needed.")
    customer_id = identities.customer_of(session, VISITOR, visitor)
    if customer_id and before != {name: row.value for name, row in known.items()}:
        events.append(session, "visitor.changed", customer=customer_id)


def of_visitors(session: Session, visitors: Sequence[str]) -> list[VisitorAttribute]:
    """All that is known, by visitor; what was said last comes last."""
    rows = select(VisitorAttribute).where(VisitorAttribute.visitor.in_(visitors))
    return list(session.scalars(rows.order_by(VisitorAttribute.at, VisitorAttribute.id)))


def latest(session: Session, visitors: Sequence[str]) -> list[VisitorAttribute]:
    """One value for each name, the one that was said last; by name."""
    newest = {row.name: row for row in of_visitors(session, visitors)}
    return [newest[name] for name in sorted(newest, key=str.casefold)]
