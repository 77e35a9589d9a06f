"""What teammates do with a conversation: answer, note, take, hand on, close."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints
from sqlalchemy.orm import Session

from api.auth import Agent
from api.console.messages import MessageShape, message_shape
from api.console.shapes import ConversationRow, Done, Text, row_of
from api.problems import problems
from api.transactions import Reading, Writing
from core import live
from core.clock import now
from core.errors import Conflict, Invalid, NotFound
from desk import conversations, customers, listing, messages, moves, prepared_files, replies, teams
from desk.conversations import Conversation
from desk.detail import shown
from desk.messages import Message

router = APIRouter(
    prefix="/api/conversations/{conversation_id}",
    tags=["conversations"],
    responses=problems(401, 403, 404, 409),
)


class ReplyRequest(BaseModel):
    text: Text = ""
    thread_id: str | None = None
    attachments: list[str] = Field(default=[], max_length=10)
    resolve: bool = False
    draft_id: str | None = None
    """Approve this draft of the assistant's, with `text` as it is to be sent."""


@router.post("/reply", status_code=201)
def reply(
    conversation_id: str, request: ReplyRequest, actor: Agent, session: Writing
) -> MessageShape:
    conversation = conversations.lock(session, conversation_id)
    if request.draft_id:
        draft = _draft(session, conversation, request.draft_id)
        message = replies.approve(session, draft, actor.id, request.text or draft.text)
        prepared_files.attach(session, message, actor.id, request.attachments)
    else:
        message = replies.reply(
            session,
            conversation,
            actor.id,
            request.text,
            thread_id=request.thread_id,
            file_ids=request.attachments,
        )
    if request.resolve:
        conversations.resolve(session, conversation, by=actor.id)
    return shape_of(session, conversation, message)


def _draft(session: Session, conversation: Conversation, draft_id: str) -> Message:
    draft = replies.find_message(session, draft_id)
    if draft.conversation_id != conversation.id:
        raise NotFound("There is no such draft in this conversation.")
    return draft


class NoteRequest(BaseModel):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50_000)]


@router.post("/note", status_code=201)
def add_note(
    conversation_id: str, request: NoteRequest, actor: Agent, session: Writing
) -> MessageShape:
    """Something only teammates see."""
    conversation = conversations.find(session, conversation_id)
    message = messages.note(session, conversation, request.text, author_id=actor.id, kind="message")
    return shape_of(session, conversation, message)


def shape_of(session: Session, conversation: Conversation, message: Message) -> MessageShape:
    customer = customers.find(session, conversation.customer_id)
    return message_shape(shown(session, [message], customer.name)[0])


class Assignment(BaseModel):
    """Fields that are left out stay as they are; null takes the queue or the person off."""

    queue_id: str | None = None
    teammate_id: str | None = None


@router.post("/assign")
def assign(
    conversation_id: str, request: Assignment, actor: Agent, session: Writing
) -> ConversationRow:
    conversation = conversations.lock(session, conversation_id)
    changes = request.model_fields_set
    queue_id = request.queue_id if "queue_id" in changes else conversation.queue_id
    teammate_id = request.teammate_id if "teammate_id" in changes else conversation.assignee_id
    if queue_id is not None:
        teams.find_queue(session, queue_id)
    if teammate_id is not None and not teams.find_teammate(session, teammate_id).active:
        raise Conflict("This teammate is deactivated. Choose somebody else.")
    conversations.assign(session, conversation, queue_id=queue_id, teammate_id=teammate_id)
    return _row(session, conversation, actor.id)


@router.post("/take")
def take(conversation_id: str, actor: Agent, session: Writing) -> ConversationRow:
    """Take the conversation over; what the assistant is preparing is dropped."""
    conversation = conversations.lock(session, conversation_id)
    conversations.take(session, conversation, actor.id)
    return _row(session, conversation, actor.id)


@router.post("/give-back")
def give_back(conversation_id: str, actor: Agent, session: Writing) -> ConversationRow:
    """Hand the conversation to the assistant again, what nobody has answered with it."""
    conversation = conversations.lock(session, conversation_id)
    conversations.give_back(session, conversation)
    return _row(session, conversation, actor.id)


@router.post("/resolve")
def resolve(conversation_id: str, actor: Agent, session: Writing) -> ConversationRow:
    conversation = conversations.lock(session, conversation_id)
    conversations.resolve(session, conversation, by=actor.id)
    return _row(session, conversation, actor.id)


@router.post("/reopen")
def reopen(conversation_id: str, actor: Agent, session: Writing) -> ConversationRow:
    """Take resolving or snoozing back: it is with whom it was, unless they have left since."""
    conversation = conversations.lock(session, conversation_id)
    conversations.take_back(session, conversation)
    assignee = conversation.assignee_id
    if assignee and not teams.find_teammate(session, assignee).active:
        conversation.assignee_id = None
    return _row(session, conversation, actor.id)


class Snooze(BaseModel):
    until: AwareDatetime


@router.post("/snooze")
def snooze(
    conversation_id: str, request: Snooze, actor: Agent, session: Writing
) -> ConversationRow:
    """Out of sight until then, or until the customer writes."""
    if request.until <= now():
        raise Invalid("Choose a time in the future.")
    conversation = conversations.lock(session, conversation_id)
    conversations.snooze(session, conversation, request.until)
    return _row(session, conversation, actor.id)


def _row(session: Session, conversation: Conversation, teammate_id: str) -> ConversationRow:
    session.flush()
    return row_of(listing.listed(session, teammate_id, [conversation])[0])


@router.post("/typing")
def say_typing(conversation_id: str, actor: Agent, session: Reading) -> Done:
    """Let the customer see that somebody is writing, where the channel shows it."""
    conversations.find(session, conversation_id)
    live.publish(live.ASSISTANT_TYPING, conversation_id)
    return Done()


class SplitRequest(BaseModel):
    message_id: str
    following: bool = True
    """Also everything after it."""


class MergeRequest(BaseModel):
    into_id: str
    why: Annotated[str, StringConstraints(max_length=500)] = ""


class MoveShape(BaseModel):
    id: str
    conversation_id: str
    """Where the messages are now."""


@router.post("/split")
def split(conversation_id: str, request: SplitRequest, actor: Agent, session: Writing) -> MoveShape:
    """Put a message, or all from it on, into a conversation of their own."""
    move = moves.split(
        session, conversation_id, request.message_id, following=request.following, by=actor.id
    )
    return MoveShape(id=move.id, conversation_id=move.target_id)


@router.post("/merge")
def merge(conversation_id: str, request: MergeRequest, actor: Agent, session: Writing) -> MoveShape:
    """Put everything of this conversation into another of the same customer."""
    move = moves.merge(session, conversation_id, request.into_id, by=actor.id, why=request.why)
    return MoveShape(id=move.id, conversation_id=move.target_id)


@router.post("/undo-move/{move_id}")
def undo_move(conversation_id: str, move_id: str, actor: Agent, session: Writing) -> MoveShape:
    """Take a split or merge back, exactly."""
    found = session.get(moves.Move, move_id)
    if found is None or conversation_id not in (found.source_id, found.target_id):
        raise NotFound("This was not split or merged so.")
    move = moves.undo(session, move_id, by=actor.id)
    return MoveShape(id=move.id, conversation_id=move.source_id)
