"""Customers: who they are on every channel, how we know, and merging what is one person."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from api.auth import Agent
from api.console.shapes import ConversationRow, Done, Line, Named, row_of
from api.paging import Cursor, Limit, Page, page_end, read_cursor
from api.problems import problems
from api.transactions import Reading, Writing
from core import events
from desk import (
    customers,
    directory,
    identities,
    identity_moves,
    listing,
    merges,
    visitor_attributes,
    visitor_events,
)
from desk.customers import Customer, Merge
from desk.detail import Shown
from desk.directory import Entry
from desk.envelope import Strength
from desk.history import history_page
from desk.identities import VISITOR, Evidence, Identity
from desk.identity_moves import IdentityMove
from desk.listing import Filters
from desk.messages import Author
from desk.open_questions import open_questions

router = APIRouter(prefix="/api", tags=["customers"], responses=problems(401, 403, 404, 409))

LATEST = 50
"""Conversations shown with a customer."""
BEGINNING = 300
"""Characters of a message that the history carries."""
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
    stale: str
    """Why it counts no more; empty while it does."""


class KnownIdentity(Address):
    id: str
    state: Literal["current", "retired", "shared"]
    evidence: list[EvidenceShape]


class MergeShape(BaseModel):
    id: str
    merged: Named
    source: str
    strength: str
    by: str
    at: datetime


class MoveShape(BaseModel):
    """An address that came here, or that was taken away."""

    id: str
    kind: str
    value: str
    here: bool
    source: str
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


class OpenQuestionShape(BaseModel):
    """What the customer waits for; `at`: since when, for a callback until when."""

    conversation_id: str
    why: Literal["waiting", "draft", "callback"]
    words: str
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
    open_questions: list[OpenQuestionShape]
    """What they still wait for from us, the oldest first."""
    orders: list[dict[str, Any]]
    merges: list[MergeShape]
    moves: list[MoveShape]
    visitor_attributes: list[VisitorAttributeShape]
    """What your website says about them, as last known; it proves nothing."""
    visitor_events: list[VisitorEventShape]
    """What they did there lately, the newest first."""


@router.get("/customers/{customer_id}")
def get_customer(customer_id: str, actor: Agent, session: Reading) -> CustomerShape:
    return _customer(session, customers.find(session, customer_id), actor.id)


class Said(BaseModel):
    """One message, call or note of the customer's history."""

    id: str
    conversation_id: str
    direction: Literal["in", "out", "note"]
    author: Literal["customer", "assistant", "teammate", "system"]
    author_name: str
    at: datetime
    kind: str
    channel: str | None
    inbox_name: str | None
    text: str
    """The beginning of it."""
    files: int


@router.get("/customers/{customer_id}/history")
def get_history(
    customer_id: str, actor: Agent, session: Reading, cursor: Cursor = None, limit: Limit = 30
) -> Page[Said]:
    """All that was said, over every conversation and channel, the newest first."""
    customer = customers.find(session, customer_id)
    found = history_page(session, customer, read_cursor(cursor), limit + 1)
    places = [(part.message.at, part.message.id) for part in found]
    return Page(items=[_said(part) for part in found[:limit]], next=page_end(places, limit))


def _said(part: Shown) -> Said:
    message = part.message
    spoken = " ".join(one.text for one in part.utterances if one.author == Author.CUSTOMER)
    return Said(
        id=message.id,
        conversation_id=message.conversation_id,
        direction=message.direction,
        author=message.author,
        author_name=part.author_name,
        at=message.at,
        kind=message.kind,
        channel=part.inbox.kind if part.inbox else None,
        inbox_name=part.inbox.name if part.inbox else None,
        text=(message.text or spoken)[:BEGINNING],
        files=len(part.attachments),
    )


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
    merges.merge(
        session, other.id, customer.id, source=request.why, strength=Strength.ASSERTED, by=actor.id
    )
    return _customer(session, customer, actor.id)


class UndoRequest(BaseModel):
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


@router.post("/merges/{merge_id}/undo")
def undo_merge(
    merge_id: str, actor: Agent, session: Writing, request: UndoRequest | None = None
) -> Done:
    merges.undo(session, merge_id, by=actor.id, why=request.why if request else "")
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
        open_questions=[
            OpenQuestionShape.model_validate(one, from_attributes=True)
            for one in open_questions(session, latest)
        ],
        merges=[_merge(merge, other) for merge, other in merges],
        moves=[
            _move(row, moved, known)
            for row, moved in identity_moves.of_customer(session, customer.id)
        ],
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
        state="retired" if identity.retired_at else "shared" if identity.shared else "current",
        evidence=[
            EvidenceShape(
                source=reason.source,
                strength=reason.strength,
                at=reason.created_at,
                stale=reason.stale_why if reason.stale_at else "",
            )
            for reason in reasons
        ],
    )


def _move(row: IdentityMove, moved: Identity, known: list[Identity]) -> MoveShape:
    return MoveShape(
        id=row.id,
        kind=moved.kind,
        value=moved.value,
        here=any(identity.id == moved.id for identity in known),
        source=row.source,
        by=row.by,
        at=row.created_at,
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
