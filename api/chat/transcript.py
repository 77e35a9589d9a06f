"""The visitor's own chat by email."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from api.chat import visitors
from api.chat.pace import Paced
from api.chat.shapes import Done
from api.problems import problems
from api.transactions import Writing
from delivery import transcripts

router = APIRouter(prefix="/chat/{inbox_id}", tags=["chat"], responses=problems(401, 404, 429))

EmailAddress = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
    ),
]


class TranscriptRequest(BaseModel):
    email: EmailAddress
    language: Annotated[str, StringConstraints(max_length=35, pattern="^[A-Za-z-]*$")] = ""
    """Of the chat's own words, in which the mail is written."""


@router.post("/transcript", status_code=202)
def ask_for_transcript(request: TranscriptRequest, visitor: Paced, session: Writing) -> Done:
    """Send this visitor's chat to an address. The answer is the same whether it can be reached."""
    inbox = visitors.web_inbox(session, visitor.inbox_id)
    transcripts.request(session, inbox, visitor.id, request.email, request.language)
    return Done()
