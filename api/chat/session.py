"""Starting a website chat: what it looks like, and who is there."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.chat import visitors
from api.chat.pace import Begins
from api.problems import problems
from api.transactions import Reading, Writing
from desk.company import company

router = APIRouter(prefix="/chat/{inbox_id}", tags=["chat"], responses=problems(401, 404))


class ChatSettings(BaseModel):
    name: str
    brand: str
    greeting: str
    colour: str
    pre_chat: list[str]
    assistant_name: str


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
        pre_chat=[field.strip() for field in inbox.config.get("pre_chat", "").split(",") if field],
        assistant_name=inbox.config.get("assistant_name") or f"{name} Assistant",
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
