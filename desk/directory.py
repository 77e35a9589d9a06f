"""Customers as teammates look them up: a page of them, each with what was merged into them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from desk import customers
from desk.conversations import Conversation
from desk.customers import Customer, Merge
from desk.identities import Evidence, Identity


@dataclass
class Entry:
    customer: Customer
    identities: list[Identity] = field(default_factory=list)
    conversations: int = 0
    last_at: datetime | None = None


def customers_page(
    session: Session, search: str, after: tuple[datetime, str] | None, limit: int
) -> list[Entry]:
    """The newest customers first; ids sort by time, so `after` needs only its id."""
    merged_away = exists().where(Merge.merged_id == Customer.id, Merge.undone_at.is_(None))
    chosen = select(Customer).where(~merged_away)
    if after:
        chosen = chosen.where(Customer.id < after[1])
    if search.strip():
        chosen = chosen.where(Customer.id.in_(_found(search.strip())))
    rows = session.scalars(chosen.order_by(Customer.id.desc()).limit(limit)).all()
    return _entries(session, rows)


def _found(words: str) -> Select[str]:
    """Ids of customers with these words in a name or address, and of whom they now belong to."""
    addressed = select(Identity.customer_id).where(Identity.value.icontains(words, autoescape=True))
    named = Customer.name.icontains(words, autoescape=True)
    matching = select(Customer.id).where(or_(named, Customer.id.in_(addressed)))
    found = matching.cte("found", recursive=True)
    step = select(Merge.into_id).join(found, Merge.merged_id == found.c.id)
    found = found.union(step.where(Merge.undone_at.is_(None)))
    return select(found.c.id)


def _entries(session: Session, rows: Sequence[Customer]) -> list[Entry]:
    entries = {row.id: Entry(row) for row in rows}
    owner = _absorbed(session, entries)
    for identity in session.scalars(select(Identity).where(Identity.customer_id.in_(owner))):
        entries[owner[identity.customer_id]].identities.append(identity)
    matters = session.execute(
        select(Conversation.customer_id, func.count(), func.max(Conversation.last_at))
        .where(Conversation.customer_id.in_(owner))
        .group_by(Conversation.customer_id)
    )
    for customer_id, count, last_at in matters:
        entry = entries[owner[customer_id]]
        entry.conversations += count
        entry.last_at = max(filter(None, (entry.last_at, last_at)), default=None)
    return list(entries.values())


def _absorbed(session: Session, ids: Iterable[str]) -> Mapping[str, str]:
    """Of these customers and all who were merged into them: who each belongs to."""
    owner = {customer_id: customer_id for customer_id in ids}
    level: Collection[str] = set(owner)
    while level:
        step = select(Merge.merged_id, Merge.into_id).where(
            Merge.into_id.in_(level), Merge.undone_at.is_(None)
        )
        new = {merged: owner[into] for merged, into in session.execute(step)}
        owner.update(new)
        level = set(new)
    return owner


def evidence_of(session: Session, ids: Collection[str]) -> Mapping[str, list[Evidence]]:
    """The reasons behind each of these identities, oldest first."""
    rows = session.scalars(
        select(Evidence).where(Evidence.identity_id.in_(ids)).order_by(Evidence.created_at)
    )
    reasons = defaultdict(list)
    for evidence in rows:
        reasons[evidence.identity_id].append(evidence)
    return reasons


def merges_into(session: Session, customer_id: str) -> list[tuple[Merge, Customer]]:
    """The merges in force that made this customer, with who was merged."""
    ids = customers.all_ids(session, customer_id)
    rows = session.execute(
        select(Merge, Customer)
        .join(Customer, Customer.id == Merge.merged_id)
        .where(Merge.into_id.in_(ids), Merge.undone_at.is_(None))
        .order_by(Merge.created_at)
    )
    return [(merge, customer) for merge, customer in rows]
