"""Files a teammate has uploaded for a reply that is not written yet."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Row
from core.errors import NotFound
from desk.messages import Attachment, Message


class PreparedFile(Row):
    __tablename__ = "prepared_file"

    owner_id: Mapped[str] = mapped_column(index=True)
    """Who uploaded it; nobody else can send it."""
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]
    file_key: Mapped[str]


def prepare(
    session: Session, owner_id: str, name: str, content_type: str, file_key: str, size: int
) -> PreparedFile:
    """Note a stored file of `size` bytes for a reply of this teammate."""
    prepared = PreparedFile(
        owner_id=owner_id,
        name=name[:200],
        type=content_type[:200],
        size=size,
        file_key=file_key,
    )
    session.add(prepared)
    session.flush()
    return prepared


def attach(session: Session, message: Message, owner_id: str, ids: Sequence[str]) -> None:
    """Make the prepared files the message's attachments. Raises NotFound for a foreign one."""
    wanted = list(dict.fromkeys(ids))
    rows = session.scalars(
        select(PreparedFile).where(PreparedFile.id.in_(wanted), PreparedFile.owner_id == owner_id)
    )
    prepared = {row.id: row for row in rows}
    if len(prepared) < len(wanted):
        raise NotFound("An attachment is no longer there. Please add it again.")
    for row in (prepared[file_id] for file_id in wanted):
        session.add(_attachment(message, row))
        session.delete(row)
    session.flush()


def _attachment(message: Message, prepared: PreparedFile) -> Attachment:
    family = prepared.type.split("/")[0]
    return Attachment(
        message_id=message.id,
        kind=family if family in ("image", "video", "audio") else "document",
        name=prepared.name,
        type=prepared.type,
        size=prepared.size,
        file_key=prepared.file_key,
    )
