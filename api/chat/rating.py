"""What the visitor thinks of how their chat went, once it is resolved."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy.orm import Session

from api.chat import visitors
from api.chat.pace import Paced
from api.chat.visitors import Visitor
from api.problems import problems
from api.transactions import Writing
from connectors.channels import web_settings
from connectors.json_values import clean
from core.errors import NotFound
from desk import conversations, ratings
from desk.conversations import Conversation, Status
from desk.ratings import Rating

router = APIRouter(prefix="/chat/{inbox_id}", tags=["chat"], responses=problems(401, 404, 409, 429))


def _clean(value: Any) -> Any:
    return clean(value).strip() if isinstance(value, str) else value


class NewRating(BaseModel):
    conversation_id: str = Field(max_length=100)
    score: int = Field(ge=1, le=5)
    comment: Annotated[str, Field(max_length=2000), BeforeValidator(_clean)] = ""


class ChatRating(BaseModel):
    """A chat that is over: how it was rated, or that it may be."""

    conversation_id: str
    score: int | None
    comment: str


@router.put("/rating")
def rate(request: NewRating, visitor: Paced, session: Writing) -> ChatRating:
    """Rate a resolved chat of this visitor; done again it changes the rating."""
    inbox = visitors.web_inbox(session, visitor.inbox_id)
    mine = {thread.conversation_id for thread in visitors.threads_of(session, visitor)}
    if request.conversation_id not in mine or not web_settings.asks_for_rating(inbox.config):
        raise NotFound("There is no such chat to rate.")
    conversation = conversations.lock(session, request.conversation_id)
    rating = ratings.rate(session, conversation, request.score, request.comment)
    return _shape(conversation, rating)


def asked(session: Session, visitor: Visitor) -> ChatRating | None:
    """The visitor's last chat, if it is over and this website asks how it was."""
    inbox = visitors.web_inbox(session, visitor.inbox_id)
    threads = visitors.threads_of(session, visitor)
    if not threads or not web_settings.asks_for_rating(inbox.config):
        return None
    last = max(threads, key=lambda thread: thread.customer_wrote_at or thread.created_at)
    conversation = conversations.find(session, last.conversation_id)
    if conversation.status != Status.RESOLVED:
        return None
    return _shape(conversation, ratings.standing(session, conversation))


def _shape(conversation: Conversation, rating: Rating | None) -> ChatRating:
    return ChatRating(
        conversation_id=conversation.id,
        score=rating.score if rating else None,
        comment=rating.comment if rating else "",
    )
