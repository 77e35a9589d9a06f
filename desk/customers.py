"""Customers: one record each, whatever the channel; and merges, which are rows of their own."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from core import audit, events
from core.clock import now
from core.db import Row
from core.errors import Conflict, NotFound


class Customer(Row):
    __tablename__ = "customer"

    name: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    merchant_id: Mapped[str | None] = mapped_column(unique=True)
    """The merchant's own id of this customer."""
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Merge(Row):
    """Says that one customer is another. Undone by closing the row; no id is ever rewritten."""

    __tablename__ = "merge"
    __table_args__ = (Index("ix_merge_open", "merged_id", "undone_at"),)

    merged_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    into_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    source: Mapped[str]
    strength: Mapped[str]
    by: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


def find(session: Session, customer_id: str) -> Customer:
    """The customer this id stands for today, merges followed."""
    customer = session.get(Customer, current_id(session, customer_id))
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer


def current_id(session: Session, customer_id: str) -> str:
    """The id at the end of the open merges."""
    while into := session.scalar(
        select(Merge.into_id).where(Merge.merged_id == customer_id, Merge.undone_at.is_(None))
    ):
        customer_id = into
    return customer_id


def current_ids(session: Session, ids: Collection[str]) -> dict[str, str]:
    """The id that each of these stands for today; a query per level of merges, not per id."""
    current = {customer_id: customer_id for customer_id in ids}
    while current:
        step = select(Merge.merged_id, Merge.into_id).where(
            Merge.merged_id.in_(set(current.values())), Merge.undone_at.is_(None)
        )
        into = dict(session.execute(step).all())
        if not into:
            break
        current = {old: into.get(now_is, now_is) for old, now_is in current.items()}
    return current


def all_ids(session: Session, customer_id: str) -> list[str]:
    """This customer's id and the ids of all who were merged into it."""
    chain = (
        select(Customer.id)
        .where(Customer.id == current_id(session, customer_id))
        .cte("same", recursive=True)
    )
    step = aliased(Merge)
    chain = chain.union(
        select(step.merged_id)
        .join(chain, step.into_id == chain.c.id)
        .where(step.undone_at.is_(None))
    )
    return list(session.scalars(select(chain.c.id)))


def merge(
    session: Session, merged_id: str, into_id: str, *, source: str, strength: str, by: str
) -> Merge:
    """Say that `merged_id` is `into_id`; `source` tells teammates why."""
    merged_id, into_id = current_id(session, merged_id), current_id(session, into_id)
    if merged_id == into_id:
        raise Conflict("These are the same customer already.")
    row = Merge(merged_id=merged_id, into_id=into_id, source=source, strength=strength, by=by)
    session.add(row)
    session.flush()
    audit.record(session, by, "customer.merged", into_id, source, merged=merged_id, merge=row.id)
    events.append(session, "customer.merged", customer=into_id, merged=merged_id)
    return row


def undo_merge(session: Session, merge_id: str, *, by: str, why: str = "") -> None:
    row = session.get(Merge, merge_id)
    if row is None or row.undone_at:
        raise NotFound("This merge is not in force.")
    row.undone_at, row.undone_by = now(), by
    audit.record(session, by, "customer.merge_undone", row.into_id, why, merge=row.id)
    events.append(session, "customer.merge_undone", customer=row.into_id, merged=row.merged_id)
