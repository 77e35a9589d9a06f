"""Teammates: everybody sees who is there, admins say who is."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from api.auth import Admin, Agent
from api.console.shapes import Line, TeammateShape, teammate_shape
from api.console.sign_in import NewPassword
from api.problems import problems
from api.transactions import Reading, Writing
from connectors.phones import e164
from core import audit, events
from desk import roster, teams
from desk.teams import Role

router = APIRouter(
    prefix="/api/teammates", tags=["teammates"], responses=problems(401, 403, 404, 409)
)

Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$"
    ),
]


@router.get("")
def list_teammates(actor: Agent, session: Reading) -> list[TeammateShape]:
    """The active ones first, by name."""
    return [teammate_shape(teammate) for teammate in roster.everyone(session)]


Phone = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=200,
        pattern=r"^(\+[1-9][0-9 ()./-]{4,24}|sips?:[^\s@<>\"]+@[^\s@<>\"]+)?$",
    ),
]
"""A number as +49..., a SIP address, or nothing."""


class NewTeammate(BaseModel):
    name: Line
    email: Email
    role: Role = Role.AGENT
    password: NewPassword = Field(repr=False)


@router.post("", status_code=201)
def add_teammate(new: NewTeammate, actor: Admin, session: Writing) -> TeammateShape:
    teammate = teams.add_teammate(session, new.email, new.name, new.password, new.role)
    audit.record(session, actor.id, "teammate.added", teammate.id, role=new.role)
    events.append(session, "teammate.changed", teammate=teammate.id)
    return teammate_shape(teammate)


class TeammateChanges(BaseModel):
    name: Line | None = None
    email: Email | None = None
    role: Role | None = None
    active: bool | None = None
    password: NewPassword | None = Field(default=None, repr=False)
    phone: Phone | None = None


@router.patch("/{teammate_id}")
def change_teammate(
    teammate_id: str, changes: TeammateChanges, actor: Admin, session: Writing
) -> TeammateShape:
    """Who is deactivated is signed out at once, and their conversations wait for the others."""
    teammate = teams.find_teammate(session, teammate_id)
    wanted = changes.model_dump(exclude_none=True)
    if wanted.get("phone", "").startswith("+"):
        wanted["phone"] = e164(wanted["phone"])
    roster.change_teammate(session, teammate, wanted, by=actor.id)
    return teammate_shape(teammate)
