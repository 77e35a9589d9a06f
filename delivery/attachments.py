"""The files of a message: kept before its transaction, told of within it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core import files
from core.queue import enqueue
from desk.envelope import Envelope, File
from desk.messages import Attachment, Message


@dataclass(frozen=True)
class StoredFile:
    file: File
    key: str | None


def store(envelope: Envelope) -> list[StoredFile]:
    return [
        StoredFile(file, files.store(file.content) if file.content is not None else None)
        for file in envelope.files
    ]


def attach(session: Session, message: Message, attached: Sequence[StoredFile]) -> None:
    for item in attached:
        attachment = Attachment(
            message_id=message.id,
            kind=item.file.kind,
            name=item.file.name,
            type=item.file.type,
            size=item.file.size or (len(item.file.content) if item.file.content else None),
            inline_id=item.file.inline_id,
            reference=item.file.reference,
            file_key=item.key,
        )
        session.add(attachment)
        session.flush()
        if item.key is None and item.file.reference:
            enqueue(session, "media.fetch", attachment.id)
