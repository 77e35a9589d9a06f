"""Outlook's own mail files."""

from pathlib import Path

from oxmsg import Message

from ingestion.parse.document import Document, Unreadable
from ingestion.parse.eml import encrypted_mail, mail_document


def read(path: Path, name: str, kind: str) -> Document:
    message = Message.load(str(path))
    names = [attachment.file_name or "" for attachment in message.attachments]
    kinds = [attachment.mime_type or "" for attachment in message.attachments]
    if any("encrypted" in kind or "pkcs7-mime" in kind for kind in kinds):
        raise Unreadable(encrypted_mail(name))
    return mail_document(
        message.subject or "", message.html_body or "", message.body or "", attachments=names
    )
