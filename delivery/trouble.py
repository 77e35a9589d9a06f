"""What is wrong with inboxes now, in words for people: the console and `doctor` tell it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from delivery import holds, tokens
from desk.inboxes import Inbox

BEARABLE = timedelta(minutes=1)
"""A provider that slows us down for so long is no news to anybody."""


class What(StrEnum):
    BROKEN = "broken"
    """Nothing goes in or out until a person mends it."""
    HELD = "held"
    """The provider lets nothing through for a while; it ends by itself."""
    TOKEN = "token"
    """It works still, and stops when the token runs out."""


@dataclass(frozen=True)
class Trouble:
    inbox: Inbox
    what: What
    words: str
    since: datetime | None = None
    waiting: int = 0
    """Messages that wait to be sent."""


def troubles(session: Session) -> list[Trouble]:
    """Of every inbox that is on, the oldest inbox first."""
    rows = session.scalars(select(Inbox).where(Inbox.enabled).order_by(Inbox.created_at, Inbox.id))
    found = (of_inbox(session, inbox) for inbox in rows.all())
    return [one for one in found if one]


def of_inbox(session: Session, inbox: Inbox) -> Trouble | None:
    """The worst of what is wrong with it."""
    if inbox.problem:
        waiting = holds.waiting(session, inbox.id)
        return Trouble(inbox, What.BROKEN, inbox.problem, inbox.broken_since, waiting)
    if held := _held(session, inbox):
        return held
    if words := tokens.warning(inbox):
        return Trouble(inbox, What.TOKEN, words)
    return None


def _held(session: Session, inbox: Inbox) -> Trouble | None:
    hold = holds.of_inbox(session, inbox.id)
    if hold is None or hold.refused_since is None or hold.refused_since > now() - BEARABLE:
        return None
    words = f"The provider holds messages back. {hold.reason}".strip()
    waiting = holds.waiting(session, inbox.id)
    return Trouble(inbox, What.HELD, words, hold.refused_since, waiting)
