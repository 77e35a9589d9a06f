"""Tokens that run out: renewed where that can be done, else people are warned in time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import Expiring, Token, TokenRefused
from core import events
from core.clock import now
from core.db import reading, transaction
from core.log import about, log
from core.queue import enqueue
from delivery.accounts import account_of, channel_of
from desk import inboxes
from desk.inboxes import Inbox

WARN = timedelta(days=14)
REFUSED = "The provider no longer accepts the token. Put a new one into the settings."


def expiring() -> Sequence[str]:
    """Inboxes whose token may run out one day."""
    with reading() as session:
        rows = session.scalars(select(Inbox).where(Inbox.enabled))
        return [inbox.id for inbox in rows if _may_run_out(inbox)]


def look_soon(session: Session, inbox: Inbox) -> None:
    """Somebody changed the settings: what is told about the token shall be about theirs."""
    if inbox.enabled and _may_run_out(inbox):
        enqueue(session, "token.look", inbox.id)


def _may_run_out(inbox: Inbox) -> bool:
    return hasattr(channel_of(inbox), "token")


def look(inbox_id: str) -> None:
    """Ask how the token stands, keep the new one if it was renewed, and tell people in time."""
    with about(inbox=inbox_id):
        with reading() as session:
            inbox = inboxes.find(session, inbox_id)
        channel = cast(Expiring, channel_of(inbox))
        try:
            token = channel.token(account_of(inbox), inbox.token_expires_at)
        except TokenRefused:
            with transaction() as session:
                if _is_as_asked(session, inbox):
                    inboxes.mark_broken(session, inbox_id, REFUSED)
        except OSError as wrong:
            log.warning("token_not_looked_up", error=type(wrong).__name__)
        else:
            with transaction() as session:
                if _is_as_asked(session, inbox):
                    _keep(session, inboxes.find(session, inbox_id), token)


def _is_as_asked(session: Session, asked: Inbox) -> bool:
    """Not when somebody put in another token meanwhile: that one is asked about anew."""
    return inboxes.find(session, asked.id).secrets == asked.secrets


def _keep(session: Session, inbox: Inbox, token: Token) -> None:
    if token.secrets:
        inbox.keep_secrets(token.secrets)
    if inbox.problem == REFUSED:
        inboxes.works(session, inbox)
    was_soon, inbox.token_expires_at = runs_out_soon(inbox.token_expires_at), token.ends
    if runs_out_soon(token.ends) != was_soon:
        told = "inbox.token_renewed" if was_soon else "inbox.token_ends"
        events.append(session, told, inbox=inbox.id)


def runs_out_soon(ends: datetime | None) -> bool:
    return ends is not None and ends < now() + WARN


def warning(inbox: Inbox) -> str:
    """For people; "" while there is time."""
    ends = inbox.token_expires_at
    if ends is None or not runs_out_soon(ends):
        return ""
    if ends <= now():
        return "The token has run out. Put a new one into the settings."
    return f"The token runs out on {ends:%Y-%m-%d}. Put a new one into the settings before."
