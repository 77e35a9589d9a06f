"""Customers: one record each, whatever the channel; and the merges that say who is whom."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, bindparam, event, select, text
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from core.db import Row
from core.errors import NotFound


class Customer(Row):
    __tablename__ = "customer"

    name: Mapped[str] = mapped_column(default="", index=True)
    language: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    merchant_id: Mapped[str | None] = mapped_column(unique=True)
    """The merchant's own id of this customer."""
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Merge(Row):
    """Says that one customer is another. Undone by closing the row; no id is ever rewritten."""

    __tablename__ = "merge"
    __table_args__ = (
        Index("ix_merge_open", "merged_id", "undone_at"),
        Index(
            "uq_merge_in_force",
            "merged_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

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


def lock(session: Session, customer_id: str) -> Customer:
    """The customer this id stands for today. Nobody else adds a message of theirs until this
    transaction ends."""
    return session.scalars(
        select(Customer).where(Customer.id == current_id(session, customer_id)).with_for_update()
    ).one()


def current_id(session: Session, customer_id: str) -> str:
    """The id at the end of the open merges."""
    known: dict[str, str] = session.info.setdefault(_CURRENT, {})
    if customer_id not in known:
        known[customer_id] = _end_of_merges(session, customer_id)
    return known[customer_id]


def _end_of_merges(session: Session, customer_id: str) -> str:
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
    current = current_id(session, customer_id)
    known: dict[str, list[str]] = session.info.setdefault(_ALL, {})
    if current not in known:
        known[current] = list(session.scalars(_SAME, {"current": current}))
    return list(known[current])


def _same_customer() -> Select[str]:
    """Built once: putting a recursive statement together takes longer than running it."""
    chain = select(Customer.id).where(Customer.id == bindparam("current"))
    same = chain.cte("same", recursive=True)
    step = aliased(Merge)
    merged = select(step.merged_id).join(same, step.into_id == same.c.id)
    return select(same.union(merged.where(step.undone_at.is_(None))).c.id)


_SAME = _same_customer()


# Who is whom is asked dozens of times for one message and answered once in each transaction.
_CURRENT, _ALL = "customers.current", "customers.all"


def forget_merges(session: Session) -> None:
    """What this transaction knows of who is whom may have changed."""
    session.info.pop(_CURRENT, None)
    session.info.pop(_ALL, None)


@event.listens_for(Session, "after_flush")
def _forget_changed(session: Session, _context: Any) -> None:
    changed = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, Merge) for row in changed):
        forget_merges(session)


@event.listens_for(Session, "after_transaction_end")
def _forget_ended(session: Session, transaction: Any) -> None:
    if transaction.parent is None or transaction.nested:
        forget_merges(session)
