"""What a customer agreed to, and where they like to be answered."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.auth import Agent
from api.console.shapes import Line
from api.problems import problems
from api.transactions import Reading, Writing
from connectors.registry import channel, channels
from core import audit
from core.clock import now
from desk import consents, customers, identities, preferences
from desk.consents import Consent, Purpose

router = APIRouter(
    prefix="/api/customers/{customer_id}", tags=["consents"], responses=problems(401, 403, 404)
)


class Word(BaseModel):
    """One yes or no, as it stands in the history."""

    id: str
    purpose: Purpose
    channel: str
    """A kind of channel, or empty for all."""
    address: str
    granted: bool
    source: str
    by: str
    at: datetime


class PreferredShape(BaseModel):
    channel: str
    reason: str
    learned: bool


class ConsentsShape(BaseModel):
    in_force: list[Word]
    """Of each purpose, channel and address the newest word."""
    history: list[Word]
    preferred: PreferredShape | None
    kinds: list[str]
    """The kinds of channel there are to choose from."""


@router.get("/consents")
def get_consents(customer_id: str, actor: Agent, session: Reading) -> ConsentsShape:
    return _shape(session, customers.find(session, customer_id).id)


class NewWord(BaseModel):
    purpose: Purpose
    granted: bool
    channel: str = ""
    source: Line
    """How we know: "said so on the phone", "order form of 3 May"."""


@router.post("/consents", status_code=201)
def record_consent(
    customer_id: str, word: NewWord, actor: Agent, session: Writing
) -> ConsentsShape:
    customer = customers.find(session, customer_id)
    if word.channel:
        channel(word.channel)
    row = consents.record(
        session,
        customer.id,
        word.purpose,
        word.granted,
        source=word.source,
        by=actor.id,
        at=now(),
        channel=word.channel,
    )
    audit.record(session, actor.id, "consent.recorded", customer.id, word.source, consent=row.id)
    return _shape(session, customer.id)


class Wish(BaseModel):
    channel: str
    """Empty: learn it again from where they write."""


@router.put("/preferred")
def set_preferred(customer_id: str, wish: Wish, actor: Agent, session: Writing) -> ConsentsShape:
    customer = customers.find(session, customer_id)
    if wish.channel:
        channel(wish.channel)
    preferences.prefer(session, customer.id, wish.channel, source="set by a teammate", by=actor.id)
    audit.record(session, actor.id, "customer.prefers", customer.id, channel=wish.channel)
    return _shape(session, customer.id)


def _shape(session: Session, customer_id: str) -> ConsentsShape:
    rows = consents.history(session, customer_id)
    addresses = {one.id: one.value for one in identities.of_customer(session, customer_id)}
    words = [_word(row, addresses.get(row.identity_id or "", "")) for row in rows]
    newest: dict[tuple[str, str, str], Word] = {}
    for word in words:
        newest.setdefault((word.purpose, word.channel, word.address), word)
    wish = preferences.preferred(session, customer_id)
    return ConsentsShape(
        in_force=list(newest.values()),
        history=words,
        preferred=PreferredShape(**vars(wish)) if wish else None,
        kinds=[one.kind for one in channels()],
    )


def _word(row: Consent, address: str) -> Word:
    return Word(
        id=row.id,
        purpose=Purpose(row.purpose),
        channel=row.channel,
        address=address,
        granted=row.granted,
        source=row.source,
        by=row.by,
        at=row.at,
    )
