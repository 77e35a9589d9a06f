"""What came in and could not be understood: kept, shown, tried again."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from api.auth import Lead
from api.console.shapes import Done
from api.problems import problems
from api.transactions import Reading, Writing
from core import audit
from core.errors import NotFound
from core.mask import without_secrets
from delivery import inbound
from delivery.inbound import Event
from desk import connecting

router = APIRouter(
    prefix="/api/dead-letters", tags=["dead letters"], responses=problems(401, 403, 404)
)

SHOWN = 20_000
"""Characters of a body that the list carries."""


class DeadLetterShape(BaseModel):
    id: str
    at: datetime
    dead_at: datetime
    reason: str
    inbox_id: str
    inbox_name: str
    body: str


@router.get("")
def list_dead_letters(actor: Lead, session: Reading, inbox_id: str = "") -> list[DeadLetterShape]:
    """The latest ones first; of one inbox or of all. Secrets in a body are not shown."""
    names = {inbox.id: inbox.name for inbox in connecting.all_inboxes(session)}
    return [
        DeadLetterShape(
            id=event.id,
            at=event.created_at,
            dead_at=event.dead_at or event.created_at,
            reason=event.reason,
            inbox_id=event.inbox_id,
            inbox_name=names.get(event.inbox_id, ""),
            body=without_secrets(event.body[:SHOWN]),
        )
        for event in inbound.dead_letters(session, inbox_id)
    ]


class Replayed(BaseModel):
    count: int


@router.post("/replay")
def replay_dead_letters(actor: Lead, session: Writing, inbox_id: str = "") -> Replayed:
    """Try all that are listed again; what fails once more comes back."""
    tried = inbound.replay_all(session, inbox_id)
    for event_id in tried:
        audit.record(session, actor.id, "dead_letter.replayed", event_id)
    return Replayed(count=len(tried))


@router.post("/{event_id}/replay")
def replay_dead_letter(event_id: str, actor: Lead, session: Writing) -> Done:
    """Try it again, e.g. after the inbox's settings were put right."""
    _find(session, event_id)
    inbound.replay(session, event_id)
    audit.record(session, actor.id, "dead_letter.replayed", event_id)
    return Done()


@router.delete("/{event_id}")
def dismiss_dead_letter(event_id: str, actor: Lead, session: Writing) -> Done:
    """Put it aside for good. Its row stays, so that a redelivery isn't taken for news."""
    inbound.dismiss(_find(session, event_id))
    audit.record(session, actor.id, "dead_letter.dismissed", event_id)
    return Done()


@router.post("/{event_id}/restore")
def restore_dead_letter(event_id: str, actor: Lead, session: Writing) -> Done:
    """Bring back one that was put aside."""
    event = session.get(Event, event_id)
    if event is None or not (event.done_at and event.reason):
        raise NotFound("There is no such dead letter that was put aside.")
    inbound.restore(event)
    audit.record(session, actor.id, "dead_letter.restored", event_id)
    return Done()


def _find(session: Writing, event_id: str) -> Event:
    event = session.get(Event, event_id)
    if event is None or event.dead_at is None:
        raise NotFound("There is no such dead letter.")
    return event
