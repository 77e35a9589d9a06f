"""Telling others what happened: deliveries made from the event log, posted until they arrive.

They are made in the log's order, each once, and go out in that order, one after another, as long as
they arrive. One that failed is tried again by its own schedule and holds nobody up: `number` in the
body tells the order.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events, holder, outside, standard_webhooks
from core.clock import now
from core.db import Row, reading, transaction
from core.errors import Conflict, NotFound
from core.events import LogEntry
from core.log import about
from core.queue import enqueue
from delivery import endpoints
from delivery.endpoints import WebhookEndpoint
from desk import customers, identities
from desk.conversations import Conversation
from desk.messages import Message

WAITS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
"""Seconds between tries, as Standard Webhooks advises: three days in all."""
LEASE = timedelta(minutes=1)
"""Longer than one post may take: a claim this old was left by a crash."""
KEPT = timedelta(days=30)
"""How long a delivery that is over can be looked at and posted again."""
AT_ONCE = 200
"""Entries of the log read at a time, and posts woken at a time."""
TEST = "webhook.test"


class HookDelivery(Row):
    """One event for one endpoint. Its id is the webhook-id: whoever gets it twice knows."""

    __tablename__ = "hook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "number"),
        Index("ix_hook_delivery_due", "due_at"),
    )

    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoint.id", ondelete="CASCADE"))
    number: Mapped[int | None]
    """Of the log entry; none for a test."""
    name: Mapped[str]
    body: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    """When to post it; none when it has arrived or was given up."""
    claimed_by: Mapped[str | None]
    delivered_at: Mapped[datetime | None]


class HookAttempt(Row):
    """One try: what was answered, or why nothing was."""

    __tablename__ = "hook_attempt"

    delivery_id: Mapped[str] = mapped_column(
        ForeignKey("hook_delivery.id", ondelete="CASCADE"), index=True
    )
    status: Mapped[int | None]
    error: Mapped[str] = mapped_column(default="")
    milliseconds: Mapped[int]


@dataclass(frozen=True)
class Post:
    """All that posting needs, read beforehand: while the receiver works, nothing is locked."""

    url: str
    secrets: Sequence[str]
    body: bytes


def collect() -> None:
    """Make deliveries of what the log says since last time, for each endpoint."""
    with reading() as session:
        positions = session.execute(
            select(WebhookEndpoint.id, WebhookEndpoint.position).where(WebhookEndpoint.enabled)
        ).all()
    for endpoint_id, position in positions:
        entries = events.after(position, AT_ONCE)
        if entries:
            with transaction() as session:
                _collect(session, endpoint_id, position, entries)


def _collect(
    session: Session, endpoint_id: str, position: int, entries: Sequence[LogEntry]
) -> None:
    endpoint = session.scalar(
        select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id).with_for_update()
    )
    if endpoint is None or not endpoint.enabled or endpoint.position != position:
        return
    for entry in entries:
        if endpoint.wants(entry.name):
            _add(session, endpoint, entry.name, _body(session, entry), entry.number)
    endpoint.position = entries[-1].number or position


def _add(
    session: Session, endpoint: WebhookEndpoint, name: str, body: dict[str, Any], number: int | None
) -> HookDelivery:
    delivery = HookDelivery(
        endpoint_id=endpoint.id, number=number, name=name, body=json.dumps(body), due_at=now()
    )
    session.add(delivery)
    session.flush()
    enqueue(session, "hook.post", delivery.id)
    return delivery


def _body(session: Session, entry: LogEntry) -> dict[str, Any]:
    """Fixed when it is made: each try posts the same bytes."""
    data: dict[str, Any] = {"conversation": entry.conversation_id, **entry.data}
    if message := session.get(Message, entry.data.get("message", "")):
        data["message"] = _message(message)
    if conversation := session.get(Conversation, entry.conversation_id or ""):
        data["customer"] = _customer(session, conversation.customer_id)
    return {
        "type": entry.name,
        "timestamp": entry.at.isoformat(),
        "number": entry.number,
        "data": data,
    }


def _message(message: Message) -> dict[str, Any]:
    """What a customer took back is not told on."""
    return {
        "id": message.id,
        "inbox": message.inbox_id,
        "direction": message.direction,
        "author": message.author,
        "at": message.at.isoformat(),
        "text": "" if message.deleted_at else message.text,
        "state": message.state,
        "error": message.error,
    }


def _customer(session: Session, customer_id: str) -> dict[str, Any]:
    customer = customers.find(session, customers.current_id(session, customer_id))
    return {
        "id": customer.id,
        "name": customer.name,
        "external_id": customer.merchant_id,
        "identities": [
            {"kind": one.kind, "value": one.value, "strength": one.strength}
            for one in identities.of_customer(session, customer.id)
        ],
    }


def due() -> list[str]:
    """Deliveries to post now, in the order in which things happened."""
    with reading() as session:
        return list(
            session.scalars(
                select(HookDelivery.id)
                .join(WebhookEndpoint, WebhookEndpoint.id == HookDelivery.endpoint_id)
                .where(HookDelivery.due_at <= now(), WebhookEndpoint.enabled)
                .order_by(HookDelivery.number, HookDelivery.id)
                .limit(AT_ONCE)
            )
        )


def post(delivery_id: str) -> None:
    """Post one delivery if it is due. Safe to call twice, and from two processes."""
    with about(hook_delivery=delivery_id):
        with transaction() as session:
            ready = _claim(session, delivery_id)
        if ready is None:
            return
        started = now()
        status, error = _hand_over(ready, delivery_id)
        spent = round((now() - started).total_seconds() * 1000)
        with transaction() as session:
            _apply(session, delivery_id, status, error, spent)


def _claim(session: Session, delivery_id: str) -> Post | None:
    """Until the lease is over, nobody else finds it due."""
    delivery = session.scalar(
        select(HookDelivery).where(HookDelivery.id == delivery_id).with_for_update()
    )
    if delivery is None or delivery.due_at is None or delivery.due_at > now():
        return None
    endpoint = endpoints.find(session, delivery.endpoint_id)
    if not endpoint.enabled or _must_wait(session, endpoint, delivery):
        return None
    delivery.due_at, delivery.claimed_by = now() + LEASE, holder.this_process()
    return Post(endpoint.url, endpoint.secrets(), delivery.body.encode())


def _must_wait(session: Session, endpoint: WebhookEndpoint, delivery: HookDelivery) -> bool:
    """While all goes well, what happened first is posted first."""
    if endpoint.failing_since or delivery.attempts or delivery.number is None:
        return False
    earlier = _untried(endpoint.id).where(HookDelivery.number < delivery.number)
    return session.scalar(earlier) is not None


def _untried(endpoint_id: str) -> Select[str]:
    """The first of an endpoint's deliveries that was never tried."""
    return (
        select(HookDelivery.id)
        .where(HookDelivery.endpoint_id == endpoint_id, HookDelivery.attempts == 0)
        .where(HookDelivery.due_at.is_not(None), HookDelivery.number.is_not(None))
        .order_by(HookDelivery.number)
        .limit(1)
    )


