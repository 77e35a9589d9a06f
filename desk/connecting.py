"""Changing an inbox: its settings, its secrets, and when the assistant may speak in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, events
from desk import inboxes
from desk.inboxes import Inbox


def all_inboxes(session: Session) -> Sequence[Inbox]:
    return session.scalars(select(Inbox).order_by(Inbox.created_at, Inbox.id)).all()


def change_inbox(session: Session, inbox: Inbox, changes: Mapping[str, Any], *, by: str) -> None:
    """Set fields; given config keys and secrets replace the old ones, the others stay.

    An empty secret removes it. What was broken counts as mended until it fails again. The audit
    names what changed, never a value.
    """
    rest = dict(changes)
    config, secrets = rest.pop("config", {}), rest.pop("secrets", {})
    for name, value in rest.items():
        setattr(inbox, name, value)
    if config:
        inbox.config = {**inbox.config, **config}
    if secrets:
        inbox.keep_secrets(secrets)
    if "access_token" in secrets:
        inbox.token_expires_at = None
    if config or secrets:
        inboxes.works(session, inbox)
    session.flush()
    record_change(session, inbox, "inbox.changed", [*rest, *config, *secrets], by=by)


def record_change(
    session: Session, inbox: Inbox, action: str, changed: Sequence[str], *, by: str
) -> None:
    audit.record(session, by, action, inbox.id, changed=sorted(changed))
    events.append(session, action, inbox=inbox.id)
