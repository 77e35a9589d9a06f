"""Who writes: from the addresses a channel shows to a customer, by rules and never by guess.

What is proven on both sides joins by itself; what contradicts is a suggestion for a teammate; what
somebody merely typed joins nobody.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, events
from core.clock import now
from desk import customers, identities, identity_moves, merges, placing, suggestions
from desk.customers import Customer
from desk.envelope import Address, Strength
from desk.identities import EXTERNAL, VISITOR, Identity
from desk.suggestions import Reason, Why

JOINING = ("phone", "email", EXTERNAL, "whatsapp", VISITOR)
"""Kinds of address that, proven, may join two customers. Ids of other networks say nothing about
who somebody is elsewhere."""
WHATSAPP, PHONE = "whatsapp", "phone"
SYSTEM = identity_moves.SYSTEM


def recognise(session: Session, addresses: Sequence[Address], name: str = "") -> Identity:
    """The identity of whoever writes from these addresses; a stranger becomes a customer.

    The first address is the one that receives replies, and says who it is, unless the merchant
    has signed somebody in.
    """
    proven = [address for address in addresses if address.strength != Strength.CLAIMED]
    if not proven:
        raise ValueError("a message needs a sender that its channel has seen")
    placing.unchanging(session)
    owner = _owner(session, proven)
    if owner is None:
        placing.introducing(session)
        owner = _owner(session, proven) or _new_customer(session, name)
    found = [_link(session, owner, address, proven) for address in proven]
    return found[0]


def _owner(session: Session, proven: Sequence[Address]) -> str | None:
    """The customer who writes, as they stand today; None for a stranger."""
    anchor = _anchor(session, proven)
    owner = (
        _owner_by_merchant(session, proven)
        or (anchor and anchor.customer_id)
        or _owner_by_phone(session, proven)
    )
    return customers.current_id(session, owner) if owner else None


def _anchor(session: Session, proven: Sequence[Address]) -> Identity | None:
    """The known address that decides: whom the merchant signed in, else the first, if it still
    proves anything."""
    signed = [a for a in proven if a.strength == Strength.SIGNED and a.kind != VISITOR]
    for address in [*signed, proven[0], *_beside(proven)]:
        known = identities.find(session, address.kind, address.value)
        if (
            known
            and not known.retired_at
            and not _is_somebody_elses(session, known, proven)
            and not _is_signed_as_another(session, known, proven)
        ):
            return known
    return None


def _is_signed_as_another(session: Session, known: Identity, proven: Sequence[Address]) -> bool:
    """Whether the merchant signed in somebody else than whom it knows this address's owner as."""
    signed = {address.value for address in proven if address.kind == EXTERNAL}
    if not signed:
        return False
    theirs = _merchant_ids(session, known.customer_id)
    return bool(theirs) and signed.isdisjoint(theirs)


def _owner_by_merchant(session: Session, proven: Sequence[Address]) -> str | None:
    """Whom the merchant signed in, by its own number of a customer that was imported."""
    signed = [address.value for address in proven if address.kind == EXTERNAL]
    known = select(Customer.id).where(Customer.merchant_id.in_(signed))
    return session.scalar(known.limit(1)) if signed else None


def _beside(proven: Sequence[Address]) -> list[Address]:
    """Other addresses that the channel proves in the same message, phones apart: who holds a
    number now is a question of its own."""
    return [
        address
        for address in proven[1:]
        if address.kind in JOINING
        and address.kind != PHONE
        and address.strength.rank >= Strength.ASSERTED.rank
    ]


def _owner_by_phone(session: Session, proven: Sequence[Address]) -> str | None:
    """A WhatsApp user not seen before, on a number that is known: the same person, unless the
    number has been another user's."""
    for address in proven:
        known = identities.find(session, address.kind, address.value)
        if (
            known
            and address.kind == PHONE
            and address.strength.rank >= Strength.ASSERTED.rank
            and not known.retired_at
            and not known.shared
            and not _is_somebody_elses(session, known, proven)
            and not (_whatsapp_ids(session, known.customer_id) and _user_id(proven))
        ):
            return known.customer_id
    return None


def _user_id(proven: Sequence[Address]) -> Address | None:
    return next((address for address in proven if address.kind == WHATSAPP), None)


def _is_somebody_elses(session: Session, known: Identity, proven: Sequence[Address]) -> bool:
    """Whether a number was last seen with another WhatsApp user id than the one that writes."""
    writer = _user_id(proven)
    return bool(
        known.kind == PHONE and writer and known.seen_with and known.seen_with != writer.value
    )


def _whatsapp_ids(session: Session, customer_id: str) -> list[Identity]:
    theirs = identities.of_customer(session, customer_id)
    return [one for one in theirs if one.kind == WHATSAPP and not one.retired_at]


