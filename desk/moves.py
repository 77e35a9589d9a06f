"""Splitting and merging conversations by hand: each is a row that knows how to be undone.

What happened (texts, times, runs, delivery) is never touched; a move only changes in which
conversation a message stands, and its row keeps where it stood. docs/decisions/0008 says why.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, and_, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, events
from core.clock import now
from core.db import Row
from core.errors import Conflict, NotFound
from desk import conversations, customers, messages
from desk.conversations import Conversation, Status, Thread, ThreadKey
from desk.envelope import DeliveryState
from desk.messages import Direction, Message

_ON_ITS_WAY = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SPEAKING)


class Move(Row):
    """Messages were put from one conversation into another."""

    __tablename__ = "conversation_move"

    kind: Mapped[str]
    """split or merge"""
    source_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    target_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    by: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    places: Mapped[dict[str, Any]]
    """`threads`: {thread now: thread before}; `loose`: messages without a thread; `keys`: {key row:
    thread before}; `before` and `after`: the state of both conversations."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


def split(
    session: Session, conversation_id: str, message_id: str, *, following: bool, by: str
) -> Move:
    """Put one message, or all from it on, into a conversation of their own."""
    source = conversations.lock(session, conversation_id)
    chosen = _chosen(session, source, message_id, following)
    _refuse_if_on_its_way(chosen)
    target = conversations.open_for(session, source.customer_id, chosen[0].subject)
    target.language, target.queue_id = source.language, source.queue_id
    before = _states(source, target)
    places = _into_new_threads(session, target, chosen)
    target.with_person, target.assignee_id = True, by
    target.waiting_since = source.waiting_since
    _settle(session, source, target)
    return _keep(session, "split", source, target, by, {**places, "before": before})


def _chosen(
    session: Session, source: Conversation, message_id: str, following: bool
) -> list[Message]:
    everything = messages.of_conversation(session, source.id)
    index = next((n for n, one in enumerate(everything) if one.id == message_id), None)
    if index is None or everything[index].direction == Direction.NOTE:
        raise NotFound("There is no such message in this conversation.")
    chosen = list(everything[index:]) if following else [everything[index]]
    stay = [m for m in everything if m not in chosen and m.direction != Direction.NOTE]
    if not stay:
        raise Conflict("Nothing would be left here. Choose a later message.")
    return chosen


def _refuse_if_on_its_way(chosen: Sequence[Message]) -> None:
    if any(message.state in _ON_ITS_WAY for message in chosen):
        raise Conflict("A message is being sent just now. Try again in a moment.")


def _into_new_threads(
    session: Session, target: Conversation, chosen: Sequence[Message]
) -> dict[str, Any]:
    """Each thread gets a twin in the new conversation, to which the answers to these go."""
    twins: dict[str, Thread] = {}
    loose, ids = [], {m.provider_id: m.thread_id for m in chosen if m.provider_id and m.thread_id}
    for message in chosen:
        message.conversation_id = target.id
        if message.thread_id is None:
            loose.append(message.id)
            continue
        if message.thread_id not in twins:
            twins[message.thread_id] = _twin(session, target, message.thread_id)
        message.thread_id = twins[message.thread_id].id
    keys = {}
    for key in session.scalars(
        select(ThreadKey).where(ThreadKey.key.in_(ids), ThreadKey.thread_id.in_(twins))
    ):
        keys[key.id] = key.thread_id
        key.thread_id = twins[key.thread_id].id
    return {"threads": {new.id: old for old, new in twins.items()}, "loose": loose, "keys": keys}


def _twin(session: Session, target: Conversation, thread_id: str) -> Thread:
    old = session.get_one(Thread, thread_id)
    twin = conversations.open_thread(session, target, old.inbox_id, old.identity_id, old.subject)
    twin.customer_wrote_at = old.customer_wrote_at
    return twin


