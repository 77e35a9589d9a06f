"""Outlook's own mail files."""

from pathlib import Path

from oxmsg import Message

from ingestion.parse.document import Document
from ingestion.parse.eml import mail_document


def read(path: Path, name: str, kind: str) -> Document:
    message = Message.load(str(path))
    names = [attachment.file_name or "" for attachment in message.attachments]
    return mail_document(
        message.subject or "", message.html_body or "", message.body or "", attachments=names
    )