def _link(session: Session, owner: str, address: Address, proven: Sequence[Address]) -> Identity:
    """The identity of one address, joined to its writer as far as the rules allow."""
    owner = customers.current_id(session, owner)
    identity = identities.find(session, address.kind, address.value)
    if identity is None:
        identity = identities.add(session, owner, address)
    elif customers.current_id(session, identity.customer_id) != owner:
        _settle_two(session, owner, identity, address, proven)
    if address.kind == PHONE and (writer := _user_id(proven)):
        identity.seen_with = writer.value
    identity.retired_at = None
    _believe(session, identity, address, owner)
    _join_assigned(session, identity)
    return identity


def _believe(session: Session, identity: Identity, address: Address, owner: str) -> None:
    """A signature is the merchant's word about one customer; a channel's proof is about whoever
    writes from the address."""
    merchants = address.strength == Strength.SIGNED and address.kind != VISITOR
    identities.believe(
        session, identity, address.strength, address.source, owner if merchants else None
    )


def _settle_two(
    session: Session, owner: str, identity: Identity, address: Address, proven: Sequence[Address]
) -> None:
    """An address of this writer stands with another customer."""
    other = customers.current_id(session, identity.customer_id)
    if identity.kind == PHONE and _user_id(proven):
        if identity.retired_at or _is_somebody_elses(session, identity, proven):
            _take_number(session, owner, identity, address)
            return
        if identity.shared:
            return
        if _whatsapp_ids(session, other):
            _take_number(session, owner, identity, address)
            return
    if identity.retired_at:
        identity_moves.move(
            session, identity, owner, source="its former owner gave it up", by=SYSTEM
        )
        return
    if identity.kind == VISITOR:
        _join_visitor(session, identity, owner, proven)
        return
    if may_join(session, owner, other) and _is_proven(address) and _is_strong(identity):
        join(session, owner, other, f"{address.kind} proven on both sides: {address.source}")
        return
    words = f"{address.source or 'A channel'} shows an address for one that stands with the other."
    reason = Reason(Why.CONFLICT, words, _shown(address), address.strength)
    suggestions.suggest(session, owner, other, reason)


def _take_number(session: Session, owner: str, identity: Identity, address: Address) -> None:
    """A number that another WhatsApp user wrote from: it goes to who writes now. One that goes
    back and forth is shared, stays where it is and proves nobody."""
    other = identity.customer_id
    if identity_moves.has_been_with(session, identity, owner):
        identity.shared = True
        identities.weigh(session, identity)
    else:
        source = "another WhatsApp user writes from this number now"
        identity_moves.move(session, identity, owner, source=source, by=SYSTEM)
    if identities.assigned_to(session, identity.id) or identity.shared:
        words = "Two WhatsApp users have written from this number."
        suggestions.suggest(session, owner, other, Reason(Why.NUMBER, words, _shown(address)))


def _join_visitor(
    session: Session, identity: Identity, owner: str, proven: Sequence[Address]
) -> None:
    """A visitor who had no name until the website signed them in is that customer, once."""
    other = customers.current_id(session, identity.customer_id)
    signed = any(a.strength == Strength.SIGNED for a in proven)
    theirs = identities.of_customer(session, other)
    anonymous = all(one.kind == VISITOR for one in theirs)
    if signed and anonymous and may_join(session, owner, other):
        merges.merge(
            session,
            other,
            owner,
            source="the website signed this visitor in",
            strength=Strength.SIGNED,
            by=SYSTEM,
        )


def _join_assigned(session: Session, identity: Identity) -> None:
    """An address that the channel proves joins its writer to whom the merchant assigned it."""
    if not _is_strong(identity) or identity.shared:
        return
    assigned_to = identities.assigned_to(session, identity.id)
    if not assigned_to or not _channel_proves(session, identity):
        return
    for assigned in assigned_to:
        owner = customers.current_id(session, identity.customer_id)
        other = customers.current_id(session, assigned)
        if owner == other:
            continue
        if may_join(session, owner, other):
            join(session, other, owner, "the merchant assigned an address the channel proves")
            continue
        words = "The merchant assigned an address to one that the channel proves for the other."
        shown = f"{identity.kind} {identity.value}"
        suggestions.suggest(session, owner, other, Reason(Why.CONFLICT, words, shown))


