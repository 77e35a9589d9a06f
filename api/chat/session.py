"""Starting a website chat: what it looks like, and who is there."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.chat import visitors
from api.chat.pace import Begins
from api.problems import problems
from api.transactions import Reading, Writing
from connectors.channels import web_settings
from delivery import transcripts
from desk.company import company

router = APIRouter(prefix="/chat/{inbox_id}", tags=["chat"], responses=problems(401, 404))


class ChatQuestion(BaseModel):
    """One field of the form before the chat."""

    ask: Literal["name", "email", "phone"]
    required: bool


class ChatInvitation(BaseModel):
    """What the chat says unasked, beside its button, on pages that match."""

    id: str
    page: str
    seconds: int
    daily: bool
    text: str


class ChatSettings(BaseModel):
    name: str
    brand: str
    greeting: str
    colour: str
    pre_chat: list[ChatQuestion]
    invitations: list[ChatInvitation]
    assistant_name: str
    transcript: bool
    """Whether the chat can be had by email: the company has an email inbox."""


@router.get("/settings")
def read_settings(inbox_id: str, session: Reading) -> ChatSettings:
    """What the widget shows before anybody has written."""
    inbox = visitors.web_inbox(session, inbox_id)
    name = company(session).name or inbox.name
    return ChatSettings(
        name=inbox.name,
        brand=inbox.brand or name,
        greeting=inbox.config.get("greeting", ""),
        colour=inbox.config.get("colour", ""),
        pre_chat=[
            ChatQuestion.model_validate(one, from_attributes=True)
            for one in web_settings.questions(inbox.config)
        ],
        invitations=[
            ChatInvitation.model_validate(one, from_attributes=True)
            for one in web_settings.invitations(inbox.config)
        ],
        assistant_name=inbox.config.get("assistant_name") or f"{name} Assistant",
        transcript=transcripts.mailbox(session) is not None,
    )


class SessionRequest(BaseModel):
    visitor_token: str = Field(default="", max_length=200)
    identity_jwt: str = Field(default="", max_length=8000)


class ChatSession(BaseModel):
    visitor_token: str
    identified: bool
    name: str


@router.post("/session", dependencies=[Begins], responses=problems(401, 404, 429))
def start_session(inbox_id: str, request: SessionRequest, session: Writing) -> ChatSession:
    """Admit a visitor; a signed identity token makes them a known customer."""
    inbox = visitors.web_inbox(session, inbox_id)
    visitor, name = visitors.admit(inbox, session, request.visitor_token, request.identity_jwt)
    return ChatSession(
        visitor_token=visitors.token_of(visitor), identified=bool(request.identity_jwt), name=name
    )
