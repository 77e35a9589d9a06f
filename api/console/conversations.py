"""The inbox: lists of conversations, and one conversation whole."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.auth import Agent
from api.console.messages import MessageShape, message_shape
from api.console.shapes import ConversationRow, Named, row_fields, row_of
from api.paging import Cursor, Limit, Page, page_end, read_cursor
from api.problems import problems
from api.transactions import Reading
from connectors.registry import channel
from core import db
from delivery import codes, same_matter, windows
from desk import consents, conversations, listing, moves, ratings, seen, templates
from desk.consents import Purpose
from desk.conversations import Status
from desk.detail import Detail, OpenThread, detail
from desk.listing import Box, Filters, Order
from desk.messages import Direction, thread_to_answer
from desk.moves import Move
from desk.ratings import Rating
from escalation.hand_off import HandOffRow, latest

router = APIRouter(
    prefix="/api/conversations", tags=["conversations"], responses=problems(401, 403, 404)
)


class StatusFilter(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    ALL = "all"


Search = Annotated[str, Query(max_length=200)]


@router.get("")
def list_conversations(
    actor: Agent,
    session: Reading,
    status: StatusFilter = StatusFilter.OPEN,
    box: Box = Box.ALL,
    order: Order = Order.NEWEST,
    queue: Search = "",
    inbox: Search = "",
    customer: Search = "",
    q: Search = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ConversationRow]:
    """In the order asked for; `next` leads to the page after."""
    wanted = None if status == StatusFilter.ALL else Status(status)
    filters = Filters(wanted, box, queue, inbox, customer, q)
    after = read_cursor(cursor)
    rows = listing.conversations_page(session, actor.id, filters, after, limit + 1, order)
    places = [listing.place_of(row.conversation, order) for row in rows]
    return Page(items=[row_of(row) for row in rows[:limit]], next=page_end(places, limit))


class Counts(BaseModel):
    mine: int
    unassigned: int
    assistant: int
    all: int
    drafts: int
    snoozed: int
    resolved: int


@router.get("/counts")
def count_conversations(actor: Agent, session: Reading) -> Counts:
    return Counts(**listing.counts(session, actor.id))


class IdentityShape(BaseModel):
    id: str
    kind: str
    value: str
    strength: str


class ThreadInbox(Named):
    kind: str


class ThreadShape(BaseModel):
    id: str
    inbox: ThreadInbox
    identity: IdentityShape
    subject: str
    window_closes_at: datetime | None
    """When free text ends; null: never."""
    person_closes_at: datetime | None
    """The same for what a person writes by hand."""
    takes_templates: bool
    """Whether this inbox has a template that may be sent then."""
    objection: str
    """Why this customer must not be written to here now, in words; empty: nothing against it."""


class SummarySource(BaseModel):
    title: str
    url: str


class SummaryShape(BaseModel):
    """Quotations of what was asked, tried and is still open, and the sources that were found."""

    asked: list[str]
    tried: list[str]
    found: list[SummarySource]
    open: list[str]


class CodeOffer(BaseModel):
    """Whoever writes has proven nothing; a one-time code would show who they are."""

    to: str
    """Where it would go, hidden but for its end; empty: nothing is on record."""
    waiting: bool
    """A code is on its way."""


class HandOffShape(BaseModel):
    reason: str
    explanation: str
    summary: SummaryShape
    at: datetime
    code: CodeOffer | None
    """null: whoever writes is proven."""


class MoveInForce(BaseModel):
    """Messages were put from one conversation into another; it can be undone."""

    id: str
    kind: Literal["split", "merge"]
    left: bool
    """Whether they left this conversation; else they came here."""
    other_id: str
    at: datetime
    by_customer: bool
    """The customer said that the two are about the same."""


class RatingShape(BaseModel):
    """What the customer thought when it was resolved: 1 (very bad) to 5 (very good)."""

    id: str
    score: int
    comment: str
    at: datetime


class ConversationShape(ConversationRow):
    topic: str
    risk: str
    threads: list[ThreadShape]
    messages: list[MessageShape]
    hand_off: HandOffShape | None
    moves: list[MoveInForce]
    """What was split off or merged here, the newest first."""
    ratings: list[RatingShape]
    """One for each time it was resolved and rated, the oldest first."""


@router.get("/{conversation_id}")
def get_conversation(conversation_id: str, actor: Agent, session: Reading) -> ConversationShape:
    """The whole conversation. Opening it marks it as read by this teammate."""
    whole = detail(session, actor.id, conversations.find(session, conversation_id))
    if whole.row.unread:
        _mark_seen(whole, actor.id)
    moved = [_move(move, conversation_id) for move in moves.in_force(session, conversation_id)]
    rated = ratings.of_conversation(session, conversation_id)
    return _shape(session, whole, latest(session, conversation_id), moved, rated)


def _mark_seen(whole: Detail, teammate_id: str) -> None:
    arrived = [
        part.message.created_at for part in whole.messages if part.message.direction == Direction.IN
    ]
    with db.transaction() as session:
        seen.mark_seen(session, whole.row.conversation.id, teammate_id, max(arrived))


def _move(move: Move, here: str) -> MoveInForce:
    left = move.source_id == here
    return MoveInForce(
        id=move.id,
        kind=move.kind,
        left=left,
        other_id=move.target_id if left else move.source_id,
        at=move.created_at,
        by_customer=move.by == same_matter.BY,
    )


def _shape(
    session: Session,
    whole: Detail,
    hand_off: HandOffRow | None,
    moved: Sequence[MoveInForce],
    rated: Sequence[Rating],
) -> ConversationShape:
    return ConversationShape.model_validate(
        {
            **row_fields(whole.row),
            "topic": whole.row.conversation.topic,
            "risk": whole.row.conversation.risk,
            "threads": [_thread_shape(session, thread) for thread in whole.threads],
            "messages": [message_shape(part) for part in whole.messages],
            "hand_off": _hand_off(session, hand_off)
            if whole.row.conversation.with_person
            else None,
            "moves": moved,
            "ratings": [RatingShape.model_validate(one, from_attributes=True) for one in rated],
        }
    )


def _thread_shape(session: Session, open_thread: OpenThread) -> ThreadShape:
    thread, inbox, identity = open_thread.thread, open_thread.inbox, open_thread.identity
    return ThreadShape(
        id=thread.id,
        inbox=ThreadInbox(id=inbox.id, name=inbox.name, kind=inbox.kind),
        identity=IdentityShape.model_validate(identity, from_attributes=True),
        subject=thread.subject,
        window_closes_at=windows.closes_at(channel(inbox.kind), thread),
        person_closes_at=windows.closes_at(channel(inbox.kind), thread, by_person=True),
        takes_templates=any(
            row.state == templates.APPROVED for row in templates.of_inbox(session, inbox.id)
        ),
        objection=consents.objection(session, identity, inbox.kind, Purpose.SERVICE, thread),
    )


def _hand_off(session: Session, row: HandOffRow | None) -> HandOffShape | None:
    if row is None:
        return None
    thread = thread_to_answer(session, row.conversation_id)
    offer = codes.offer(session, thread) if thread else None
    return HandOffShape(
        reason=row.reason,
        explanation=row.explanation,
        summary=SummaryShape.model_validate(row.summary),
        at=row.created_at,
        code=CodeOffer.model_validate(offer, from_attributes=True) if offer else None,
    )
