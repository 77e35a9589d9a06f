"""Small shapes that several nouns share."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from desk.listing import Listed
from desk.teams import Teammate

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""One line that must not be empty: a name, a subject."""
Text = Annotated[str, StringConstraints(max_length=50_000)]


class Named(BaseModel):
    id: str
    name: str


class Done(BaseModel):
    ok: Literal[True] = True


class ConversationRow(BaseModel):
    id: str
    customer: Named
    subject: str
    status: Literal["open", "snoozed", "resolved"]
    with_person: bool
    assignee: Named | None
    queue: Named | None
    channels: list[str]
    language: str
    last_at: datetime
    waiting_since: datetime | None
    snoozed_until: datetime | None
    preview: str
    preview_author: str
    unread: bool
    drafts: int


def row_of(listed: Listed) -> ConversationRow:
    return ConversationRow.model_validate(row_fields(listed))


def row_fields(listed: Listed) -> dict[str, object]:
    conversation = listed.conversation
    return {
        "id": conversation.id,
        "customer": Named(id=listed.customer.id, name=listed.customer_name),
        "subject": conversation.subject,
        "status": conversation.status,
        "with_person": conversation.with_person,
        "assignee": _named(conversation.assignee_id, listed.assignee_name),
        "queue": _named(conversation.queue_id, listed.queue_name),
        "channels": listed.channels,
        "language": conversation.language,
        "last_at": conversation.last_at,
        "waiting_since": conversation.waiting_since,
        "snoozed_until": conversation.snoozed_until,
        "preview": listed.preview,
        "preview_author": listed.preview_author,
        "unread": listed.unread,
        "drafts": listed.drafts,
    }


def _named(row_id: str | None, name: str) -> Named | None:
    return Named(id=row_id, name=name) if row_id else None


class TeammateShape(BaseModel):
    id: str
    name: str
    email: str
    role: Literal["agent", "lead", "qa", "admin"]
    active: bool
    available: bool
    seen_at: datetime | None
    phone: str
    """Where calls reach them: a number or a SIP address; empty: nowhere."""


def teammate_shape(teammate: Teammate) -> TeammateShape:
    return TeammateShape.model_validate(teammate, from_attributes=True)
