"""Merging two customers into one, and undoing it exactly: a merge is a row, no id is rewritten."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core import audit, events
from core.clock import now
from core.errors import Conflict, NotFound
from desk import customers, placing
from desk.customers import Merge


def merge(
    session: Session, merged_id: str, into_id: str, *, source: str, strength: str, by: str
) -> Merge:
    """Say that `merged_id` is `into_id`; `source` tells teammates why."""
    placing.alone(session)
    merged_id = customers.current_id(session, merged_id)
    into_id = customers.current_id(session, into_id)
    if merged_id == into_id:
        raise Conflict("These are the same customer already.")
    row = Merge(merged_id=merged_id, into_id=into_id, source=source, strength=strength, by=by)
    session.add(row)
    session.flush()
    audit.record(session, by, "customer.merged", into_id, source, merged=merged_id, merge=row.id)
    events.append(session, "customer.merged", customer=into_id, merged=merged_id)
    placing.settle(session, customers.all_ids(session, into_id), by)
    return row


def undo(session: Session, merge_id: str, *, by: str, why: str = "") -> None:
    """Take a merge back, whatever was merged on top of it since."""
    placing.alone(session)
    row = session.get(Merge, merge_id, populate_existing=True)
    if row is None or row.undone_at:
        raise NotFound("This merge is not in force.")
    concerned = customers.all_ids(session, row.into_id)
    row.undone_at, row.undone_by = now(), by
    session.flush()
    audit.record(session, by, "customer.merge_undone", row.into_id, why, merge=row.id)
    events.append(session, "customer.merge_undone", customer=row.into_id, merged=row.merged_id)
    placing.settle(session, concerned, by)


def were_parted(session: Session, one: str, other: str) -> bool:
    """Whether somebody has undone a merge of these two: no rule does it again."""
    ones, others = customers.all_ids(session, one), customers.all_ids(session, other)
    return bool(
        session.scalar(
            select(Merge.id)
            .where(Merge.undone_at.is_not(None))
            .where(
                or_(
                    and_(Merge.merged_id.in_(ones), Merge.into_id.in_(others)),
                    and_(Merge.merged_id.in_(others), Merge.into_id.in_(ones)),
                )
            )
            .limit(1)
        )
    )
