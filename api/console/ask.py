"""A question to the assistant outside any conversation, to see what it would do, and why."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from agent.ask import ask
from api.auth import Agent
from api.console.messages import MessageSource
from api.console.trace import Trace, trace_parts
from api.library import OwnLibrary
from api.problems import problems
from core import db

router = APIRouter(prefix="/api/ask", tags=["ask"], responses=problems(401, 403, 409, 503))


class Question(BaseModel):
    question: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)
    ]


class Asked(Trace):
    text: str
    sources: list[MessageSource]


@router.post("")
def ask_assistant(request: Question, actor: Agent, library: OwnLibrary) -> Asked:
    """Nothing is stored and nobody is written to."""
    told = ask(library, request.question)
    with db.reading() as session:
        parts = trace_parts(session, told["trace"])
    return Asked(
        decision=told["decision"],
        text=told["text"],
        confidence=told["confidence"],
        threshold=told["threshold"],
        mode=told["mode"],
        sources=[MessageSource(**source, passage="") for source in told["sources"]],
        timings=told["timings"],
        **parts,
    )
