"""A visitor's messages as the widget shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.chat.visitors import Visitor, threads_of
from connectors.channels import web_settings
from desk import inboxes
from desk.company import company
from desk.envelope import DeliveryState
from desk.messages import Attachment, Author, Direction, Message
from desk.seen import seen_until
from desk.teams import Teammate


class Done(BaseModel):
    ok: bool = True


class ChatSource(BaseModel):
    title: str
    url: str


class ChatAttachment(BaseModel):
    id: str
    name: str
    type: str
    size: int | None
    url: str


class ChatMessage(BaseModel):
    id: str
    client_id: str
    sender: Literal["me", "assistant", "teammate", "system"] = Field(serialization_alias="from")
    name: str
    text: str
    at: datetime
    sources: list[ChatSource]
    choices: list[str]
    state: str
    seen: bool
    """Of the visitor's own: whether a teammate has read it, where the company shows that."""
    streaming: bool
    attachments: list[ChatAttachment]


def shown(session: Session, visitor: Visitor) -> list[ChatMessage]:
    """What this visitor may see of their threads here, in reading order."""
    threads = [thread.id for thread in threads_of(session, visitor)]
    rows = session.scalars(
        select(Message)
        .where(Message.thread_id.in_(threads), Message.direction != Direction.NOTE)
        .where(Message.draft.is_(False), Message.deleted_at.is_(None))
        .order_by(Message.at, Message.id)
    ).all()
    names = _names(session, rows)
    files = _files(session, rows, visitor)
    seen = _seen(session, rows, visitor)
    return [
        _shape(message, names, files.get(message.id, []), message.id in seen) for message in rows
    ]


def _seen(session: Session, rows: Sequence[Message], visitor: Visitor) -> set[str]:
    """Which of the visitor's messages a teammate has read."""
    if not web_settings.shows_seen(inboxes.find(session, visitor.inbox_id).config):
        return set()
    own = [message for message in rows if message.direction == Direction.IN]
    until = seen_until(session, {message.conversation_id for message in own})
    return {
        message.id
        for message in own
        if message.conversation_id in until and message.created_at <= until[message.conversation_id]
    }


def _names(session: Session, rows: Sequence[Message]) -> dict[str, str]:
    """How people and the assistant are called: a teammate by first name only."""
    ids = {message.author_id for message in rows if message.author_id}
    people = session.execute(select(Teammate.id, Teammate.name).where(Teammate.id.in_(ids)))
    named = {teammate: name.split(" ")[0] for teammate, name in people}
    return {**named, "": f"{company(session).name} Assistant".strip()}


def _files(
    session: Session, rows: Sequence[Message], visitor: Visitor
) -> dict[str, list[ChatAttachment]]:
    found: dict[str, list[ChatAttachment]] = {}
    ids = [message.id for message in rows]
    for row in session.scalars(select(Attachment).where(Attachment.message_id.in_(ids))):
        url = f"/chat/{visitor.inbox_id}/attachments/{row.id}"
        found.setdefault(row.message_id, []).append(
            ChatAttachment(id=row.id, name=row.name, type=row.type, size=row.size, url=url)
        )
    return found


_SENDERS: dict[str, Literal["me", "assistant", "teammate", "system"]] = {
    Author.CUSTOMER: "me",
    Author.ASSISTANT: "assistant",
    Author.TEAMMATE: "teammate",
    Author.SYSTEM: "system",
}


def _shape(
    message: Message, names: dict[str, str], files: list[ChatAttachment], seen: bool
) -> ChatMessage:
    mine = message.direction == Direction.IN
    return ChatMessage(
        id=message.id,
        client_id=(message.provider_id or "") if mine else "",
        sender=_SENDERS[message.author],
        name="" if mine else names.get(message.author_id or "", ""),
        text=message.text,
        at=message.at,
        sources=[ChatSource(title=s["title"], url=s["url"]) for s in message.sources],
        choices=message.choices,
        state=message.state or "received",
        seen=seen,
        streaming=message.state == DeliveryState.SPEAKING,
        attachments=files,
    )
