"""Inboxes: which accounts are connected, what they need, whether they work."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.orm import Session

from api.auth import Admin, Agent
from api.console.shapes import Line
from api.problems import problems
from api.transactions import Reading, Writing
from connectors.base import Channel
from connectors.base import Field as ChannelField
from connectors.channels.email.settings import reads_mailbox
from connectors.registry import channel, channels
from core import db
from core.errors import Invalid
from core.settings import settings
from delivery import holds, inbound, templates, tokens, trouble
from delivery.accounts import account_of
from desk import connecting, inboxes, teams
from desk.inboxes import Inbox, Policy

router = APIRouter(prefix="/api", tags=["inboxes"], responses=problems(401, 403, 404))

Value = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]
Values = Annotated[dict[str, Value], Field(max_length=50)]


class ChoiceShape(BaseModel):
    value: str
    label: str


class FieldShape(BaseModel):
    name: str
    label: str
    secret: bool
    help: str
    default: str
    required: bool
    choices: list[ChoiceShape]
    """Where it is one of a list."""
    own_screen: bool


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
            fields=[_field(field) for field in one.fields],
        )
        for one in channels()
    ]


def _field(field: ChannelField) -> FieldShape:
    choices = [ChoiceShape(value=value, label=label) for value, label in field.choices]
    return FieldShape.model_validate({**asdict(field), "choices": choices})


class AddressShape(BaseModel):
    """An address of ours that must be entered at the provider."""

    label: str
    url: str


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
    sending_held_until: datetime | None
    """Until when a provider's refusal holds everything back; then one message tries."""
    waiting: int
    """Messages that wait to be sent."""
    last_event_at: datetime | None
    """When the provider last reached us."""
    token_expires_at: datetime | None
    token_warning: str
    has_templates: bool
    webhook_url: str
    addresses: list[AddressShape]
    """What to enter at the provider; empty where we go and fetch."""


@router.get("/inboxes")
def list_inboxes(actor: Agent, session: Reading) -> list[InboxShape]:
    return [_shape(session, inbox) for inbox in connecting.all_inboxes(session)]


class TroubleShape(BaseModel):
    inbox_id: str
    name: str
    kind: str
    what: trouble.What
    words: str
    since: datetime | None
    waiting: int
    """Messages that wait to be sent."""


@router.get("/inboxes/troubles")
def list_troubles(actor: Agent, session: Reading) -> list[TroubleShape]:
    """The inboxes that are broken, held back, or will be when their token runs out."""
    return [
        TroubleShape(
            inbox_id=one.inbox.id,
            name=one.inbox.name,
            kind=one.inbox.kind,
            what=one.what,
            words=one.words,
            since=one.since,
            waiting=one.waiting,
        )
        for one in trouble.troubles(session)
    ]


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
    _check_choices(kind, config)
    inbox = inboxes.open_inbox(session, new.kind, new.name)
    changes = {**_changes(session, new), "config": config, "secrets": secrets}
    changes.pop("kind")
    connecting.change_inbox(session, inbox, changes, by=actor.id)
    tokens.look_soon(session, inbox)
    return _shape(session, inbox)


@router.patch("/inboxes/{inbox_id}")
def change_inbox(
    inbox_id: str, changes: InboxChanges, actor: Admin, session: Writing
) -> InboxShape:
    inbox = inboxes.find(session, inbox_id)
    kind = channel(inbox.kind)
    config, secrets = changes.config or {}, changes.secrets or {}
    _check_names(kind, config, secrets, known=inbox.config)
    _check_required(kind, {**inbox.config, **inbox.secrets, **config, **secrets})
    _check_choices(kind, config)
    connecting.change_inbox(session, inbox, _changes(session, changes), by=actor.id)
    holds.mended(session, inbox.id)
    if config or secrets:
        tokens.look_soon(session, inbox)
    return _shape(session, inbox)


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


def _check_choices(kind: Channel, config: Mapping[str, str]) -> None:
    for field in kind.fields:
        known = [value for value, _ in field.choices]
        given = config.get(field.name, "")
        if known and given and given not in known:
            raise Invalid(f"{field.label} is one of: {', '.join(known)}.")


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
    checks = kind.check(account)
    if all(check.ok for check in checks):
        with db.transaction() as session:
            holds.mended(session, inbox_id)
            inboxes.works(session, inboxes.find(session, inbox_id))
    return [CheckShape.model_validate(check, from_attributes=True) for check in checks]


def _shape(session: Session, inbox: Inbox) -> InboxShape:
    hold = holds.of_inbox(session, inbox.id)
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
        sending_held_until=hold.held_until if hold else None,
        waiting=holds.waiting(session, inbox.id),
        last_event_at=inbound.last_at(session, inbox.id),
        token_expires_at=inbox.token_expires_at,
        token_warning=tokens.warning(inbox),
        has_templates=templates.has_templates(inbox),
        webhook_url=f"{settings().url}/webhooks/{inbox.id}",
        addresses=_addresses(inbox),
    )


def _addresses(inbox: Inbox) -> list[AddressShape]:
    base = inbox.config.get("public_url", "").rstrip("/") or settings().url
    match inbox.kind:
        case "web":
            return []
        case "email" if reads_mailbox(account_of(inbox)):
            return []
        case "voice":
            voice = f"{base}/voice/{inbox.id}"
            return [
                AddressShape(label="A call comes in (POST)", url=f"{voice}/answer"),
                AddressShape(label="Call status changes (POST)", url=f"{voice}/status"),
            ]
        case _:
            return [AddressShape(label="Webhook address", url=f"{base}/webhooks/{inbox.id}")]