def _hand_over(ready: Post, delivery_id: str) -> tuple[int | None, str]:
    headers = standard_webhooks.sign(ready.secrets, delivery_id, ready.body)
    headers |= {"content-type": "application/json", "user-agent": "OneThread"}
    try:
        answer = outside.post(ready.url, ready.body, headers)
    except (outside.NotReached, outside.NoAnswer) as wrong:
        return None, str(wrong)
    return answer.status, "" if answer.is_success else f"It answered {answer.status}."


def _apply(
    session: Session, delivery_id: str, status: int | None, error: str, milliseconds: int
) -> None:
    """The endpoint may have been removed meanwhile, and its deliveries with it."""
    delivery = session.scalar(
        select(HookDelivery).where(HookDelivery.id == delivery_id).with_for_update()
    )
    if delivery is None:
        return
    session.add(
        HookAttempt(delivery_id=delivery.id, status=status, error=error, milliseconds=milliseconds)
    )
    endpoint = endpoints.find(session, delivery.endpoint_id)
    delivery.claimed_by = None
    delivery.attempts += 1
    session.flush()
    if following := session.scalar(_untried(endpoint.id)):
        enqueue(session, "hook.post", following)
    if not error:
        delivery.delivered_at, delivery.due_at = now(), None
        endpoints.succeeded(endpoint)
        return
    delivery.due_at = _next_try(delivery)
    endpoints.failed(session, endpoint, error, gone=status == 410)