def merge(session: Session, source_id: str, target_id: str, *, by: str, why: str = "") -> Move:
    """Put everything of one conversation into another of the same customer."""
    if source_id == target_id:
        raise Conflict("This is the same conversation.")
    first, second = sorted((source_id, target_id))
    locked = {one: conversations.lock(session, one) for one in (first, second)}
    source, target = locked[source_id], locked[target_id]
    if customers.current_id(session, source.customer_id) != customers.current_id(
        session, target.customer_id
    ):
        raise Conflict("These conversations are with different customers.")
    moved = messages.of_conversation(session, source.id)
    if not moved:
        raise Conflict("There is nothing in this conversation to merge.")
    _refuse_if_on_its_way(moved)
    before = _states(source, target)
    threads = session.scalars(select(Thread).where(Thread.conversation_id == source.id)).all()
    for thread in threads:
        thread.conversation_id = target.id
    for message in moved:
        message.conversation_id = target.id
    _take_over(source, target)
    _settle(session, source, target)
    places = {
        "threads": {thread.id: thread.id for thread in threads},
        "loose": [message.id for message in moved if message.thread_id is None],
        "keys": {},
        "before": before,
    }
    return _keep(session, "merge", source, target, by, places, why)


def _take_over(source: Conversation, target: Conversation) -> None:
    """The one that stays is as urgent as either was; nobody's customer is forgotten."""
    waiting = [one.waiting_since for one in (source, target) if one.waiting_since]
    if source.status == Status.OPEN:
        target.status, target.resolved_at, target.snoozed_until = Status.OPEN, None, None
    target.with_person = target.with_person or source.with_person
    target.assignee_id = target.assignee_id or source.assignee_id
    target.waiting_since = min(waiting) if waiting else None
    due = [one.turn_due_at for one in (source, target) if one.turn_due_at]
    if due and not target.with_person:
        target.turn_started_at = target.turn_started_at or now()
        target.turn_due_at = max(due)
    source.status, source.resolved_at = Status.RESOLVED, now()
    source.with_person, source.assignee_id = False, None


def in_force(session: Session, conversation_id: str) -> Sequence[Move]:
    """What was split off from this conversation or merged with it, the newest first."""
    return session.scalars(
        select(Move)
        .where(Move.undone_at.is_(None))
        .where(or_(Move.source_id == conversation_id, Move.target_id == conversation_id))
        .order_by(Move.id.desc())
    ).all()


def left_empty() -> ColumnElement[bool]:
    """A conversation that a merge, or a split that was taken back, left without a message."""
    merged = select(Move.source_id).where(Move.kind == "merge", Move.undone_at.is_(None))
    taken_back = select(Move.target_id).where(Move.kind == "split", Move.undone_at.is_not(None))
    return and_(
        Conversation.id.in_(merged.union_all(taken_back)),
        ~exists().where(Message.conversation_id == Conversation.id),
    )


def undo(session: Session, move_id: str, *, by: str) -> Move:
    """Everything stands where it stood; what came since goes with its thread."""
    move = session.get(Move, move_id)
    if move is None or move.undone_at:
        raise NotFound("This is not in force any more.")
    _refuse_if_built_upon(session, move)
    source = conversations.lock(session, move.source_id)
    target = conversations.lock(session, move.target_id)
    everything = messages.of_conversation(session, target.id)
    threads, after = move.places["threads"], move.places["after"]
    came_back = [
        m for m in everything
        if m.thread_id in threads or m.id in move.places["loose"] or move.kind == "split"
    ]  # fmt: skip
    _refuse_if_on_its_way(came_back)
    for message in came_back:
        message.conversation_id = source.id
        message.thread_id = threads.get(message.thread_id or "", message.thread_id)
    _threads_back(session, move)
    for key_id, thread_id in move.places["keys"].items():
        session.execute(update(ThreadKey).where(ThreadKey.id == key_id).values(thread_id=thread_id))
    unchanged = [state == _state(one) for state, one in zip(after, (source, target), strict=True)]
    _settle(session, source, target)
    _states_back(move, source, target, unchanged)
    move.undone_at, move.undone_by = now(), by
    audit.record(session, by, f"conversation.{move.kind}_undone", source.id, move=move.id)
    events.append(session, f"conversation.{move.kind}_undone", source.id, other=target.id)
    return move


