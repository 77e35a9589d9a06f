"""Queues: where conversations wait for people, by which rules, and when somebody is there."""

from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from sqlalchemy.orm import Session

from api.auth import Agent, Lead
from api.console.shapes import Done, Line
from api.problems import problems
from api.transactions import Reading, Writing
from desk import roster, teams
from desk.teams import Queue

router = APIRouter(prefix="/api/queues", tags=["queues"], responses=problems(401, 403, 404, 409))

Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Values = Line | Annotated[list[Line], Field(min_length=1, max_length=50)]


class Rule(BaseModel, extra="forbid"):
    """Routes a conversation here when every field given matches; a list means any of it."""

    inbox: Values | None = None
    language: Values | None = None
    topic: Values | None = None
    risk: Values | None = None

    @model_validator(mode="after")
    def says_something(self) -> "Rule":
        if not self.model_dump(exclude_none=True):
            raise ValueError("a rule needs an inbox, a language, a topic or a risk")
        return self


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("not a known time zone, write it like Europe/Berlin")
    return name


class Hours(BaseModel, extra="forbid"):
    """When somebody is there, by day; no days at all means always."""

    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    days: dict[Day, list[tuple[Clock, Clock]]] = {}

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> "Hours":
        if any(start >= end for spans in self.days.values() for start, end in spans):
            raise ValueError("each span must end after it starts, on the same day")
        return self


class QueueShape(BaseModel):
    id: str
    name: str
    is_fallback: bool
    rules: list[dict[str, Any]]
    hours: dict[str, Any]
    first_reply_minutes: int
    members: list[str]


@router.get("")
def list_queues(actor: Agent, session: Reading) -> list[QueueShape]:
    members = roster.member_ids(session)
    return [_shape(queue, members.get(queue.id, [])) for queue in teams.queues(session)]


class QueueChanges(BaseModel):
    name: Line | None = None
    is_fallback: bool | None = None
    rules: Annotated[list[Rule], Field(max_length=50)] | None = None
    hours: Hours | None = None
    first_reply_minutes: Annotated[int, Field(ge=1, le=60 * 24 * 30)] | None = None
    members: Annotated[list[str], Field(max_length=1000)] | None = None


class NewQueue(QueueChanges):
    name: Line


@router.post("", status_code=201)
def add_queue(new: NewQueue, actor: Lead, session: Writing) -> QueueShape:
    queue = roster.add_queue(session, new.name, by=actor.id)
    return _changed(session, queue, new, actor.id)


@router.patch("/{queue_id}")
def change_queue(queue_id: str, changes: QueueChanges, actor: Lead, session: Writing) -> QueueShape:
    return _changed(session, teams.find_queue(session, queue_id), changes, actor.id)


@router.delete("/{queue_id}")
def remove_queue(queue_id: str, actor: Lead, session: Writing) -> Done:
    """What waits in it goes to the fallback queue, which itself can't be removed."""
    roster.retire_queue(session, teams.find_queue(session, queue_id), by=actor.id)
    return Done()


def _changed(session: Session, queue: Queue, changes: QueueChanges, by: str) -> QueueShape:
    roster.change_queue(session, queue, changes.model_dump(exclude_none=True), by=by)
    return _shape(queue, roster.member_ids(session).get(queue.id, []))


def _shape(queue: Queue, members: list[str]) -> QueueShape:
    return QueueShape(
        id=queue.id,
        name=queue.name,
        is_fallback=queue.is_fallback,
        rules=queue.rules,
        hours=queue.hours,
        first_reply_minutes=queue.first_reply_minutes,
        members=members,
    )
