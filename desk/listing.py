"""Conversations as teammates look through them: filters, search, pages and counts.

A page takes a fixed number of queries, however many rows it has.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from core.db import UtcTime
from desk import customers, moves
from desk.conversations import Conversation, Status, Thread
from desk.customers import Customer
from desk.envelope import Strength
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Direction, Message
from desk.seen import Seen
from desk.teams import Queue, Teammate

PREVIEW = 160


class Box(StrEnum):
    MINE = "mine"
    UNASSIGNED = "unassigned"
    ASSISTANT = "assistant"
    DRAFTS = "drafts"
    """Where a draft of the assistant's waits for approval."""
    ALL = "all"


class Order(StrEnum):
    NEWEST = "newest"
    WAITING = "waiting"
    """Only those whose customer waits for an answer, the longest wait first."""


@dataclass(frozen=True)
class Filters:
    status: Status | None = Status.OPEN
    box: Box = Box.ALL
    queue: str = ""
    inbox: str = ""
    customer: str = ""
    search: str = ""


@dataclass
class Listed:
    """One conversation with what a list shows of it."""

    conversation: Conversation
    customer: Customer
    customer_name: str = ""
    """Where nobody knows it, the address they write or call from; of a website's visitor none."""
    assignee_name: str = ""
    queue_name: str = ""
    channels: list[str] = field(default_factory=list)
    preview: str = ""
    preview_author: str = ""
    unread: bool = False
    drafts: int = 0


def conversations_page(
    session: Session,
    teammate_id: str,
    filters: Filters,
    after: tuple[datetime, str] | None,
    limit: int,
    order: Order = Order.NEWEST,
) -> list[Listed]:
    """The conversations that follow the place `after` in this order."""
    chosen = matching(session, teammate_id, filters)
    ordered = (_longest_wait if order == Order.WAITING else _newest)(chosen, after).limit(limit)
    return listed(session, teammate_id, session.scalars(ordered).all())


def place_of(conversation: Conversation, order: Order) -> tuple[datetime, str]:
    """Where a listed conversation stands in this order."""
    if order == Order.WAITING and conversation.waiting_since:
        return conversation.waiting_since, conversation.id
    return conversation.last_at, conversation.id


def _newest(
    chosen: Select[Conversation], after: tuple[datetime, str] | None
) -> Select[Conversation]:
    if after:
        place = tuple_(Conversation.last_at, Conversation.id)
        chosen = chosen.where(place < tuple_(literal(after[0], UtcTime), literal(after[1])))
    return chosen.order_by(Conversation.last_at.desc(), Conversation.id.desc())


def _longest_wait(
    chosen: Select[Conversation], after: tuple[datetime, str] | None
) -> Select[Conversation]:
    chosen = chosen.where(Conversation.waiting_since.is_not(None))
    if after:
        place = tuple_(Conversation.waiting_since, Conversation.id)
        chosen = chosen.where(place > tuple_(literal(after[0], UtcTime), literal(after[1])))
    return chosen.order_by(Conversation.waiting_since, Conversation.id)


def matching(session: Session, teammate_id: str, filters: Filters) -> Select[Conversation]:
    chosen = select(Conversation).where(~moves.left_empty(), *_in_box(filters.box, teammate_id))
    if filters.status:
        chosen = chosen.where(Conversation.status == filters.status)
    if filters.queue:
        chosen = chosen.where(Conversation.queue_id == filters.queue)
    if filters.customer:
        ids = customers.all_ids(session, filters.customer)
        chosen = chosen.where(Conversation.customer_id.in_(ids))
    if filters.inbox:
        through = exists().where(
            Thread.conversation_id == Conversation.id, Thread.inbox_id == filters.inbox
        )
        chosen = chosen.where(through)
    if filters.search.strip():
        chosen = chosen.where(_mentions(filters.search.strip()))
    return chosen


def _in_box(box: Box, teammate_id: str) -> list[ColumnElement[bool]]:
    match box:
        case Box.MINE:
            return [Conversation.assignee_id == teammate_id]
        case Box.UNASSIGNED:
            return [Conversation.with_person == true(), Conversation.assignee_id.is_(None)]
        case Box.ASSISTANT:
            return [Conversation.with_person == false()]
        case Box.DRAFTS:
            drafted = select(Message.conversation_id).where(Message.draft)
            return [Conversation.id.in_(drafted)]
        case Box.ALL:
            return []


def _mentions(words: str) -> ColumnElement[bool]:
    """In the subject, a message, the customer's name or an address of theirs."""
    named = select(Customer.id).where(Customer.name.icontains(words, autoescape=True))
    addressed = select(Identity.customer_id).where(Identity.value.icontains(words, autoescape=True))
    said = exists().where(
        Message.conversation_id == Conversation.id, Message.text.icontains(words, autoescape=True)
    )
    return or_(
        Conversation.subject.icontains(words, autoescape=True),
        Conversation.customer_id.in_(named.union_all(addressed)),
        said,
    )


