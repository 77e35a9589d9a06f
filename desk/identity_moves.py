"""Moving an identity, with all it said, to another customer: a row, undone exactly like a merge."""

from datetime import datetime

from sqlalchemy import ForeignKey, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, events
from core.clock import now
from core.db import Row
from core.errors import Conflict, NotFound
from desk import customers, identities, placing
from desk.customers import Customer
from desk.envelope import Strength
from desk.identities import Evidence, Identity

SYSTEM = "system"


class IdentityMove(Row):
    """Says that an identity belongs to `to_id`. The last one in force counts."""

    __tablename__ = "identity_move"

    identity_id: Mapped[str] = mapped_column(ForeignKey("identity.id"), index=True)
    from_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    to_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    source: Mapped[str]
    by: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


def move(session: Session, identity: Identity, to_id: str, *, source: str, by: str) -> IdentityMove:
    """From now on this address, with what was said from it, is `to_id`'s."""
    placing.alone(session)
    session.refresh(identity)
    if customers.current_id(session, identity.customer_id) == customers.current_id(session, to_id):
        raise Conflict("This address belongs to that customer already.")
    concerned = customers.all_ids(session, identity.customer_id)
    row = IdentityMove(
        identity_id=identity.id, from_id=identity.customer_id, to_id=to_id, source=source, by=by
    )
    session.add(row)
    session.flush()
    _outdate(session, identity, row)
    identity.customer_id = to_id
    if by != SYSTEM:
        identities.believe(session, identity, Strength.ASSERTED, f"a teammate: {source}", to_id)
    _tell(session, row, "identity.moved", source, by)
    identities.weigh(session, identity)
    placing.settle(session, [*concerned, *customers.all_ids(session, to_id)], by)
    return row


def split(session: Session, identity: Identity, *, source: str, by: str) -> IdentityMove:
    """Move an identity to a customer of its own."""
    theirs = identities.of_customer(session, identity.customer_id)
    if len(theirs) < 2:
        raise Conflict("This is the customer's only address: there is nothing to split off.")
    apart = Customer(name="")
    session.add(apart)
    session.flush()
    return move(session, identity, apart.id, source=source, by=by)


def undo(session: Session, move_id: str, *, by: str, why: str = "") -> None:
    """Take a move back, whatever was moved since: the last move in force decides."""
    placing.alone(session)
    row = session.get(IdentityMove, move_id, populate_existing=True)
    if row is None or row.undone_at:
        raise NotFound("This move is not in force.")
    identity = session.get_one(Identity, row.identity_id, populate_existing=True)
    row.undone_at, row.undone_by = now(), by
    session.flush()
    before = identity.customer_id
    identity.customer_id = _owner(session, identity)
    session.execute(
        update(Evidence)
        .where(Evidence.stale_by == row.id)
        .values(stale_at=None, stale_why="", stale_by=None)
    )
    _tell(session, row, "identity.move_undone", why, by)
    identities.weigh(session, identity)
    concerned = {*customers.all_ids(session, before), identity.customer_id}
    placing.settle(session, concerned | set(customers.all_ids(session, identity.customer_id)), by)


def of_customer(session: Session, customer_id: str) -> list[tuple[IdentityMove, Identity]]:
    """The moves in force that brought an address here or took one away."""
    ids = customers.all_ids(session, customer_id)
    rows = session.execute(
        select(IdentityMove, Identity)
        .join(Identity, Identity.id == IdentityMove.identity_id)
        .where(or_(IdentityMove.from_id.in_(ids), IdentityMove.to_id.in_(ids)))
        .where(IdentityMove.undone_at.is_(None))
        .order_by(IdentityMove.id)
    )
    return [(row, identity) for row, identity in rows]


def were_parted(session: Session, one: str, other: str) -> bool:
    """Whether a teammate has moved an address from one of these two to the other."""
    ones, others = customers.all_ids(session, one), customers.all_ids(session, other)
    return bool(
        session.scalar(
            select(IdentityMove.id)
            .where(IdentityMove.undone_at.is_(None), IdentityMove.by != SYSTEM)
            .where(
                or_(
                    and_(IdentityMove.from_id.in_(ones), IdentityMove.to_id.in_(others)),
                    and_(IdentityMove.from_id.in_(others), IdentityMove.to_id.in_(ones)),
                )
            )
            .limit(1)
        )
    )


def has_been_with(session: Session, identity: Identity, customer_id: str) -> bool:
    """Whether this address was taken from this customer before."""
    ids = customers.all_ids(session, customer_id)
    taken = select(IdentityMove.id).where(
        IdentityMove.identity_id == identity.id,
        IdentityMove.from_id.in_(ids),
        IdentityMove.undone_at.is_(None),
    )
    return session.scalar(taken.limit(1)) is not None


def _owner(session: Session, identity: Identity) -> str:
    rows = session.scalars(
        select(IdentityMove)
        .where(IdentityMove.identity_id == identity.id)
        .order_by(IdentityMove.id)
    ).all()
    in_force = [row for row in rows if row.undone_at is None]
    return in_force[-1].to_id if in_force else rows[0].from_id


def _outdate(session: Session, identity: Identity, row: IdentityMove) -> None:
    """Whoever assigned this address to its old customer is overruled as long as the move holds."""
    theirs = customers.all_ids(session, row.from_id)
    session.execute(
        update(Evidence)
        .where(
            Evidence.identity_id == identity.id,
            Evidence.customer_id.in_(theirs),
            Evidence.stale_at.is_(None),
        )
        .values(stale_at=now(), stale_why=row.source, stale_by=row.id)
    )


def _tell(session: Session, row: IdentityMove, action: str, why: str, by: str) -> None:
    audit.record(session, by, action, row.to_id, why, move=row.id, identity=row.identity_id)
    for customer_id in (row.from_id, row.to_id):
        events.append(session, action, customer=customer_id)
