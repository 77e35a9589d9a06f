"""Which queue takes a conversation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from desk import teams
from desk.conversations import Conversation, Thread
from desk.inboxes import Inbox
from desk.teams import Queue
from escalation.hours import are_open, next_opening

FIELDS = ("inbox", "language", "topic", "risk")


def queue_for(session: Session, conversation: Conversation) -> Queue:
    """The queue with the most particular matching rule; else the inbox's own; else the fallback."""
    inbox = _inbox(session, conversation)
    facts = {
        "inbox": inbox.id if inbox else "",
        "language": conversation.language,
        "topic": conversation.topic,
        "risk": conversation.risk,
    }
    matching = [
        (_particularity(rule), queue)
        for queue in teams.queues(session)
        for rule in queue.rules
        if _matches(rule, facts)
    ]
    if matching:
        return max(matching, key=lambda match: match[0])[1]
    if inbox and inbox.queue_id:
        return session.get_one(Queue, inbox.queue_id)
    return teams.fallback_queue(session)


def _inbox(session: Session, conversation: Conversation) -> Inbox | None:
    return session.scalar(
        select(Inbox)
        .join(Thread, Thread.inbox_id == Inbox.id)
        .where(Thread.conversation_id == conversation.id)
        .order_by(Thread.customer_wrote_at.desc().nulls_last())
        .limit(1)
    )


def _matches(rule: Mapping[str, Any], facts: Mapping[str, str]) -> bool:
    wanted = {field: rule[field] for field in FIELDS if rule.get(field)}
    return bool(wanted) and all(facts[field] in _listed(value) for field, value in wanted.items())


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _particularity(rule: Mapping[str, Any]) -> int:
    return sum(1 for field in FIELDS if rule.get(field))


def people_are_there(queue: Queue) -> bool:
    return are_open(queue.hours, now())


def people_return(queue: Queue) -> datetime | None:
    """When they are there again, in the queue's zone; None when they are now or nobody says."""
    return None if people_are_there(queue) else next_opening(queue.hours, now())