def listed(
    session: Session, teammate_id: str, conversations: Sequence[Conversation]
) -> list[Listed]:
    """Dress conversations for a list, all at once."""
    ids = [conversation.id for conversation in conversations]
    people = _customers(session, {c.customer_id for c in conversations})
    addresses = _addresses(session, [id for id, one in people.items() if not one.name])
    teammates = _names(session, Teammate, {c.assignee_id for c in conversations})
    queues = _names(session, Queue, {c.queue_id for c in conversations})
    channels, previews = _channels(session, ids), _previews(session, ids)
    unread, drafts = _unread(session, teammate_id, ids), _drafts(session, ids)
    return [
        Listed(
            conversation=conversation,
            customer=people[conversation.customer_id],
            customer_name=people[conversation.customer_id].name
            or addresses.get(conversation.customer_id, ""),
            assignee_name=teammates.get(conversation.assignee_id or "", ""),
            queue_name=queues.get(conversation.queue_id or "", ""),
            channels=channels.get(conversation.id, []),
            preview=previews.get(conversation.id, ("", ""))[0],
            preview_author=previews.get(conversation.id, ("", ""))[1],
            unread=conversation.id in unread,
            drafts=drafts.get(conversation.id, 0),
        )
        for conversation in conversations
    ]


def _customers(session: Session, ids: set[str]) -> dict[str, Customer]:
    """By the id a row carries, the customer it stands for today."""
    current = customers.current_ids(session, ids)
    rows = session.scalars(select(Customer).where(Customer.id.in_(set(current.values()))))
    by_id = {customer.id: customer for customer in rows}
    return {old: by_id[new] for old, new in current.items()}


def _addresses(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """What people would call a customer without a name by."""
    if not ids:
        return {}
    rows = session.execute(
        select(Identity.customer_id, Identity.value)
        .where(Identity.customer_id.in_(ids), Identity.kind.in_(("phone", "email")))
        .where(Identity.strength != Strength.CLAIMED)
        .order_by(Identity.created_at.desc(), Identity.id.desc())
    )
    return dict(rows.all())


def _names(
    session: Session, table: type[Teammate] | type[Queue], ids: Iterable[str | None]
) -> dict[str, str]:
    wanted = {row_id for row_id in ids if row_id}
    if not wanted:
        return {}
    rows = session.execute(select(table.id, table.name).where(table.id.in_(wanted)))
    return dict(rows.all())


def _channels(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    rows = session.execute(
        select(Thread.conversation_id, Inbox.kind)
        .join(Inbox, Inbox.id == Thread.inbox_id)
        .where(Thread.conversation_id.in_(ids))
        .distinct()
        .order_by(Inbox.kind)
    )
    kinds = defaultdict(list)
    for conversation_id, kind in rows:
        kinds[conversation_id].append(kind)
    return kinds


def _previews(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The beginning of what a teammate should know first, and who wrote it.

    That is what the customer wrote last while they wait, else the newest message. A draft was
    not said yet, and what was taken back was not said.
    """
    newest = (
        select(Message.id)
        .where(
            Message.conversation_id == Conversation.id,
            Message.kind != "activity",
            ~Message.draft,
            Message.deleted_at.is_(None),
            or_(Conversation.waiting_since.is_(None), Message.direction == Direction.IN),
        )
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Message.conversation_id, func.substr(Message.text, 1, PREVIEW), Message.author)
        .join(Conversation, Message.id == newest)
        .where(Conversation.id.in_(ids))
    )
    return {conversation: (text, author) for conversation, text, author in rows}


def _unread(session: Session, teammate_id: str, ids: Sequence[str]) -> set[str]:
    mine = and_(Seen.conversation_id == Conversation.id, Seen.teammate_id == teammate_id)
    newer = exists().where(
        Message.conversation_id == Conversation.id,
        Message.direction == Direction.IN,
        or_(Seen.at.is_(None), Message.created_at > Seen.at),
    )
    rows = select(Conversation.id).outerjoin(Seen, mine).where(Conversation.id.in_(ids), newer)
    return set(session.scalars(rows))


def _drafts(session: Session, ids: Sequence[str]) -> dict[str, int]:
    rows = session.execute(
        select(Message.conversation_id, func.count())
        .where(Message.conversation_id.in_(ids), Message.draft)
        .group_by(Message.conversation_id)
    )
    return dict(rows.all())


def counts(session: Session, teammate_id: str) -> dict[str, int]:
    """How many open conversations are in each box, how many are snoozed, how many resolved."""

    def boxed(box: Box) -> int:
        return _count(session, Conversation.status == Status.OPEN, *_in_box(box, teammate_id))

    return {
        **{box.value: boxed(box) for box in Box},
        "snoozed": _count(session, Conversation.status == Status.SNOOZED),
        "resolved": _count(session, Conversation.status == Status.RESOLVED),
    }


def _count(session: Session, *conditions: Any) -> int:
    counted = select(func.count()).select_from(Conversation)
    return session.scalar(counted.where(~moves.left_empty(), *conditions)) or 0


def is_unread(session: Session, teammate_id: str, conversation_id: str) -> bool:
    return bool(_unread(session, teammate_id, [conversation_id]))
