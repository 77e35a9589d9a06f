"""Inboxes: which accounts are connected, what they need, whether they work."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from api.auth import Admin, Agent
from api.console.shapes import Line
from api.problems import problems
from api.transactions import Reading, Writing
from connectors.base import Channel
from connectors.base import Field as ChannelField
from connectors.registry import channel, channels
from core import db
from core.errors import Invalid
from core.settings import settings
from delivery.accounts import account_of
from desk import connecting, inboxes, teams
from desk.inboxes import Inbox, Policy

router = APIRouter(prefix="/api", tags=["inboxes"], responses=problems(401, 403, 404))

Value = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]
Values = Annotated[dict[str, Value], Field(max_length=50)]


class FieldShape(BaseModel):
    name: str
    label: str
    secret: bool
    help: str
    default: str
    required: bool


class ChannelShape(BaseModel):
    kind: str
    name: str
    fields: list[FieldShape]


@router.get("/channels")
def list_channels(actor: Agent) -> list[ChannelShape]:
    """The kinds of account that can be connected, and what each asks for."""
    return [
        ChannelShape(
            kind=one.kind,
            name=one.name,
            fields=[FieldShape.model_validate(f, from_attributes=True) for f in one.fields],
        )
        for one in channels()
    ]


class InboxShape(BaseModel):
    id: str
    kind: str
    name: str
    brand: str
    enabled: bool
    policy: Policy
    threshold: float
    queue_id: str | None
    disclosure: str
    config: dict[str, str]
    secrets_set: list[str]
    problem: str
    broken_since: datetime | None
    webhook_url: str


@router.get("/inboxes")
def list_inboxes(actor: Agent, session: Reading) -> list[InboxShape]:
    return [_shape(inbox) for inbox in connecting.all_inboxes(session)]


class InboxChanges(BaseModel):
    """Config and secrets: the given names are replaced, the others stay; "" takes one away."""

    name: Line | None = None
    brand: Annotated[str, StringConstraints(max_length=200)] | None = None
    enabled: bool | None = None
    policy: Policy | None = None
    threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    queue_id: str | None = None
    disclosure: Annotated[str, StringConstraints(max_length=1000)] | None = None
    config: Values | None = None
    secrets: Values | None = Field(default=None, repr=False)


class NewInbox(InboxChanges):
    kind: Line
    name: Line


@router.post("/inboxes", status_code=201)
def add_inbox(new: NewInbox, actor: Admin, session: Writing) -> InboxShape:
    kind = channel(new.kind)
    config, secrets = dict(new.config or {}), dict(new.secrets or {})
    for field in kind.fields:
        (secrets if field.secret else config).setdefault(field.name, field.default)
    _check_names(kind, config, secrets, known={})
    _check_required(kind, {**config, **secrets})
    inbox = inboxes.open_inbox(session, new.kind, new.name)
    changes = {**_changes(session, new), "config": config, "secrets": secrets}
    changes.pop("kind")
    connecting.change_inbox(session, inbox, changes, by=actor.id)
    return _shape(inbox)


@router.patch("/inboxes/{inbox_id}")
def change_inbox(
    inbox_id: str, changes: InboxChanges, actor: Admin, session: Writing
) -> InboxShape:
    inbox = inboxes.find(session, inbox_id)
    kind = channel(inbox.kind)
    config, secrets = changes.config or {}, changes.secrets or {}
    _check_names(kind, config, secrets, known=inbox.config)
    _check_required(kind, {**inbox.config, **inbox.secrets, **config, **secrets})
    connecting.change_inbox(session, inbox, _changes(session, changes), by=actor.id)
    return _shape(inbox)


def _changes(session: Writing, changes: InboxChanges) -> dict[str, object]:
    """What was given. Only the queue may be set to null: then rules alone decide."""
    wanted = {
        name: value
        for name, value in changes.model_dump(exclude_unset=True).items()
        if value is not None or name == "queue_id"
    }
    if wanted.get("queue_id") is not None:
        teams.find_queue(session, str(wanted["queue_id"]))
    return wanted


def _check_names(
    kind: Channel, config: Mapping[str, str], secrets: Mapping[str, str], known: Mapping[str, str]
) -> None:
    public = {field.name for field in kind.fields if not field.secret} | set(known)
    private = {field.name for field in kind.fields if field.secret}
    wrong = sorted((set(config) - public) | (set(secrets) - private))
    if wrong:
        raise Invalid(f"{kind.name} has no such setting: {', '.join(wrong)}.")


def _check_required(kind: Channel, values: Mapping[str, str]) -> None:
    missing = [field.label for field in kind.fields if _is_missing(field, values)]
    if missing:
        raise Invalid(f"Please fill in: {', '.join(missing)}.")


def _is_missing(field: ChannelField, values: Mapping[str, str]) -> bool:
    return field.required and not values.get(field.name)


class CheckShape(BaseModel):
    name: str
    ok: bool
    message: str


@router.post("/inboxes/{inbox_id}/check")
def check_inbox(inbox_id: str, actor: Admin) -> list[CheckShape]:
    """Try the account's settings for real. Nothing is locked while the provider thinks."""
    with db.reading() as session:
        inbox = inboxes.find(session, inbox_id)
        kind, account = channel(inbox.kind), account_of(inbox)
    return [CheckShape.model_validate(check, from_attributes=True) for check in kind.check(account)]


def _shape(inbox: Inbox) -> InboxShape:
    return InboxShape(
        id=inbox.id,
        kind=inbox.kind,
        name=inbox.name,
        brand=inbox.brand,
        enabled=inbox.enabled,
        policy=Policy(inbox.policy),
        threshold=inbox.threshold,
        queue_id=inbox.queue_id,
        disclosure=inbox.disclosure,
        config=inbox.config,
        secrets_set=sorted(inbox.secrets),
        problem=inbox.problem,
        broken_since=inbox.broken_since,
        webhook_url=f"{settings().url}/webhooks/{inbox.id}",
    )
