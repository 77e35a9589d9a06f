"""Outbound webhooks: who hears what happens here, and whether it arrives."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints, field_validator

from api.auth import Admin
from api.console.shapes import Done
from api.problems import problems
from api.transactions import Reading, Writing
from core import events
from delivery import endpoints, hooks
from delivery.endpoints import KINDS, WebhookEndpoint
from delivery.hooks import HookAttempt, HookDelivery

router = APIRouter(prefix="/api/hooks", tags=["hooks"], responses=problems(401, 403, 404, 409))

Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=2000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class HookShape(BaseModel):
    id: str
    url: str
    note: str
    kinds: list[str]
    enabled: bool
    failing_since: datetime | None
    problem: str
    waiting: int
    old_secret_until: datetime | None


class HookList(BaseModel):
    hooks: list[HookShape]
    kinds: list[str]


@router.get("")
def list_hooks(actor: Admin, session: Reading) -> HookList:
    waiting = hooks.waiting(session)
    found = [_shape(one, waiting.get(one.id, 0)) for one in endpoints.all_of_them(session)]
    return HookList(hooks=found, kinds=list(KINDS))


class HookChanges(BaseModel):
    """Kinds: names of events; an empty list means all of them."""

    url: Url | None = None
    note: Note | None = None
    kinds: Annotated[list[str], Field(max_length=len(KINDS))] | None = None
    enabled: bool | None = None

    @field_validator("kinds")
    @classmethod
    def known(cls, kinds: list[str] | None) -> list[str] | None:
        if unknown := sorted(set(kinds or ()) - set(KINDS)):
            raise ValueError(f"there is no event {unknown[0]}")
        return kinds


class NewHook(HookChanges):
    url: Url


class HookSecret(BaseModel):
    """The secret is shown this once."""

    hook: HookShape
    secret: str


@router.post("", status_code=201)
def add_hook(new: NewHook, actor: Admin, session: Writing) -> HookSecret:
    hook = endpoints.add(
        session, new.url, new.kinds or [], new.note or "", events.last_in(session), by=actor.id
    )
    return HookSecret(hook=_shape(hook, 0), secret=hook.secret)


@router.patch("/{hook_id}")
def change_hook(hook_id: str, changes: HookChanges, actor: Admin, session: Writing) -> HookShape:
    hook = endpoints.find(session, hook_id)
    endpoints.change(session, hook, changes.model_dump(exclude_none=True), by=actor.id)
    return _shape(hook, hooks.waiting(session).get(hook.id, 0))


@router.delete("/{hook_id}")
def remove_hook(hook_id: str, actor: Admin, session: Writing) -> Done:
    endpoints.remove(session, endpoints.find(session, hook_id), by=actor.id)
    return Done()


@router.post("/{hook_id}/rotate")
def rotate_hook_secret(hook_id: str, actor: Admin, session: Writing) -> HookSecret:
    hook = endpoints.find(session, hook_id)
    secret = endpoints.rotate(session, hook, by=actor.id)
    return HookSecret(hook=_shape(hook, hooks.waiting(session).get(hook.id, 0)), secret=secret)


State = Literal["waiting", "delivered", "failed"]


class AttemptShape(BaseModel):
    at: datetime
    status: int | None
    error: str
    milliseconds: int


class DeliveryShape(BaseModel):
    id: str
    name: str
    number: int | None
    created_at: datetime
    state: State
    next_try_at: datetime | None
    attempts: list[AttemptShape]


@router.post("/{hook_id}/test", status_code=202)
def test_hook(hook_id: str, actor: Admin, session: Writing) -> DeliveryShape:
    return _delivery(hooks.try_out(session, endpoints.find(session, hook_id)), ())


@router.get("/{hook_id}/deliveries")
def list_deliveries(hook_id: str, actor: Admin, session: Reading) -> list[DeliveryShape]:
    found = hooks.recent(session, endpoints.find(session, hook_id).id)
    tries = hooks.attempts_of(session, [one.id for one in found])
    return [_delivery(one, tries.get(one.id, ())) for one in found]


@router.post("/deliveries/{delivery_id}/replay", status_code=202)
def replay_delivery(delivery_id: str, actor: Admin, session: Writing) -> DeliveryShape:
    delivery = hooks.replay(session, delivery_id)
    tries = hooks.attempts_of(session, [delivery.id])
    return _delivery(delivery, tries.get(delivery.id, ()))


def _shape(hook: WebhookEndpoint, waiting: int) -> HookShape:
    return HookShape(
        id=hook.id,
        url=hook.url,
        note=hook.note,
        kinds=hook.kinds,
        enabled=hook.enabled,
        failing_since=hook.failing_since,
        problem=hook.problem,
        waiting=waiting,
        old_secret_until=hook.old_secret_until,
    )


def _state(delivery: HookDelivery) -> State:
    if delivery.delivered_at:
        return "delivered"
    return "waiting" if delivery.due_at else "failed"


def _delivery(delivery: HookDelivery, tries: Sequence[HookAttempt]) -> DeliveryShape:
    return DeliveryShape(
        id=delivery.id,
        name=delivery.name,
        number=delivery.number,
        created_at=delivery.created_at,
        state=_state(delivery),
        next_try_at=delivery.due_at,
        attempts=[
            AttemptShape(
                at=one.created_at,
                status=one.status,
                error=one.error,
                milliseconds=one.milliseconds,
            )
            for one in tries
        ],
    )
