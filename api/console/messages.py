"""Messages as the console shows them, and what a teammate does with a single one."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel

from api.auth import Agent
from api.console.mail import safe_html
from api.console.shapes import Done, Text
from api.problems import problems
from api.transactions import Writing
from core.errors import Conflict
from delivery import outbox
from desk import conversations, customers, replies
from desk import messages as desk_messages
from desk.detail import Shown, shown
from desk.envelope import DeliveryState
from desk.messages import Attachment
from desk.phone_calls import Utterance

router = APIRouter(
    prefix="/api/messages", tags=["messages"], responses=problems(401, 403, 404, 409)
)


class MessageSource(BaseModel):
    title: str
    url: str
    passage: str


class MessageFile(BaseModel):
    id: str
    kind: str
    name: str
    type: str
    size: int | None
    url: str | None
    """Where to open it; null while it is fetched, or when it could not be."""
    problem: str


class UtteranceShape(BaseModel):
    """One thing said in a call; `cut`: interrupted, the text is what was heard."""

    author: Literal["customer", "assistant"]
    text: str
    at: datetime
    state: Literal["thinking", "speaking", "said", "cut"]
    run_id: str | None


class MessageShape(BaseModel):
    id: str
    conversation_id: str
    thread_id: str | None
    direction: Literal["in", "out", "note"]
    author: Literal["customer", "assistant", "teammate", "system"]
    author_id: str | None
    author_name: str
    at: datetime
    text: str
    html: str
    quoted: str
    subject: str
    kind: str
    choice: str
    choices: list[str]
    sources: list[MessageSource]
    channel: str | None
    inbox_name: str | None
    state: str | None
    error: str
    draft: bool
    run_id: str | None
    automatic: str
    reactions: dict[str, str]
    attachments: list[MessageFile]
    utterances: list[UtteranceShape]
    """The transcript, where it is a call; it grows while the call goes on."""
    edited_at: datetime | None
    deleted_at: datetime | None
    details: dict[str, Any]


def message_shape(part: Shown) -> MessageShape:
    message = part.message
    return MessageShape(
        id=message.id,
        conversation_id=message.conversation_id,
        thread_id=message.thread_id,
        direction=message.direction,
        author=message.author,
        author_id=message.author_id,
        author_name=part.author_name,
        at=message.at,
        text=message.text,
        html=safe_html(message.html, part.attachments),
        quoted=message.quoted,
        subject=message.subject,
        kind=message.kind,
        choice=message.choice,
        choices=message.choices,
        sources=[_source(source) for source in message.sources],
        channel=part.inbox.kind if part.inbox else None,
        inbox_name=part.inbox.name if part.inbox else None,
        state=message.state,
        error=message.error,
        draft=message.draft,
        run_id=message.run_id,
        automatic=message.automatic,
        reactions=message.reactions,
        attachments=[_file(attachment) for attachment in part.attachments],
        utterances=[_utterance(one) for one in part.utterances],
        edited_at=message.edited_at,
        deleted_at=message.deleted_at,
        details=message.details,
    )


def _source(source: dict[str, Any]) -> MessageSource:
    return MessageSource(
        title=source.get("title") or "",
        url=source.get("url") or "",
        passage=source.get("passage") or "",
    )


def _utterance(said: Utterance) -> UtteranceShape:
    return UtteranceShape(
        author=said.author,
        text=said.text,
        at=said.created_at,
        state=said.state,
        run_id=said.run_id,
    )


def _file(attachment: Attachment) -> MessageFile:
    return MessageFile(
        id=attachment.id,
        kind=attachment.kind,
        name=attachment.name,
        type=attachment.type,
        size=attachment.size,
        url=f"/api/attachments/{attachment.id}" if attachment.file_key else None,
        problem=attachment.problem,
    )


class Rejection(BaseModel):
    reason: Text = ""


@router.delete("/{message_id}/draft")
def reject_draft(
    message_id: str,
    actor: Agent,
    session: Writing,
    rejection: Annotated[Rejection | None, Body()] = None,
    reason: Annotated[str, Query(max_length=2000)] = "",
) -> Done:
    """Put a draft aside; it is never sent. The reason may stand in the body or in the query."""
    draft = replies.find_message(session, message_id)
    why = (rejection.reason if rejection else "") or reason
    replies.reject(session, draft, actor.id, why.strip())
    return Done()


@router.post("/{message_id}/retry")
def retry_message(message_id: str, actor: Agent, session: Writing) -> MessageShape:
    """Send a failed or unknown message again: a person's decision, since it may have arrived."""
    message = replies.find_message(session, message_id)
    session.refresh(message, with_for_update=True)
    if message.state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
        raise Conflict("Only a message that failed, or may not have arrived, can be sent again.")
    outbox.resend(session, message)
    message.details = {**message.details, "resent_by": actor.id}
    conversation = conversations.find(session, message.conversation_id)
    customer = customers.find(session, conversation.customer_id)
    return message_shape(shown(session, [message], customer.name)[0])


@router.post("/{message_id}/arrived")
def settle_message(message_id: str, actor: Agent, session: Writing) -> MessageShape:
    """A person found out that a message nobody was sure of has arrived: it isn't sent again."""
    message = replies.find_message(session, message_id)
    session.refresh(message, with_for_update=True)
    if message.state != DeliveryState.UNKNOWN:
        raise Conflict("Only a message that may not have arrived needs this.")
    desk_messages.advance(session, message, DeliveryState.SENT)
    message.details = {**message.details, "settled_by": actor.id}
    conversation = conversations.find(session, message.conversation_id)
    customer = customers.find(session, conversation.customer_id)
    return message_shape(shown(session, [message], customer.name)[0])
