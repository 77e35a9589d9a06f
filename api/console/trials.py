"""Send to myself: the last step of setting up an inbox."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from api.auth import Admin
from api.console.inboxes import CheckShape
from api.problems import problems
from api.transactions import Reading
from connectors.base import Check
from core import audit
from core.db import reading, transaction
from core.errors import Invalid
from delivery import holds, reach, trial
from delivery.trial import Trial
from desk import inboxes
from desk.envelope import Address

router = APIRouter(
    prefix="/api/inboxes/{inbox_id}/trial", tags=["inboxes"], responses=problems(401, 403, 404)
)

Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class TrialAddress(BaseModel):
    kind: Value
    value: Value
    name: str = ""
    """Of whoever wrote from there."""


class TrialPlan(BaseModel):
    kind: str
    """What is asked for: phone, email...; empty: nobody can be written to over this inbox."""
    own: TrialAddress | None
    """Where the last test went."""
    recent: list[TrialAddress]
    """Who wrote to this inbox last, where nobody knows their own address."""


@router.get("")
def plan_trial(inbox_id: str, actor: Admin, session: Reading) -> TrialPlan:
    inbox = inboxes.find(session, inbox_id)
    kind, own = reach.kind_of_address(inbox.kind), trial.own_address(session, inbox_id)
    return TrialPlan(
        kind=kind,
        own=TrialAddress(kind=own.kind, value=own.value) if own else None,
        recent=[
            TrialAddress(kind=one.kind, value=one.value, name=name)
            for one, name in trial.wrote_lately(session, inbox_id)
            if kind not in reach.TYPED
        ],
    )


class TrialShape(BaseModel):
    """How far a test is; sent back as it is to hear more of it."""

    to: TrialAddress
    start: AwareDatetime
    marks: list[Annotated[str, StringConstraints(max_length=500)]] = Field(max_length=5)
    sent: CheckShape
    heard: CheckShape | None
    waiting: bool
    """Whether more news may come."""


@router.post("", status_code=201)
def start_trial(inbox_id: str, to: TrialAddress, actor: Admin) -> TrialShape:
    """Send a test there now. Nothing is locked while the provider thinks."""
    with reading() as session:
        inbox = inboxes.find(session, inbox_id)
    address = _address(inbox.kind, to)
    started = trial.send(inbox, address)
    with transaction() as session:
        trial.keep_own_address(session, inbox_id, address)
        if started.sent.ok:
            holds.mended(session, inbox_id)
            inboxes.works(session, inboxes.find(session, inbox_id))
        audit.record(session, actor.id, "inbox.tried", inbox_id)
    return _shape(started, None, started.sent.ok)


def _address(inbox_kind: str, to: TrialAddress) -> Address:
    if inbox_kind not in reach.kinds_of_inbox(to.kind):
        raise Invalid("Nobody can be written to there over this inbox.")
    return Address(to.kind, reach.written(to.kind, to.value))


@router.post("/news")
def hear_of_trial(inbox_id: str, so_far: TrialShape, actor: Admin) -> TrialShape:
    """What the provider has told of a test since."""
    with reading() as session:
        inbox = inboxes.find(session, inbox_id)
    to = Address(so_far.to.kind, so_far.to.value)
    sent = Check(so_far.sent.name, so_far.sent.ok, so_far.sent.message)
    under_way = Trial(inbox, to, so_far.start, sent, so_far.marks)
    news = trial.news(under_way)
    return _shape(under_way, news.check if news else None, not (news and news.final))


def _shape(under_way: Trial, heard: Check | None, waiting: bool) -> TrialShape:
    return TrialShape(
        to=TrialAddress(kind=under_way.to.kind, value=under_way.to.value),
        start=under_way.start,
        marks=list(under_way.marks),
        sent=CheckShape.model_validate(under_way.sent, from_attributes=True),
        heard=CheckShape.model_validate(heard, from_attributes=True) if heard else None,
        waiting=waiting,
    )