def _next_try(delivery: HookDelivery) -> datetime | None:
    """A test is tried once: somebody is waiting for the result."""
    if delivery.name == TEST or delivery.attempts > len(WAITS):
        return None
    return now() + timedelta(seconds=WAITS[delivery.attempts - 1])


def end_claims(session: Session, holders: Collection[str]) -> None:
    """These processes are gone: what they were posting is due again, under the same id."""
    session.execute(
        update(HookDelivery)
        .where(HookDelivery.claimed_by.in_(holders))
        .values(due_at=now(), claimed_by=None)
    )


def try_out(session: Session, endpoint: WebhookEndpoint) -> HookDelivery:
    """A test post, on its way at once."""
    if not endpoint.enabled:
        raise Conflict("Switch this webhook on before testing it.")
    body: dict[str, Any] = {
        "type": TEST,
        "timestamp": now().isoformat(),
        "number": None,
        "data": {},
    }
    return _add(session, endpoint, TEST, body, None)


def replay(session: Session, delivery_id: str) -> HookDelivery:
    """Somebody wants it posted again: the same body under the same id, from the first wait on."""
    delivery = session.get(HookDelivery, delivery_id)
    if delivery is None:
        raise NotFound("There is no such delivery.")
    if not endpoints.find(session, delivery.endpoint_id).enabled:
        raise Conflict("Switch this webhook on before posting to it again.")
    if delivery.claimed_by:
        raise Conflict("It is being posted right now.")
    delivery.attempts, delivery.delivered_at, delivery.due_at = 0, None, now()
    enqueue(session, "hook.post", delivery.id)
    return delivery


def recent(session: Session, endpoint_id: str, limit: int = 50) -> Sequence[HookDelivery]:
    rows = select(HookDelivery).where(HookDelivery.endpoint_id == endpoint_id)
    return session.scalars(rows.order_by(HookDelivery.id.desc()).limit(limit)).all()


def attempts_of(session: Session, delivery_ids: Collection[str]) -> dict[str, list[HookAttempt]]:
    """Each delivery's tries, in order."""
    rows = select(HookAttempt).where(HookAttempt.delivery_id.in_(delivery_ids))
    found: dict[str, list[HookAttempt]] = {}
    for attempt in session.scalars(rows.order_by(HookAttempt.id)):
        found.setdefault(attempt.delivery_id, []).append(attempt)
    return found


def forget(session: Session) -> int:
    """Remove what is over and old: how many. The log keeps that it happened."""
    over = delete(HookDelivery).where(
        HookDelivery.due_at.is_(None), HookDelivery.created_at < now() - KEPT
    )
    return cast("CursorResult[Any]", session.execute(over)).rowcount


def waiting(session: Session) -> dict[str, int]:
    """How many deliveries each endpoint still waits for."""
    rows = select(HookDelivery.endpoint_id, func.count()).where(HookDelivery.due_at.is_not(None))
    counted = session.execute(rows.group_by(HookDelivery.endpoint_id))
    return {row[0]: row[1] for row in counted}
