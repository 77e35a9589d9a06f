"""Visitors who looked and went: what the website told about them is not kept for ever."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from desk.identities import VISITOR, Identity
from desk.visitor_attributes import VisitorAttribute
from desk.visitor_events import VisitorEvent

AT_ONCE = 5000
"""Rows of each kind; the rest goes next time, so that nobody waits for the lock."""


def forget(session: Session, before: datetime) -> int:
    """Delete what was told before then about visitors who are no customers. Returns the rows."""
    told = ((VisitorAttribute, VisitorAttribute.at), (VisitorEvent, VisitorEvent.created_at))
    gone = 0
    for noun, told_at in told:
        is_customer = exists().where(Identity.kind == VISITOR, Identity.value == noun.visitor)
        old = select(noun.id).where(told_at < before, ~is_customer).limit(AT_ONCE)
        rows = session.scalars(old).all()
        session.execute(delete(noun).where(noun.id.in_(rows)))
        gone += len(rows)
    return gone
