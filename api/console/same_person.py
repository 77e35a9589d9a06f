""" "Same person?": pairs that may be one customer, and what teammates decide; moves; codes."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth import Agent
from api.console.shapes import Done, Line
from api.problems import problems
from api.transactions import Reading, Writing
from core.errors import Conflict, NotFound
from core.say import say
from delivery import codes
from desk import conversations, customers, identities, identity_moves, messages, suggestions
from desk.customers import Customer
from desk.identities import Identity
from desk.messages import Author
from desk.suggestions import Suggestion

router = APIRouter(prefix="/api", tags=["same person"], responses=problems(401, 403, 404, 409))


class SideIdentity(BaseModel):
    id: str
    kind: str
    value: str
    strength: str


class Side(BaseModel):
    """One of the two, as they are today."""

    id: str
    name: str
    city: str
    merchant_id: str | None
    identities: list[SideIdentity]
    created_at: datetime


class ReasonShape(BaseModel):
    why: Literal["conflict", "number", "order", "claim", "city"]
    words: str
    address: str
    strength: str
    at: datetime


class SuggestionShape(BaseModel):
    id: str
    state: Literal["open", "merged", "dismissed"]
    score: int
    first: Side
    second: Side
    evidence: list[ReasonShape]


class SuggestionCount(BaseModel):
    open: int


@router.get("/suggestions")
def list_suggestions(
    actor: Agent, session: Reading, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> list[SuggestionShape]:
    """Open pairs, the best founded first."""
    return [_shape(session, row) for row in suggestions.waiting(session, limit)]


@router.get("/suggestions/count")
def count_suggestions(actor: Agent, session: Reading) -> SuggestionCount:
    return SuggestionCount(open=suggestions.count(session))


class Acceptance(BaseModel):
    into_id: str
    """Which of the two is kept; the other is merged into it."""


@router.post("/suggestions/{suggestion_id}/merge")
def accept_suggestion(
    suggestion_id: str, request: Acceptance, actor: Agent, session: Writing
) -> SuggestionShape:
    row = suggestions.find(session, suggestion_id)
    suggestions.accept(session, row, request.into_id, by=actor.id)
    return _shape(session, row)


@router.post("/suggestions/{suggestion_id}/dismiss")
def dismiss_suggestion(suggestion_id: str, actor: Agent, session: Writing) -> SuggestionShape:
    """Not the same: the pair comes back only for evidence that nobody has seen yet."""
    row = suggestions.find(session, suggestion_id)
    suggestions.dismiss(session, row, by=actor.id)
    return _shape(session, row)


@router.post("/suggestions/{suggestion_id}/reopen")
def reopen_suggestion(suggestion_id: str, actor: Agent, session: Writing) -> SuggestionShape:
    """Take the decision back, and the merge with it."""
    row = suggestions.find(session, suggestion_id)
    suggestions.reopen(session, row, by=actor.id)
    return _shape(session, row)


def _shape(session: Session, row: Suggestion) -> SuggestionShape:
    return SuggestionShape(
        id=row.id,
        state=row.state,
        score=row.score,
        first=_side(session, row.first_id, row.state),
        second=_side(session, row.second_id, row.state),
        evidence=[ReasonShape.model_validate(one) for one in row.evidence],
    )


def _side(session: Session, customer_id: str, state: str) -> Side:
    """Open pairs show who they are today; a decided one keeps showing its two sides."""
    is_open = state == suggestions.State.OPEN
    customer = (
        customers.find(session, customer_id) if is_open else session.get_one(Customer, customer_id)
    )
    known = (
        identities.of_customer(session, customer.id)
        if is_open
        else session.scalars(select(Identity).where(Identity.customer_id == customer.id)).all()
    )
    return Side(
        id=customer.id,
        name=customer.name,
        city=customer.city,
        merchant_id=customer.merchant_id,
        identities=[SideIdentity.model_validate(one, from_attributes=True) for one in known],
        created_at=customer.created_at,
    )


class MoveRequest(BaseModel):
    to_id: str | None = None
    """Another customer; null: a customer of its own."""
    why: Line


class Moved(BaseModel):
    move_id: str
    customer_id: str


@router.post("/identities/{identity_id}/move")
def move_identity(identity_id: str, request: MoveRequest, actor: Agent, session: Writing) -> Moved:
    """Take an address, with all that was said from it, out of its customer."""
    identity = session.get(Identity, identity_id)
    if identity is None:
        raise NotFound("There is no such address.")
    if request.to_id:
        to = customers.find(session, request.to_id)
        row = identity_moves.move(session, identity, to.id, source=request.why, by=actor.id)
    else:
        row = identity_moves.split(session, identity, source=request.why, by=actor.id)
    return Moved(move_id=row.id, customer_id=row.to_id)


@router.post("/identity-moves/{move_id}/undo")
def undo_identity_move(move_id: str, actor: Agent, session: Writing) -> Done:
    identity_moves.undo(session, move_id, by=actor.id)
    return Done()


@router.post("/conversations/{conversation_id}/code")
def send_code(conversation_id: str, actor: Agent, session: Writing) -> Done:
    """Ask the customer for a one-time code, sent to an address of theirs on record. What they
    read is the same whether there is one."""
    thread = messages.thread_to_answer(session, conversation_id)
    if thread is None:
        raise Conflict("Nobody has written here yet who could be asked for a code.")
    number = codes.request(session, thread, by=actor.id)
    conversation = conversations.lock(session, conversation_id)
    text = say("code_wanted", conversation.language or "en", number=number)
    messages.write(
        session,
        conversation,
        thread,
        text,
        author=Author.TEAMMATE,
        author_id=actor.id,
    )
    return Done()
