"""The inbox: lists of conversations, and one conversation whole."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.auth import Agent
from api.console.messages import MessageShape, message_shape
from api.console.shapes import ConversationRow, Named, row_fields, row_of
from api.paging import Cursor, Limit, Page, page_end, read_cursor
from api.problems import problems
from api.transactions import Reading
from connectors.registry import channel
from core import db
from delivery import windows
from desk import conversations, listing, seen
from desk.conversations import Status
from desk.detail import Detail, OpenThread, detail
from desk.listing import Box, Filters, Order
from desk.messages import Direction
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


class SummarySource(BaseModel):
    title: str
    url: str


class SummaryShape(BaseModel):
    """Quotations of what was asked, tried and is still open, and the sources that were found."""

    asked: list[str]
    tried: list[str]
    found: list[SummarySource]
    open: list[str]


class HandOffShape(BaseModel):
    reason: str
    explanation: str
    summary: SummaryShape
    at: datetime


class ConversationShape(ConversationRow):
    topic: str
    risk: str
    threads: list[ThreadShape]
    messages: list[MessageShape]
    hand_off: HandOffShape | None


@router.get("/{conversation_id}")
def get_conversation(conversation_id: str, actor: Agent, session: Reading) -> ConversationShape:
    """The whole conversation. Opening it marks it as read by this teammate."""
    whole = detail(session, actor.id, conversations.find(session, conversation_id))
    if whole.row.unread:
        _mark_seen(whole, actor.id)
    return _shape(whole, latest(session, conversation_id))


def _mark_seen(whole: Detail, teammate_id: str) -> None:
    arrived = [
        part.message.created_at for part in whole.messages if part.message.direction == Direction.IN
    ]
    with db.transaction() as session:
        seen.mark_seen(session, whole.row.conversation.id, teammate_id, max(arrived))


def _shape(whole: Detail, hand_off: HandOffRow | None) -> ConversationShape:
    return ConversationShape.model_validate(
        {
            **row_fields(whole.row),
            "topic": whole.row.conversation.topic,
            "risk": whole.row.conversation.risk,
            "threads": [_thread_shape(thread) for thread in whole.threads],
            "messages": [message_shape(part) for part in whole.messages],
            "hand_off": _hand_off(hand_off) if whole.row.conversation.with_person else None,
        }
    )


def _thread_shape(open_thread: OpenThread) -> ThreadShape:
    thread, inbox, identity = open_thread.thread, open_thread.inbox, open_thread.identity
    return ThreadShape(
        id=thread.id,
        inbox=ThreadInbox(id=inbox.id, name=inbox.name, kind=inbox.kind),
        identity=IdentityShape.model_validate(identity, from_attributes=True),
        subject=thread.subject,
        window_closes_at=windows.closes_at(channel(inbox.kind), thread),
    )


def _hand_off(row: HandOffRow | None) -> HandOffShape | None:
    if row is None:
        return None
    return HandOffShape(
        reason=row.reason,
        explanation=row.explanation,
        summary=SummaryShape.model_validate(row.summary),
        at=row.created_at,
    )
