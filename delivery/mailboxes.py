"""Asking mailboxes for new mail. What arrives becomes events, like a webhook's."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import select

from connectors.base import Fetched, Mailbox
from core import events
from core.clock import now
from core.db import reading, transaction
from core.log import about, log
from delivery import inbound
from delivery.accounts import account_of, channel_of
from desk import inboxes
from desk.envelope import Batch
from desk.inboxes import Inbox


def to_poll() -> list[str]:
    with reading() as session:
        rows = session.scalars(select(Inbox).where(Inbox.enabled, Inbox.kind == "email"))
        return [inbox.id for inbox in rows if inbox.config.get("imap_host")]


def poll(inbox_id: str) -> None:
    """Read what is new in a mailbox. The events and the cursor are kept in one transaction."""
    with about(inbox=inbox_id):
        with reading() as session:
            inbox = inboxes.find(session, inbox_id)
        mailbox = cast(Mailbox, channel_of(inbox))
        try:
            fetched = mailbox.poll(account_of(inbox), inbox.cursor)
        except OSError as wrong:
            log.exception("mailbox_unreachable")
            return _mark_broken(inbox_id, str(wrong))
        _keep(inbox_id, inbox.cursor, fetched)


def _keep(inbox_id: str, cursor: str, fetched: Sequence[Fetched]) -> None:
    with transaction() as session:
        inbox = inboxes.find(session, inbox_id)
        if inbox.broken_since:
            inbox.broken_since, inbox.problem = None, ""
            events.append(session, "inbox.works", inbox=inbox_id)
        real = [item.event for item in fetched if item.event.body]
        inbound.store(session, inbox_id, Batch(tuple(real)))
        if fetched and inbox.cursor == cursor:
            inbox.cursor = fetched[-1].cursor


def _mark_broken(inbox_id: str, problem: str) -> None:
    with transaction() as session:
        inbox = inboxes.find(session, inbox_id)
        if inbox.problem != problem:
            inbox.broken_since = inbox.broken_since or now()
            inbox.problem = problem
            events.append(session, "inbox.broken", inbox=inbox_id)
