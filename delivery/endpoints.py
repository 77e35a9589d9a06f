"""Addresses of others that want to hear what happens here."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, events, outside, standard_webhooks
from core.clock import now
from core.crypto import Secret
from core.db import Row
from core.errors import NotFound

OLD_SECRET_LASTS = timedelta(days=1)
"""Both secrets sign while the receiver changes over."""
GIVES_UP_AFTER = timedelta(days=5)
"""Failing without one success for so long switches an endpoint off."""

KINDS = (
    "message.received",
    "message.written",
    "message.state",
    "message.edited",
    "message.deleted",
    "message.reacted",
    "message.echoed",
    "conversation.opened",
    "conversation.assigned",
    "conversation.handed_off",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.rated",
    "customer.changed",
    "customer.merged",
    "customer.merge_undone",
    "identity.changed",
    "inbox.consent",
    "inbox.broken",
    "inbox.works",
)
"""What can be asked for: names of the event log that others may build on."""


class WebhookEndpoint(Row):
    __tablename__ = "webhook_endpoint"

    url: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    """What it is for, for people."""
    kinds: Mapped[list[str]]
    """Of KINDS; none: all of them."""
    secret: Mapped[str] = mapped_column(Secret)
    old_secret: Mapped[str] = mapped_column(Secret, default="")
    old_secret_until: Mapped[datetime | None]
    enabled: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int]
    """The number in the event log up to which deliveries have been made."""
    failing_since: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")

    def wants(self, name: str) -> bool:
        return name in (self.kinds or KINDS)

    def secrets(self) -> list[str]:
        old = self.old_secret_until and self.old_secret_until > now() and self.old_secret
        return [self.secret, *([str(old)] if old else [])]


def find(session: Session, endpoint_id: str) -> WebhookEndpoint:
    found = session.get(WebhookEndpoint, endpoint_id)
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def all_of_them(session: Session) -> Sequence[WebhookEndpoint]:
    return session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.created_at)).all()


def add(
    session: Session, url: str, kinds: Collection[str], note: str, position: int, *, by: str
) -> WebhookEndpoint:
    """It hears what happens from now on; `position` is the last number of the event log."""
    outside.check_address(url)
    endpoint = WebhookEndpoint(
        url=url,
        kinds=sorted(set(kinds)),
        note=note,
        secret=standard_webhooks.new_secret(),
        position=position,
    )
    session.add(endpoint)
    session.flush()
    audit.record(session, by, "webhook.added", endpoint.id)
    return endpoint


def change(
    session: Session, endpoint: WebhookEndpoint, changes: dict[str, object], *, by: str
) -> None:
    """Switched on again, it starts with a clean slate."""
    if "url" in changes:
        outside.check_address(str(changes["url"]))
    for name, value in changes.items():
        setattr(endpoint, name, value)
    if changes.get("enabled"):
        endpoint.failing_since, endpoint.problem = None, ""
    audit.record(session, by, "webhook.changed", endpoint.id, changed=sorted(changes))


def rotate(session: Session, endpoint: WebhookEndpoint, *, by: str) -> str:
    """A new secret; the old one signs beside it for a day."""
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, now() + OLD_SECRET_LASTS
    endpoint.secret = standard_webhooks.new_secret()
    audit.record(session, by, "webhook.secret_rotated", endpoint.id)
    return endpoint.secret


def remove(session: Session, endpoint: WebhookEndpoint, *, by: str) -> None:
    audit.record(session, by, "webhook.removed", endpoint.id)
    session.execute(delete(WebhookEndpoint).where(WebhookEndpoint.id == endpoint.id))


def succeeded(endpoint: WebhookEndpoint) -> None:
    endpoint.failing_since, endpoint.problem = None, ""


def failed(session: Session, endpoint: WebhookEndpoint, error: str, *, gone: bool) -> None:
    """Remember since when; switch it off when it has lasted, or when the receiver said so."""
    endpoint.failing_since = endpoint.failing_since or now()
    endpoint.problem = error
    lasted = endpoint.failing_since < now() - GIVES_UP_AFTER
    if endpoint.enabled and (gone or lasted):
        endpoint.enabled = False
        why = "it answered 410 Gone" if gone else f"nothing arrived for {GIVES_UP_AFTER.days} days"
        endpoint.problem = f"Switched off because {why}. Last: {error}"
        audit.record(session, "system", "webhook.disabled", endpoint.id, why)
        events.append(session, "webhook.disabled", webhook=endpoint.id)
