"""Fetching what came only as a reference, and keeping it."""

from core import events, files
from core.db import reading, transaction
from core.log import about, log
from delivery.accounts import account_of, channel_of
from desk import inboxes
from desk.envelope import File
from desk.messages import Attachment, Message


def fetch(attachment_id: str) -> None:
    """Get an attachment's bytes from its provider. A failure is shown beside the message."""
    with about(attachment=attachment_id):
        with reading() as session:
            attachment = session.get(Attachment, attachment_id)
            if attachment is None or attachment.file_key:
                return
            message = session.get_one(Message, attachment.message_id)
            inbox = inboxes.find(session, message.inbox_id or "")
        file = File(
            attachment.kind, attachment.name, attachment.type, reference=attachment.reference
        )
        try:
            content = channel_of(inbox).fetch(account_of(inbox), file)
            key = files.store(content)
        except (OSError, files.FilesUnavailable) as wrong:
            log.exception("media_not_fetched")
            _keep(attachment_id, None, 0, f"Could not be fetched: {wrong}")
        else:
            _keep(attachment_id, key, len(content), "")


def _keep(attachment_id: str, key: str | None, size: int, problem: str) -> None:
    with transaction() as session:
        attachment = session.get_one(Attachment, attachment_id)
        attachment.file_key, attachment.problem = key, problem
        if key:
            attachment.size = size
        message = session.get_one(Message, attachment.message_id)
        events.append(session, "message.media", message.conversation_id, message=message.id)
