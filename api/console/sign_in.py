"""Signing in and out, and the teammate's own record."""

from typing import Annotated, Literal

from argon2 import PasswordHasher
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.orm import Session

from api.auth import Agent, SignedOut, drop_cookie, from_our_own_page, set_cookie
from api.console.shapes import Done, Line
from api.problems import problems
from api.transactions import Reading, Writing
from core import db, events
from core.errors import Invalid
from core.log import log
from core.settings import settings
from desk import company, sign_ins, teams
from desk.teams import Teammate

router = APIRouter(prefix="/api", tags=["sign-in"])

NewPassword = Annotated[str, StringConstraints(min_length=10, max_length=200)]


class Me(BaseModel):
    id: str
    name: str
    email: str
    role: Literal["agent", "lead", "qa", "admin"]
    available: bool
    company: str
    demo: bool


class Credentials(BaseModel):
    email: Annotated[str, StringConstraints(max_length=320)]
    password: Annotated[str, StringConstraints(max_length=200)] = Field(repr=False)


@router.post(
    "/sign-in", dependencies=[Depends(from_our_own_page)], responses=problems(401, 403, 429)
)
def sign_in(credentials: Credentials, request: Request, response: Response) -> Me:
    """Start a session for this browser. Guessing is limited by email and by address."""
    address = request.client.host if request.client else ""
    with db.transaction() as session:
        sign_ins.count_guess(session, credentials.email, address)
    teammate_id = _recognise(credentials)
    with db.transaction() as session:
        teammate = teams.find_teammate(session, teammate_id)
        begun = sign_ins.begin(session, teammate, address)
        set_cookie(response, begun.id)
        return _me(session, teammate)


def _recognise(credentials: Credentials) -> str:
    """The teammate's id. A wrong email takes as long as a wrong password and says the same."""
    with db.reading() as session:
        teammate = teams.by_email(session, credentials.email)
        if teammate is None:
            PasswordHasher().hash(credentials.password)
        elif teammate.has_password(credentials.password) and teammate.active:
            return teammate.id
    log.info("sign_in_refused")
    raise SignedOut("This email and password don't belong together.", code="wrong_password")


@router.post("/sign-out", responses=problems(401, 403))
def sign_out(actor: Agent, session: Writing, response: Response) -> Done:
    sign_ins.end(session, actor.sign_in_id)
    drop_cookie(response)
    return Done()


@router.get("/me", responses=problems(401))
def get_me(actor: Agent, session: Reading) -> Me:
    return _me(session, teams.find_teammate(session, actor.id))


class PasswordChange(BaseModel):
    old: Annotated[str, StringConstraints(max_length=200)]
    new: NewPassword


class MyChanges(BaseModel):
    available: bool | None = None
    name: Line | None = None
    password: PasswordChange | None = Field(default=None, repr=False)


@router.patch("/me", responses=problems(401, 403))
def change_me(changes: MyChanges, actor: Agent, session: Writing) -> Me:
    teammate = teams.find_teammate(session, actor.id)
    if changes.available is not None:
        teammate.available = changes.available
    if changes.name is not None:
        teammate.name = changes.name
    if changes.password is not None:
        _change_password(session, teammate, changes.password, actor.sign_in_id)
    events.append(session, "teammate.changed", teammate=teammate.id)
    return _me(session, teammate)


def _change_password(
    session: Session, teammate: Teammate, change: PasswordChange, sign_in_id: str
) -> None:
    if not teammate.has_password(change.old):
        raise Invalid("The old password is not right.", code="wrong_password")
    teammate.set_password(change.new)
    sign_ins.end_others(session, teammate.id, keep=sign_in_id)


def _me(session: Session, teammate: Teammate) -> Me:
    return Me(
        id=teammate.id,
        name=teammate.name,
        email=teammate.email,
        role=teammate.role,
        available=teammate.available,
        company=company.company(session).name,
        demo=settings().demo,
    )
