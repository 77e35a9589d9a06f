"""Writing and reading in a website chat."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response, UploadFile
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints
from sqlalchemy import select

from api.chat import visitors
from api.chat.pace import Paced
from api.chat.rating import ChatRating, asked
from api.chat.shapes import ChatMessage, Done, shown
from api.chat.visitors import Present
from api.problems import problems
from api.transactions import Reading, Writing
from connectors.base import Request as Received
from connectors.channels import web_settings
from core import events, files, live
from core.clock import now
from core.db import reading
from core.errors import Invalid, NotFound, OneThreadError
from delivery import inbound
from delivery.accounts import channel_of
from desk import messages, visitor_proofs
from desk.envelope import DeliveryState
from desk.inboxes import Inbox
from desk.messages import Attachment, Direction, Message

LARGEST_FILE = 15 * 1024 * 1024
SHOWN_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp")

router = APIRouter(prefix="/chat/{inbox_id}", tags=["chat"], responses=problems(401, 404, 429))


class TooLarge(OneThreadError):
    code = "too_large"
    status = 413


class ChatFile(BaseModel):
    name: Annotated[str, StringConstraints(max_length=300)]
    type: Annotated[str, StringConstraints(max_length=100)]
    reference: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    size: int


class NewMessage(BaseModel):
    client_id: UUID
    text: str = Field(default="", max_length=10_000)
    at: AwareDatetime | None = None
    choice: str = Field(default="", max_length=500)
    files: list[ChatFile] = Field(default=[], max_length=10)
    name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=320)
    phone: str = Field(default="", max_length=50)
    page: str = Field(default="", max_length=2000)
    invitation: str = Field(default="", max_length=100)
    """Which message shown unasked this answers, by its id in the settings."""


class Accepted(BaseModel):
    id: str


@router.post("/messages", status_code=201)
def write(request: NewMessage, visitor: Paced, session: Writing) -> Accepted:
    """Keep a visitor's message; sent again under the same client id it is still one."""
    inbox = visitors.web_inbox(session, visitor.inbox_id)
    item = request.model_dump(mode="json", exclude={"client_id"})
    item |= {"id": str(request.client_id), "visitor": visitor.id}
    item["signed_as"] = visitor_proofs.in_force(session, visitor.id, inbox.id)
    item["invitation"] = _invitation(inbox, request.invitation)
    item["at"] = (request.at or now()).isoformat()
    batch = channel_of(inbox).split(Received(json.dumps(item).encode(), {}, {}))
    if batch.dead_letters:
        raise Invalid(batch.dead_letters[0].reason)
    inbound.store(session, inbox.id, batch)
    return Accepted(id=batch.events[0].id)


def _invitation(inbox: Inbox, named: str) -> str:
    """What it said. The words are ours: a browser only names them."""
    known = {one.id: one.text for one in web_settings.invitations(inbox.config)}
    return known.get(named, "")


class ChatMessages(BaseModel):
    items: list[ChatMessage]
    last: int
    """Where the live stream goes on from."""
    rating: ChatRating | None
    """Set once the chat is over, where the website asks how it was."""


@router.get("/messages")
def read(visitor: Present) -> ChatMessages:
    """The visitor's chat so far."""
    last = events.last_number()
    with reading() as session:
        return ChatMessages(
            items=shown(session, visitor), last=last, rating=asked(session, visitor)
        )


@router.post("/typing")
def typing(visitor: Paced, session: Reading) -> Done:
    for thread in visitors.threads_of(session, visitor):
        live.publish(live.TYPING, thread.conversation_id)
    return Done()


class SeenRequest(BaseModel):
    message_id: str = Field(max_length=100)


@router.post("/seen")
def saw(request: SeenRequest, visitor: Paced, session: Writing) -> Done:
    """The visitor has read up to this message."""
    threads = [thread.id for thread in visitors.threads_of(session, visitor)]
    message = session.get(Message, request.message_id)
    if message is None or message.thread_id not in threads:
        raise NotFound("There is no such message in this chat.")
    read_now = session.scalars(
        select(Message).where(
            Message.thread_id.in_(threads),
            Message.direction == Direction.OUT,
            Message.at <= message.at,
            Message.state.in_((DeliveryState.SENT, DeliveryState.DELIVERED)),
        )
    )
    for one in read_now:
        messages.advance(session, one, DeliveryState.READ)
    return Done()


class Uploaded(BaseModel):
    name: str
    type: str
    reference: str
    size: int


@router.post("/attachments", status_code=201)
def upload(file: UploadFile, visitor: Paced) -> Uploaded:
    """Keep a file; naming its reference in a message attaches it there."""
    content = file.file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise TooLarge("The file is larger than 15 MB.")
    if not content:
        raise Invalid("The file is empty.")
    return Uploaded(
        name=(file.filename or "file")[:300],
        type=file.content_type or "application/octet-stream",
        reference=files.store(content),
        size=len(content),
    )


@router.get("/attachments/{attachment_id}")
def download(attachment_id: str, visitor: Present, session: Reading) -> Response:
    """A file of this visitor's own chat."""
    threads = [thread.id for thread in visitors.threads_of(session, visitor)]
    attachment = session.get(Attachment, attachment_id)
    message = session.get(Message, attachment.message_id) if attachment else None
    if not attachment or not message or message.thread_id not in threads or message.draft:
        raise NotFound("There is no such file in this chat.")
    if not attachment.file_key:
        raise NotFound("This file has not arrived yet.")
    return file_response(attachment.name, attachment.type, files.load(attachment.file_key))


def file_response(name: str, type_: str, content: bytes) -> Response:
    """A file to look at when it is a harmless picture, else to save; never run as a page."""
    safe = type_ if type_ in SHOWN_INLINE else "application/octet-stream"
    how = "inline" if type_ in SHOWN_INLINE else "attachment"
    plain = "".join(c if c.isalnum() or c in "._- " else "_" for c in name if c.isascii())
    return Response(
        content,
        media_type=safe,
        headers={
            "Content-Disposition": f'{how}; filename="{plain or "file"}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        },
    )
