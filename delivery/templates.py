"""Fetching an inbox's templates from the provider."""

from typing import cast

from connectors.base import Templated
from core.db import reading, transaction
from core.errors import Conflict
from core.log import about, log
from delivery.accounts import account_of, channel_of
from desk import inboxes, templates
from desk.inboxes import Inbox


def has_templates(inbox: Inbox) -> bool:
    return hasattr(channel_of(inbox), "templates")


def sync(inbox_id: str) -> None:
    """Raises Conflict, in words, when the provider doesn't hand them out."""
    with about(inbox=inbox_id):
        with reading() as session:
            inbox = inboxes.find(session, inbox_id)
        if not has_templates(inbox):
            raise Conflict("This kind of inbox has no templates.")
        try:
            offered = cast(Templated, channel_of(inbox)).templates(account_of(inbox))
        except OSError as wrong:
            log.warning("templates_not_synced", error=type(wrong).__name__)
            raise Conflict(f"The templates could not be fetched: {wrong}") from wrong
        with transaction() as session:
            templates.synced(session, inbox_id, offered)
