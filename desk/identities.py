"""Identities: a customer's addresses, each with the evidence that it is theirs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Row
from desk import customers
from desk.customers import Customer
from desk.envelope import Address, Strength

VISITOR, EXTERNAL = "visitor", "external"
PROVEN = tuple(one for one in Strength if one.rank >= Strength.ASSERTED.rank)


class Identity(Row):
    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("kind", "value"),)

    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    kind: Mapped[str]
    value: Mapped[str]
    strength: Mapped[str]
    """The strongest evidence in force that this address is this customer's."""
    seen_with: Mapped[str | None]
    """Of a phone: the WhatsApp user id whose messages came from it last."""
    retired_at: Mapped[datetime | None]
    """Since when it proves nothing: its owner has another one, as the provider says."""
    shared: Mapped[bool] = mapped_column(default=False)
    """Several people write from it by turns: it joins nobody to anybody."""

    @property
    def address(self) -> Address:
        return Address(self.kind, self.value, Strength(self.strength))


class Evidence(Row):
    """One reason to believe that an identity belongs to a customer."""

    __tablename__ = "evidence"

    identity_id: Mapped[str] = mapped_column(ForeignKey("identity.id"), index=True)
    customer_id: Mapped[str | None] = mapped_column(index=True)
    """To whom somebody (the merchant, a code) assigns the address. None: the channel says that
    messages come from it, whoever it belongs to."""
    strength: Mapped[str]
    source: Mapped[str]
    stale_at: Mapped[datetime | None]
    """Since when it counts no more."""
    stale_why: Mapped[str] = mapped_column(default="")
    stale_by: Mapped[str | None]
    """The move (desk.identity_moves) that made it stale: undoing that revives it."""


def believe(
    session: Session,
    identity: Identity,
    strength: Strength,
    source: str,
    customer_id: str | None = None,
) -> None:
    """Add a reason; the identity becomes as strong as its strongest reason in force."""
    reasons = evidence_for(session, identity.id)
    given = (source, customer_id, None)
    seen = next((r for r in reasons if (r.source, r.customer_id, r.stale_at) == given), None)
    if seen is None:
        reason = Evidence(
            identity_id=identity.id, strength=strength, source=source, customer_id=customer_id
        )
        session.add(reason)
        reasons.append(reason)
    elif strength.rank > Strength(seen.strength).rank:
        seen.strength = strength
    _weigh(session, identity, reasons)


def weigh(session: Session, identity: Identity) -> None:
    """Set the strength anew from the reasons in force for whom it belongs to today."""
    session.flush()
    _weigh(session, identity, evidence_for(session, identity.id))


def _weigh(session: Session, identity: Identity, reasons: Sequence[Evidence]) -> None:
    if identity.retired_at:
        identity.strength = Strength.CLAIMED
        return
    theirs = customers.all_ids(session, identity.customer_id)
    in_force = [
        Strength(reason.strength)
        for reason in reasons
        if reason.stale_at is None and (reason.customer_id in (None, *theirs))
    ]
    strongest = max(in_force, key=lambda one: one.rank, default=Strength.CLAIMED)
    if identity.shared and strongest.rank > Strength.OBSERVED.rank:
        strongest = Strength.OBSERVED
    identity.strength = strongest


def assign(session: Session, customer: Customer, address: Address) -> Identity:
    """The merchant says that this address is this customer's (import, CRM, signed API).

    One that belongs to somebody else stays with them: the word is kept as evidence, and joins
    the two once the channel proves the address (desk.recognition).
    """
    identity = find(session, address.kind, address.value) or add(session, customer.id, address)
    believe(session, identity, address.strength, address.source, customer.id)
    return identity


def assigned_to(session: Session, identity_id: str) -> list[str]:
    """The customers to whom somebody assigns this address today, merges followed."""
    rows = session.scalars(
        select(Evidence.customer_id).where(
            Evidence.identity_id == identity_id,
            Evidence.customer_id.is_not(None),
            Evidence.stale_at.is_(None),
            Evidence.strength.in_(PROVEN),
        )
    )
    return list(dict.fromkeys(customers.current_id(session, one) for one in rows if one))


def of_customer(session: Session, customer_id: str) -> list[Identity]:
    ids = customers.all_ids(session, customer_id)
    return list(
        session.scalars(
            select(Identity).where(Identity.customer_id.in_(ids)).order_by(Identity.created_at)
        )
    )


def customer_of(session: Session, kind: str, value: str) -> str | None:
    """Whose address this is today, merges followed."""
    customer_id = session.scalar(
        select(Identity.customer_id).where(Identity.kind == kind, Identity.value == value)
    )
    return customers.current_id(session, customer_id) if customer_id else None


def evidence_for(session: Session, identity_id: str) -> list[Evidence]:
    rows = select(Evidence).where(Evidence.identity_id == identity_id)
    return list(session.scalars(rows.order_by(Evidence.created_at)))


def find(session: Session, kind: str, value: str) -> Identity | None:
    return session.scalar(select(Identity).where(Identity.kind == kind, Identity.value == value))


def add(session: Session, customer_id: str, address: Address) -> Identity:
    identity = Identity(
        customer_id=customer_id, kind=address.kind, value=address.value, strength=address.strength
    )
    session.add(identity)
    session.flush()
    return identity
