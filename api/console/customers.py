"""Customers: who they are on every channel, how we know, and merging what is one person."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from api.auth import Agent
from api.console.shapes import ConversationRow, Done, Line, Named, row_of
from api.paging import Cursor, Limit, Page, page_end, read_cursor
from api.problems import problems
from api.transactions import Reading, Writing
from core import events
from desk import customers, directory, identities, listing, visitor_attributes, visitor_events
from desk.customers import Customer, Merge
from desk.directory import Entry
from desk.envelope import Strength
from desk.identities import VISITOR, Evidence, Identity
from desk.listing import Filters

router = APIRouter(prefix="/api", tags=["customers"], responses=problems(401, 403, 404, 409))

LATEST = 50
"""Conversations shown with a customer."""
LATEST_EVENTS = 20
"""What they did on the website, shown with a customer."""


class Address(BaseModel):
    kind: str
    value: str
    strength: str


class CustomerRow(BaseModel):
    id: str
    name: str
    language: str
    city: str
    merchant_id: str | None
    identities: list[Address]
    conversations: int
    last_at: datetime | None
    created_at: datetime


@router.get("/customers")
def list_customers(
    actor: Agent,
    session: Reading,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[CustomerRow]:
    """The newest first. What was merged into somebody is found, and shown as them."""
    entries = directory.customers_page(session, q, read_cursor(cursor), limit + 1)
    places = [(entry.customer.created_at, entry.customer.id) for entry in entries]
    return Page(items=[_row(entry) for entry in entries[:limit]], next=page_end(places, limit))


def _row(entry: Entry) -> CustomerRow:
    customer = entry.customer
    return CustomerRow(
        id=customer.id,
        name=customer.name,
        language=customer.language,
        city=customer.city,
        merchant_id=customer.merchant_id,
        identities=[Address.model_validate(i, from_attributes=True) for i in entry.identities],
        conversations=entry.conversations,
        last_at=entry.last_at,
        created_at=customer.created_at,
    )


class EvidenceShape(BaseModel):
    source: str
    strength: str
    at: datetime


class KnownIdentity(Address):
    id: str
    evidence: list[EvidenceShape]


class MergeShape(BaseModel):
    id: str
    merged: Named
    source: str
    strength: str
    by: str
    at: datetime


class VisitorAttributeShape(BaseModel):
    name: str
    value: str | bool | int | float
    at: datetime


class VisitorEventShape(BaseModel):
    id: str
    name: str
    data: dict[str, str | bool | int | float | None]
    at: datetime


class CustomerShape(BaseModel):
    id: str
    name: str
    language: str
    city: str
    merchant_id: str | None
    attributes: dict[str, Any]
    identities: list[KnownIdentity]
    conversations: list[ConversationRow]
    orders: list[dict[str, Any]]
    merges: list[MergeShape]
    visitor_attributes: list[VisitorAttributeShape]
    """What your website says about them, as last known; it proves nothing."""
    visitor_events: list[VisitorEventShape]
    """What they did there lately, the newest first."""


@router.get("/customers/{customer_id}")
def get_customer(customer_id: str, actor: Agent, session: Reading) -> CustomerShape:
    return _customer(session, customers.find(session, customer_id), actor.id)


class CustomerChanges(BaseModel):
    name: Line | None = None
    language: Annotated[str, StringConstraints(max_length=20)] | None = None
    city: Annotated[str, StringConstraints(max_length=200)] | None = None


@router.patch("/customers/{customer_id}")
def change_customer(
    customer_id: str, changes: CustomerChanges, actor: Agent, session: Writing
) -> CustomerShape:
    customer = customers.find(session, customer_id)
    for name, value in changes.model_dump(exclude_none=True).items():
        setattr(customer, name, value)
    events.append(session, "customer.changed", customer=customer.id, teammate=actor.id)
    return _customer(session, customer, actor.id)


class MergeRequest(BaseModel):
    other_id: str
    why: Line


@router.post("/customers/{customer_id}/merge")
def merge_customers(
    customer_id: str, request: MergeRequest, actor: Agent, session: Writing
) -> CustomerShape:
    """Say that the other customer is this one. Audited, and undone exactly when it was wrong."""
    customer = customers.find(session, customer_id)
    other = customers.find(session, request.other_id)
    customers.merge(
        session, other.id, customer.id, source=request.why, strength=Strength.ASSERTED, by=actor.id
    )
    return _customer(session, customer, actor.id)


class UndoRequest(BaseModel):
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


@router.post("/merges/{merge_id}/undo")
def undo_merge(
    merge_id: str, actor: Agent, session: Writing, request: UndoRequest | None = None
) -> Done:
    customers.undo_merge(session, merge_id, by=actor.id, why=request.why if request else "")
    return Done()


def _customer(session: Session, customer: Customer, teammate_id: str) -> CustomerShape:
    session.flush()
    known = identities.of_customer(session, customer.id)
    evidence = directory.evidence_of(session, [identity.id for identity in known])
    theirs = Filters(status=None, customer=customer.id)
    latest = listing.conversations_page(session, teammate_id, theirs, None, LATEST)
    merges = directory.merges_into(session, customer.id)
    attributes = dict(customer.attributes)
    visitors = [identity.value for identity in known if identity.kind == VISITOR]
    return CustomerShape(
        id=customer.id,
        name=customer.name,
        language=customer.language,
        city=customer.city,
        merchant_id=customer.merchant_id,
        orders=attributes.pop("orders", []),
        attributes=attributes,
        identities=[_identity(identity, evidence.get(identity.id, [])) for identity in known],
        conversations=[row_of(row) for row in latest],
        merges=[_merge(merge, other) for merge, other in merges],
        visitor_attributes=[
            VisitorAttributeShape.model_validate(row, from_attributes=True)
            for row in visitor_attributes.latest(session, visitors)
        ],
        visitor_events=[
            VisitorEventShape.model_validate(row, from_attributes=True)
            for row in visitor_events.latest(session, visitors, LATEST_EVENTS)
        ],
    )


def _identity(identity: Identity, reasons: list[Evidence]) -> KnownIdentity:
    return KnownIdentity(
        id=identity.id,
        kind=identity.kind,
        value=identity.value,
        strength=identity.strength,
        evidence=[
            EvidenceShape(source=reason.source, strength=reason.strength, at=reason.created_at)
            for reason in reasons
        ],
    )


def _merge(merge: Merge, other: Customer) -> MergeShape:
    return MergeShape(
        id=merge.id,
        merged=Named(id=other.id, name=other.name),
        source=merge.source,
        strength=merge.strength,
        by=merge.by,
        at=merge.created_at,
    )
