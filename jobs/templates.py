"""Jobs of the message templates."""

from contextlib import suppress

from sqlalchemy import select

from core.db import reading
from core.errors import Conflict
from core.queue import job, wake
from delivery import templates
from desk.inboxes import Inbox


@job("templates.sync", expires=600)
def sync(inbox_id: str) -> None:
    with suppress(Conflict):
        templates.sync(inbox_id)


@job("templates.sync_all", expires=600)
def sync_all() -> None:
    with reading() as session:
        inboxes = session.scalars(select(Inbox).where(Inbox.enabled)).all()
    for inbox in inboxes:
        if templates.has_templates(inbox) and inbox.config.get("business_account_id"):
            wake("templates.sync", inbox.id)