def _refuse_if_built_upon(session: Session, move: Move) -> None:
    both = (move.source_id, move.target_id)
    later = session.scalar(
        select(Move.id)
        .where(Move.undone_at.is_(None), Move.id > move.id)
        .where(or_(Move.source_id.in_(both), Move.target_id.in_(both)))
        .limit(1)
    )
    if later:
        raise Conflict("Something was split or merged here since. Undo that first.")


def _threads_back(session: Session, move: Move) -> None:
    threads = move.places["threads"]
    twins = [new for new, old in threads.items() if new != old]
    for key in session.scalars(select(ThreadKey).where(ThreadKey.thread_id.in_(twins))):
        key.thread_id = threads[key.thread_id]
    moved = Thread.conversation_id == move.target_id
    if move.kind == "merge":
        moved &= Thread.id.in_(threads)
    else:
        moved &= Thread.id.not_in(twins)
    session.execute(update(Thread).where(moved).values(conversation_id=move.source_id))


_STATE = ("status", "with_person", "assignee_id", "queue_id")
_TIMES = ("waiting_since", "resolved_at", "snoozed_until")


def _states(*both: Conversation) -> list[dict[str, Any]]:
    return [_state(one) for one in both]


def _state(one: Conversation) -> dict[str, Any]:
    times = {name: getattr(one, name) for name in _TIMES}
    written = {name: at.isoformat() if at else None for name, at in times.items()}
    return {**{name: getattr(one, name) for name in _STATE}, **written}


def _states_back(
    move: Move, source: Conversation, target: Conversation, unchanged: Sequence[bool]
) -> None:
    """As they were, unless somebody has changed one since: then that counts."""
    for one, before, same in zip((source, target), move.places["before"], unchanged, strict=True):
        if not same:
            continue
        for name in _STATE:
            setattr(one, name, before[name])
        for name in _TIMES:
            at = before[name]
            setattr(one, name, datetime.fromisoformat(at) if at else None)
    if move.kind == "split":
        target.status, target.resolved_at = Status.RESOLVED, now()
        target.with_person, target.assignee_id, target.waiting_since = False, None, None


def _settle(session: Session, *both: Conversation) -> None:
    """What was being prepared is void, and the lists show the newest message again."""
    session.flush()
    for one in both:
        one.revision += 1
        if one.with_person or one.status == Status.RESOLVED:
            conversations.turn_is_over(one)
        newest = session.scalar(
            select(func.max(Message.at)).where(Message.conversation_id == one.id)
        )
        one.last_at = newest or one.last_at
        one.waiting_since = _waiting_since(session, one)


def _waiting_since(session: Session, one: Conversation) -> datetime | None:
    """Since when its customer waits. What only said that a person will answer is no answer: who
    waited before goes on waiting, wherever their message stands now."""
    if one.status == Status.RESOLVED:
        return None
    said = [
        message
        for message in messages.of_conversation(session, one.id)
        if message.direction != Direction.NOTE and not message.draft and not message.automatic
    ]
    waited = one.waiting_since
    answers = [m.at for m in said if m.direction == Direction.OUT and (not waited or m.at < waited)]
    unanswered = [
        m.at for m in said if m.direction == Direction.IN and (not answers or m.at > max(answers))
    ]
    if not unanswered:
        return None
    return max(waited, unanswered[0]) if waited else unanswered[0]


def _keep(
    session: Session,
    kind: str,
    source: Conversation,
    target: Conversation,
    by: str,
    places: dict[str, Any],
    why: str = "",
) -> Move:
    move = Move(
        kind=kind,
        source_id=source.id,
        target_id=target.id,
        by=by,
        why=why,
        places={**places, "after": _states(source, target)},
    )
    session.add(move)
    session.flush()
    audit.record(session, by, f"conversation.{kind}", source.id, why, other=target.id, move=move.id)
    events.append(session, f"conversation.{kind}", source.id, other=target.id, move=move.id)
    events.append(session, f"conversation.{kind}", target.id, other=source.id, move=move.id)
    return move
