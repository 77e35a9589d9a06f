"""Message templates: what the provider approved, and sending one."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from api.auth import Admin, Agent
from api.console.handling import shape_of
from api.console.messages import MessageShape
from api.problems import problems
from api.transactions import Reading, Writing
from core import audit
from core.db import reading
from core.errors import Invalid
from delivery import templates as fetching
from desk import conversations, inboxes, replies, templates
from desk.envelope import Gap
from desk.templates import SOURCES, MessageTemplate

router = APIRouter(prefix="/api", tags=["templates"], responses=problems(401, 403, 404, 409))

Value = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Values = Annotated[dict[str, Value], Field(max_length=50)]


class GapShape(BaseModel):
    key: str
    part: str
    name: str
    kind: str
    example: str


class TemplateShape(BaseModel):
    id: str
    inbox_id: str
    name: str
    language: str
    category: str
    state: str
    quality: str
    reason: str
    header: str
    body: str
    footer: str
    buttons: list[str]
    gaps: list[GapShape]
    fills: dict[str, str]
    """By a gap's key: name, company, subject or text."""
    for_late_answers: bool
    synced_at: datetime


@router.get("/inboxes/{inbox_id}/templates")
def list_templates(inbox_id: str, actor: Agent, session: Reading) -> list[TemplateShape]:
    """What the provider had when it was last asked; empty where the channel knows none."""
    inboxes.find(session, inbox_id)
    return [_shape(row) for row in templates.of_inbox(session, inbox_id)]


@router.post("/inboxes/{inbox_id}/templates/sync")
def sync_templates(inbox_id: str, actor: Admin) -> list[TemplateShape]:
    """Ask the provider now. Nothing is locked while it thinks."""
    fetching.sync(inbox_id)
    with reading() as session:
        return [_shape(row) for row in templates.of_inbox(session, inbox_id)]


class TemplateUse(BaseModel):
    for_late_answers: bool
    fills: Values = {}


@router.put("/templates/{template_id}/use")
def set_template_use(
    template_id: str, use: TemplateUse, actor: Admin, session: Writing
) -> TemplateShape:
    """Whether the assistant may send it by itself, and what it fills the gaps with."""
    row = templates.find(session, template_id)
    keys = {gap.key for gap in row.all_gaps}
    if set(use.fills) - keys or set(use.fills.values()) - set(SOURCES):
        raise Invalid(f"Fill the template's own gaps, each with one of: {', '.join(SOURCES)}.")
    if use.for_late_answers and set(use.fills) != keys:
        raise Invalid("Say for every gap what it is filled with.")
    row.for_late_answers, row.fills = use.for_late_answers, dict(use.fills)
    audit.record(session, actor.id, "template.use", row.id, for_late_answers=row.for_late_answers)
    return _shape(row)


class TemplateMessage(BaseModel):
    template_id: str
    thread_id: str | None = None
    values: Values = {}
    """By a gap's key."""


@router.post("/conversations/{conversation_id}/template", status_code=201)
def send_template(
    conversation_id: str, wanted: TemplateMessage, actor: Agent, session: Writing
) -> MessageShape:
    conversation = conversations.lock(session, conversation_id)
    message = replies.send_template(
        session,
        conversation,
        actor.id,
        wanted.template_id,
        wanted.values,
        thread_id=wanted.thread_id,
    )
    return shape_of(session, conversation, message)


def _shape(row: MessageTemplate) -> TemplateShape:
    return TemplateShape(
        id=row.id,
        inbox_id=row.inbox_id,
        name=row.name,
        language=row.language,
        category=row.category,
        state=row.state,
        quality=row.quality,
        reason=row.reason,
        header=row.header,
        body=row.body,
        footer=row.footer,
        buttons=row.buttons,
        gaps=[_gap(gap) for gap in row.all_gaps],
        fills=row.fills,
        for_late_answers=row.for_late_answers,
        synced_at=row.synced_at,
    )


def _gap(gap: Gap) -> GapShape:
    return GapShape(key=gap.key, part=gap.part, name=gap.name, kind=gap.kind, example=gap.example)
