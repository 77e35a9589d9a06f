"""What this installation holds of a simulated storm, in the words of the settlement."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent.runs import Run
from connectors.channels.instagram.channel import INSTAGRAM
from connectors.channels.meta.direct import render as direct
from connectors.channels.slack import render as slack
from connectors.channels.telegram import render as telegram
from connectors.simulator.books import Fate, Held, HeldMessage, HeldReply
from core.events import LogEntry
from delivery.inbound import Event
from desk.conversations import Conversation, Status
from desk.envelope import Address, DeliveryState, Outgoing, Source
from desk.inboxes import Inbox
from desk.messages import Direction, Message

FATES = {
    DeliveryState.SENT: Fate.SENT,
    DeliveryState.DELIVERED: Fate.SENT,
    DeliveryState.READ: Fate.SENT,
    DeliveryState.FAILED: Fate.FAILED,
    DeliveryState.UNKNOWN: Fate.UNKNOWN,
}


def held(session: Session, inboxes: Collection[str], since: datetime) -> Held:
    """All that these inboxes have got and written since then."""
    rows = session.scalars(
        select(Message)
        .where(Message.inbox_id.in_(inboxes), Message.created_at >= since)
        .order_by(Message.at, Message.id)
    ).all()
    conversations = {
        conversation.id: conversation
        for conversation in session.scalars(
            select(Conversation)
            .join(Message, Message.conversation_id == Conversation.id)
            .where(Message.inbox_id.in_(inboxes), Message.created_at >= since)
        )
    }
    return Held(
        messages=[_message(row) for row in rows if row.direction == Direction.IN],
        replies=_replies(rows, conversations, _kinds(session, inboxes)),
        dead=_dead(session, inboxes, since),
        unfinished=unfinished(session, inboxes),
        unanswered=[one.id for one in conversations.values() if _waits_for_nobody(one)],
        answered_twice=_answered_twice(session, conversations),
        talked_over=_talked_over(session, conversations),
    )


def _message(row: Message) -> HeldMessage:
    return HeldMessage(
        id=row.provider_id or "",
        conversation=row.conversation_id,
        text=row.text,
        deleted=row.deleted_at is not None,
        reaction=next(iter(row.reactions.values()), ""),
    )


def _kinds(session: Session, inboxes: Collection[str]) -> Mapping[str, str]:
    rows = session.execute(select(Inbox.id, Inbox.kind).where(Inbox.id.in_(inboxes)))
    return {row.id: row.kind for row in rows}


def _replies(
    rows: Sequence[Message], conversations: Mapping[str, Conversation], kinds: Mapping[str, str]
) -> Sequence[HeldReply]:
    written = [row for row in rows if row.direction == Direction.OUT and not row.draft]
    return [
        HeldReply(
            id=row.id,
            conversation=row.conversation_id,
            fate=FATES.get(DeliveryState(row.state or DeliveryState.PENDING), Fate.WAITING),
            seen_by_person=bool(row.details.get("told"))
            and conversations[row.conversation_id].with_person,
            text=row.text,
            name=row.provider_id or "",
            parts=_parts(row, kinds.get(row.inbox_id or "", "")),
            read=row.state == DeliveryState.READ,
        )
        for row in sorted(written, key=lambda row: row.id)
    ]


def _parts(row: Message, kind: str) -> Sequence[str]:
    """What a provider is given that is not told our id."""
    if kind not in TEXTS:
        return ()
    sources = tuple(Source(one["title"], one["url"]) for one in row.sources if one.get("url"))
    nobody = Address("", "")
    return TEXTS[kind](Outgoing(row.id, nobody, row.text, sources, choices=tuple(row.choices)))


TEXTS: Mapping[str, Callable[[Outgoing], Sequence[str]]] = {
    "instagram": lambda message: [str(one["text"]) for one in direct.render(INSTAGRAM, message)],
    "telegram": lambda message: [telegram.html(one) for one in telegram.parts(message)],
    "slack": lambda message: [str(one["text"]) for one in slack.render(message)],
}


def _dead(session: Session, inboxes: Collection[str], since: datetime) -> dict[str, str]:
    rows = select(Event.provider_id, Event.reason).where(Event.inbox_id.in_(inboxes))
    return {
        row.provider_id: row.reason
        for row in session.execute(rows.where(Event.dead_at.is_not(None)))
    }


def unfinished(session: Session, inboxes: Collection[str]) -> int:
    """Events without their effect, and turns without their answer."""
    events = select(func.count(Event.id)).where(
        Event.inbox_id.in_(inboxes), Event.done_at.is_(None), Event.dead_at.is_(None)
    )
    turns = select(func.count(Conversation.id)).where(Conversation.turn_due_at.is_not(None))
    return (session.scalar(events) or 0) + (session.scalar(turns) or 0)


def on_their_way(session: Session, inboxes: Collection[str]) -> int:
    """Messages not yet handed over, and failures of which nobody has been told yet."""
    unsent = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SPEAKING)
    wrong = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
    untold = Message.state.in_(wrong) & Message.details["told"].as_boolean().is_(None)
    rows = select(func.count(Message.id)).where(
        Message.inbox_id.in_(inboxes), Message.state.in_(unsent) | untold
    )
    return session.scalar(rows) or 0


def _waits_for_nobody(conversation: Conversation) -> bool:
    return (
        conversation.status == Status.OPEN
        and conversation.waiting_since is not None
        and conversation.turn_due_at is None
        and not conversation.with_person
    )


def _answered_twice(session: Session, conversations: Collection[str]) -> Sequence[str]:
    """Two runs were applied to one turn, or one run wrote two messages."""
    applied = session.execute(
        select(Run.conversation_id, Run.revision, func.count(Run.id))
        .where(Run.outcome == "applied")
        .group_by(Run.conversation_id, Run.revision)
        .having(func.count(Run.id) > 1)
    )
    wrote = Counter(
        session.scalars(
            select(Message.run_id).where(Message.run_id.is_not(None), Message.draft.is_(False))
        )
    )
    twice = [row.conversation_id for row in applied if row.conversation_id in conversations]
    return [*twice, *(str(run) for run, count in wrote.items() if count > 1)]


def _talked_over(session: Session, conversations: Collection[str]) -> Sequence[str]:
    """What the assistant wrote between a person's taking a conversation and giving it back."""
    rows = session.scalars(
        select(LogEntry)
        .where(LogEntry.conversation_id.in_(conversations), LogEntry.name.in_(HANDS))
        .order_by(LogEntry.id)
    )
    with_person: dict[str | None, bool] = {}
    found = []
    for entry in rows:
        if entry.name != "message.written":
            with_person[entry.conversation_id] = entry.name == "conversation.taken"
        elif entry.data["author"] == "assistant" and with_person.get(entry.conversation_id):
            found.append(str(entry.data["message"]))
    return found


HANDS = (
    "conversation.taken",
    "conversation.given_back",
    "conversation.resolved",
    "message.written",
)
"""What says whose turn it is, and who speaks. One conversation's entries come in order."""
