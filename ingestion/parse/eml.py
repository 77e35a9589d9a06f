"""Email files: the subject as title, the body that a mail program would show."""

import email
from email.message import EmailMessage, MIMEPart
from email.policy import default
from pathlib import Path

from ingestion.parse.document import Block, Document, Unreadable, document_of
from ingestion.parse.encoding import decode
from ingestion.parse.html import html_document
from ingestion.parse.written import parse_text


def read(path: Path, name: str, kind: str) -> Document:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:200]:
        data = decode(data).encode()
    message = email.message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    if message.get_content_type() == "multipart/encrypted":
        raise Unreadable(encrypted_mail(name))
    return mail_document(
        str(message.get("subject", "")), *_bodies(message), attachments=_attachments(message)
    )


def encrypted_mail(name: str) -> str:
    return f"“{name}” is an encrypted email. Save it decrypted and upload that."


def mail_document(subject: str, html: str, text: str, *, attachments: list[str]) -> Document:
    """A mail's document: its HTML where that says at least as much as its plain text."""
    plain = parse_text(text, format="text").blocks
    rich = html_document(html).blocks if html.strip() else ()
    blocks = rich if _words(rich) >= 0.8 * _words(plain) else plain
    names = ", ".join(filter(None, attachments))
    warnings = (f"Attachments are not read; upload them by themselves: {names}.",) if names else ()
    return document_of(list(blocks), title=" ".join(subject.split()), warnings=warnings)


def _bodies(message: EmailMessage) -> tuple[str, str]:
    """HTML and plain text, each empty where the mail has none."""
    bodies = [message.get_body((kind,)) for kind in ("html", "plain")]
    if not any(bodies):
        texts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
        return "", "\n\n".join(map(_content, texts))
    html, plain = (_content(body) if body else "" for body in bodies)
    return html, plain


def _content(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    return decode(payload, part.get_content_charset("")) if isinstance(payload, bytes) else ""


def _attachments(message: EmailMessage) -> list[str]:
    return [part.get_filename() or "" for part in message.walk() if part.get_filename()]


def _words(blocks: tuple[Block, ...]) -> int:
    return sum(len(block.text.split()) for block in blocks)