def assign(session: Session, customer: Customer, address: Address) -> Identity:
    """The merchant says that this address is this customer's. If it has said so of somebody else,
    or somebody else has proven it, the two may be one: a teammate judges."""
    identity = identities.assign(session, customer, address)
    session.flush()
    if address.strength.rank < Strength.ASSERTED.rank or identity.retired_at or identity.shared:
        return identity
    proven_for = [identity.customer_id] if _is_strong(identity) else []
    for other in (*proven_for, *identities.assigned_to(session, identity.id)):
        words = "The same address is proven for both."
        reason = Reason(Why.CONFLICT, words, _shown(address), identity.strength)
        suggestions.suggest(session, customer.id, other, reason)
    return identity


def _channel_proves(session: Session, identity: Identity) -> bool:
    return any(
        reason.customer_id is None
        and reason.stale_at is None
        and Strength(reason.strength).rank >= Strength.ASSERTED.rank
        for reason in identities.evidence_for(session, identity.id)
    )


def may_join(session: Session, one: str, other: str) -> bool:
    """No rule joins two whom the merchant keeps apart, nor two whom a teammate has parted."""
    return not (
        _known_apart(session, one, other)
        or merges.were_parted(session, one, other)
        or identity_moves.were_parted(session, one, other)
    )


def _known_apart(session: Session, one: str, other: str) -> bool:
    ones, others = _merchant_ids(session, one), _merchant_ids(session, other)
    return bool(ones and others and ones.isdisjoint(others))


def _merchant_ids(session: Session, customer_id: str) -> set[str]:
    signed = {i.value for i in identities.of_customer(session, customer_id) if i.kind == EXTERNAL}
    rows = (session.get(Customer, one) for one in customers.all_ids(session, customer_id))
    return signed | {row.merchant_id for row in rows if row and row.merchant_id}


def join(session: Session, one: str, other: str, source: str) -> None:
    """Merge by rule: into the one the merchant knows, else into the older."""
    one, other = customers.current_id(session, one), customers.current_id(session, other)
    if one == other:
        return
    into = one if _merchant_ids(session, one) else other
    if not _merchant_ids(session, one) and not _merchant_ids(session, other):
        into = min(one, other)
    merged = other if into == one else one
    merges.merge(session, merged, into, source=source, strength=Strength.VERIFIED, by=SYSTEM)


def _is_proven(address: Address) -> bool:
    return address.kind in JOINING and address.strength.rank >= Strength.ASSERTED.rank


def _is_strong(identity: Identity) -> bool:
    proven = Strength(identity.strength).rank >= Strength.ASSERTED.rank
    return identity.kind in JOINING and proven and not identity.shared


def changed(session: Session, previous: Address, present: Sequence[Address]) -> None:
    """The provider says that a customer's address became another one. The old one proves no more,
    nor does a number that was seen with it."""
    placing.unchanging(session)
    old = identities.find(session, previous.kind, previous.value)
    if old is None:
        recognise(session, present)
        return
    customer_id = customers.current_id(session, old.customer_id)
    kept = {(address.kind, address.value) for address in present}
    number_changes = previous.kind == PHONE or any(a.kind == PHONE for a in present)
    for identity in identities.of_customer(session, customer_id):
        tied = number_changes and identity.kind == PHONE and identity.seen_with == previous.value
        if (identity.id == old.id or tied) and (identity.kind, identity.value) not in kept:
            _retire(session, identity)
    for address in present:
        _renew(session, customer_id, address, present)
    audit.record(
        session, SYSTEM, "identity.changed", customer_id, "the provider said so", before=old.id
    )
    events.append(session, "identity.changed", customer=customer_id)


def _retire(session: Session, identity: Identity) -> None:
    identity.retired_at = identity.retired_at or now()
    identities.weigh(session, identity)


def _renew(
    session: Session, customer_id: str, address: Address, present: Sequence[Address]
) -> None:
    """The new address is theirs, whoever had it before: the provider re-linked it."""
    identity = identities.find(session, address.kind, address.value)
    if identity is None:
        identity = identities.add(session, customer_id, address)
    elif customers.current_id(session, identity.customer_id) != customer_id:
        if address.kind == PHONE:
            identity_moves.move(
                session, identity, customer_id, source="the provider re-linked it", by=SYSTEM
            )
        elif may_join(session, identity.customer_id, customer_id):
            join(session, customer_id, identity.customer_id, "the provider re-linked the user id")
        else:
            words = "The provider says that one's user id became the other's."
            reason = Reason(Why.CONFLICT, words, _shown(address))
            suggestions.suggest(session, customer_id, identity.customer_id, reason)
            return
    identity.retired_at = None
    if address.kind == PHONE and (writer := _user_id(present)):
        identity.seen_with = writer.value
    identities.believe(session, identity, address.strength, address.source)


def _shown(address: Address) -> str:
    return f"{address.kind} {address.value}"


def _new_customer(session: Session, name: str) -> str:
    customer = Customer(name=name.strip()[:200])
    session.add(customer)
    session.flush()
    return customer.id
