"""What a customer still waits for from us, over all their conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from desk import phone_calls
from desk.conversations import Status
from desk.listing import Listed


class Why(StrEnum):
    WAITING = "waiting"
    """They wrote last. `at`: since when they wait."""
    DRAFT = "draft"
    """An answer waits for approval."""
    CALLBACK = "callback"
    """They were promised a call. `at`: until when."""


@dataclass(frozen=True)
class OpenQuestion:
    conversation_id: str
    why: Why
    words: str
    at: datetime


def open_questions(session: Session, rows: Sequence[Listed]) -> list[OpenQuestion]:
    """Of these conversations; what is resolved is closed. The oldest first."""
    unsettled = [row for row in rows if row.conversation.status != Status.RESOLVED]
    owed = phone_calls.owed(session, [row.conversation.id for row in unsettled])
    found = []
    for row in unsettled:
        conversation, words = row.conversation, row.conversation.subject or row.preview
        if conversation.waiting_since:
            since = conversation.waiting_since
            found.append(OpenQuestion(conversation.id, Why.WAITING, words, since))
        if row.drafts:
            found.append(OpenQuestion(conversation.id, Why.DRAFT, words, conversation.last_at))
        if due := owed.get(conversation.id):
            found.append(OpenQuestion(conversation.id, Why.CALLBACK, words, due))
    return sorted(found, key=lambda one: one.at)
