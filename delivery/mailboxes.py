"""Asking mailboxes for new mail. What arrives becomes events, like a webhook's."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import Fetched, Mailbox, Renewing
from connectors.channels.email.settings import reads_mailbox
from core.db import reading, transaction
from core.log import about, log
from delivery import holds, inbound
from delivery.accounts import account_of, channel_of
from desk import inboxes
from desk.envelope import Batch
from desk.inboxes import Inbox


def to_poll() -> list[str]:
    """Inboxes whose mail has to be fetched."""
    with reading() as session:
        rows = session.scalars(select(Inbox).where(Inbox.enabled, Inbox.kind == "email"))
        return [inbox.id for inbox in rows if reads_mailbox(account_of(inbox))]


def poll(inbox_id: str) -> int:
    """Read what is new in a mailbox; how much that was. Unreachable: nothing, and it is marked.

    The events and the cursor are kept in one transaction.
    """
    with about(inbox=inbox_id):
        with reading() as session:
            inbox = inboxes.find(session, inbox_id)
        mailbox = cast(Mailbox, channel_of(inbox))
        try:
            fetched = mailbox.poll(account_of(inbox), inbox.cursor)
        except OSError as wrong:
            log.exception("mailbox_unreachable")
            _mark_broken(inbox_id, str(wrong))
            return 0
        _keep(inbox_id, inbox.cursor, fetched)
        return len(fetched)


def renew(inbox_id: str) -> None:
    """Keep a mailbox's sign-in from running out. Refused: the inbox is broken until mended."""
    with about(inbox=inbox_id):
        with reading() as session:
            inbox = inboxes.find(session, inbox_id)
        try:
            fresh = cast(Renewing, channel_of(inbox)).renew(account_of(inbox))
        except OSError as wrong:
            log.warning("sign_in_not_renewed", error=type(wrong).__name__)
            return _mark_broken(inbox_id, str(wrong))
        if fresh:
            _keep_sign_in(inbox_id, inbox.secrets, fresh)


def _keep_sign_in(inbox_id: str, before: Mapping[str, str], fresh: Mapping[str, str]) -> None:
    """Unless somebody set another sign-in meanwhile: that one counts."""
    with transaction() as session:
        inbox = inboxes.find(session, inbox_id)
        if inbox.secrets == before:
            inbox.keep_secrets(fresh)
            _works(session, inbox)


def with_sign_in() -> list[str]:
    """Mail inboxes whose sign-in may have to be renewed."""
    with reading() as session:
        return [inbox.id for inbox in inboxes.of_kind(session, "email")]


def _keep(inbox_id: str, cursor: str, fetched: Sequence[Fetched]) -> None:
    with transaction() as session:
        inbox = inboxes.find(session, inbox_id)
        _works(session, inbox)
        real = [item.event for item in fetched if item.event.body]
        inbound.store(session, inbox_id, Batch(tuple(real)))
        if fetched and inbox.cursor == cursor:
            inbox.cursor = fetched[-1].cursor


def _works(session: Session, inbox: Inbox) -> None:
    if not holds.is_broken(session, inbox.id):
        inboxes.works(session, inbox)


def _mark_broken(inbox_id: str, problem: str) -> None:
    with transaction() as session:
        inboxes.mark_broken(session, inbox_id, problem)
