"""Identities: a customer's addresses, each with the evidence that it is theirs."""

from collections.abc import Sequence

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Row
from desk import customers
from desk.customers import Customer
from desk.envelope import Address, Strength

VISITOR = "visitor"


class Identity(Row):
    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("kind", "value"),)

    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    kind: Mapped[str]
    value: Mapped[str]
    strength: Mapped[str]
    """The strongest evidence so far that this address is this customer's."""

    @property
    def address(self) -> Address:
        return Address(self.kind, self.value, Strength(self.strength))


class Evidence(Row):
    """One reason to believe that an identity belongs to its customer."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("identity_id", "source"),)

    identity_id: Mapped[str] = mapped_column(ForeignKey("identity.id"))
    strength: Mapped[str]
    source: Mapped[str]


def recognise(session: Session, addresses: Sequence[Address], name: str = "") -> Identity:
    """The identity of whoever writes from these addresses; a stranger becomes a customer.

    The first address is the one that receives replies. Addresses that the channel proves join
    each other; what a customer merely typed (claimed) is noted and joins nobody.
    """
    proven = [address for address in addresses if address.strength != Strength.CLAIMED]
    if not proven:
        raise ValueError("a message needs a sender that its channel has seen")
    known = [_find(session, address) for address in proven]
    owner = _owner(session, known, proven) or _new_customer(session, name)
    found = [
        identity or _add(session, owner, address)
        for identity, address in zip(known, proven, strict=True)
    ]
    for identity, address in zip(found, proven, strict=True):
        believe(session, identity, address.strength, address.source)
    _join_anonymous_visitor(session, found, owner)
    return found[0]


def _owner(
    session: Session, known: Sequence[Identity | None], proven: Sequence[Address]
) -> str | None:
    """Whose addresses these are: whom the merchant signed in decides, else the first known."""
    pairs = [(i, a) for i, a in zip(known, proven, strict=True) if i]
    signed = [i for i, a in pairs if a.strength == Strength.SIGNED and i.kind != VISITOR]
    first = next(iter(signed or [i for i, _ in pairs]), None)
    return customers.current_id(session, first.customer_id) if first else None


def _join_anonymous_visitor(session: Session, found: Sequence[Identity], owner: str) -> None:
    """A visitor who had no name until the website signed them in is that customer."""
    if not any(identity.strength == Strength.SIGNED for identity in found):
        return
    for identity in found:
        other = customers.current_id(session, identity.customer_id)
        if identity.kind == VISITOR and other != owner and _is_anonymous(session, other):
            customers.merge(
                session,
                other,
                owner,
                source="the website signed this visitor in",
                strength=Strength.SIGNED,
                by="system",
            )


def _is_anonymous(session: Session, customer_id: str) -> bool:
    return all(identity.kind == VISITOR for identity in of_customer(session, customer_id))


def believe(session: Session, identity: Identity, strength: Strength, source: str) -> None:
    """Add a reason; the identity becomes as strong as its strongest reason."""
    seen = session.scalar(
        select(Evidence).where(Evidence.identity_id == identity.id, Evidence.source == source)
    )
    if seen is None:
        session.add(Evidence(identity_id=identity.id, strength=strength, source=source))
    if strength.rank > Strength(identity.strength).rank:
        identity.strength = strength


def assign(session: Session, customer: Customer, address: Address) -> Identity:
    """The merchant says that this address is this customer's (import, CRM, signed API)."""
    identity = _find(session, address) or _add(session, customer.id, address)
    believe(session, identity, address.strength, address.source)
    return identity


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


def _find(session: Session, address: Address) -> Identity | None:
    return session.scalar(
        select(Identity).where(Identity.kind == address.kind, Identity.value == address.value)
    )


def _add(session: Session, customer_id: str, address: Address) -> Identity:
    identity = Identity(
        customer_id=customer_id, kind=address.kind, value=address.value, strength=address.strength
    )
    session.add(identity)
    session.flush()
    return identity


def _new_customer(session: Session, name: str) -> str:
    customer = Customer(name=name.strip()[:200])
    session.add(customer)
    session.flush()
    return customer.id
