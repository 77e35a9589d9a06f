"""What customers say about themselves. It proves nothing; at most it makes a suggestion."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.phones import e164
from desk import customers, identities, suggestions
from desk.customers import Customer
from desk.envelope import Address, Strength
from desk.identities import Identity
from desk.suggestions import Reason, Why

MOST = 3
"""Addresses looked up from one message."""
NAMESAKES = 20
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(r"(?<![\w.])\+\d[\d ()/-]{6,18}\d(?!\w)")


def note(session: Session, identity: Identity, sender: Sequence[Address], text: str) -> None:
    """Compare what a message claims with other customers, and suggest who may be the same."""
    owner = customers.current_id(session, identity.customer_id)
    for kind, value in claimed(sender, text):
        known = identities.find(session, kind, value)
        if known and not known.retired_at and known.id != identity.id:
            words = "One typed an address of the other."
            reason = Reason(Why.CLAIM, words, f"{kind} {value}", known.strength)
            suggestions.suggest(session, owner, known.customer_id, reason)
    _compare_namesakes(session, owner, text)


def claimed(sender: Sequence[Address], text: str) -> list[tuple[str, str]]:
    """The emails and phone numbers that somebody gave as theirs or wrote, a few at most."""
    given = [(one.kind, one.value) for one in sender if one.strength == Strength.CLAIMED]
    written = [("email", found.lower()) for found in _EMAIL.findall(text[:5000])]
    numbers = [
        ("phone", number) for found in _PHONE.findall(text[:5000]) if (number := e164(found))
    ]
    return list(dict.fromkeys([*given, *written, *numbers]))[:MOST]


def _compare_namesakes(session: Session, owner: str, text: str) -> None:
    """The same name, and the same city or an order number of theirs: they may be one."""
    me = session.get_one(Customer, owner)
    if len(me.name.split()) < 2:
        return
    rows = session.scalars(
        select(Customer).where(Customer.name == me.name, Customer.id != me.id).limit(NAMESAKES)
    )
    for other in rows:
        if me.city and me.city == other.city:
            words = f"The same name and city ({me.city})."
            suggestions.suggest(session, me.id, other.id, Reason(Why.CITY, words))
        for number in _orders(other):
            if re.search(rf"(?<!\w){re.escape(number)}(?!\w)", text):
                words = "The same name, and one wrote an order number of the other."
                reason = Reason(Why.ORDER, words, f"order {number}")
                suggestions.suggest(session, me.id, other.id, reason)


def _orders(customer: Customer) -> list[str]:
    orders = customer.attributes.get("orders", [])
    numbers = [str(one.get("number", "")) for one in orders if isinstance(one, dict)]
    return [number for number in numbers if len(number) >= 4]
