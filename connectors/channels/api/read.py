"""One stored event into its envelope. What each type needs stands in schema.py."""

import json
from base64 import b64decode
from datetime import UTC, datetime

from connectors.channels.api.people import addresses
from connectors.channels.api.schema import complaint
from connectors.json_values import Json, child, children, facts, moment, text
from desk.envelope import DeliveryState, Envelope, File, Kind, RawEvent, ThreadHint


def read(event: RawEvent) -> tuple[Envelope, ...]:
    """Raises ValueError, in words that name the field, for what the schema does not allow."""
    whole = json.loads(event.body)
    item = child(whole, "item") if isinstance(whole, dict) else {}
    if words := complaint(item):
        raise ValueError(words)
    return (_envelope(event, item, text(whole, "at")),)


def _envelope(event: RawEvent, item: Json, received: str) -> Envelope:
    kind = Kind(text(item, "type"))
    sender = addresses(child(item, "from"))
    if kind in (Kind.MESSAGE, Kind.CONSENT, Kind.CALL) and not _reachable(sender):
        raise ValueError(
            "from: name the customer by id, or by an email or phone that is not claimed."
        )
    previous = addresses(child(item, "previous"))
    state = text(item, "state")
    return Envelope(
        id=event.id,
        kind=kind,
        at=_at(item, received),
        sender=sender,
        sender_name=text(child(item, "from"), "name"),
        recipients=addresses(child(item, "to")),
        text=text(item, "emoji") if kind is Kind.REACTION else text(item, "text"),
        html=text(item, "html"),
        subject=text(item, "subject"),
        reply_to=text(item, "reply_to"),
        thread_hints=_hints(item),
        files=tuple(_file(one) for one in children(item, "files")),
        choice=text(item, "choice"),
        subject_id=text(item, "message") or text(item, "call"),
        state=DeliveryState(state) if state else None,
        error_code=text(item, "error_code"),
        error=text(item, "error"),
        correlation=text(item, "our_id"),
        automatic=text(item, "automatic"),
        previous=previous[0] if previous else None,
        language=text(item, "language"),
        ours=item.get("ours") is True,
        details=_details(item, kind),
    )


def _reachable(sender: tuple[object, ...]) -> bool:
    return any(getattr(one, "strength", "") != "claimed" for one in sender)


def _hints(item: Json) -> tuple[ThreadHint, ...]:
    named = text(item, "thread")
    return (ThreadHint(named, "the API named its thread"),) if named else ()


def _details(item: Json, kind: Kind) -> dict[str, str]:
    found = facts(child(item, "details"))
    if kind is Kind.CONSENT:
        found |= {"value": text(item, "value"), "category": text(item, "category") or "all"}
    if kind is Kind.CALL:
        found |= {"stage": text(item, "stage")}
    return found


def _file(item: Json) -> File:
    media = text(item, "type") or "application/octet-stream"
    family = media.split("/")[0]
    content = _content(text(item, "content")) if item.get("content") else None
    return File(
        kind=family if family in ("image", "video", "audio") else "document",
        name=text(item, "name"),
        type=media,
        content=content,
        reference=text(item, "url"),
        size=len(content) if content is not None else None,
    )


def _content(written: str) -> bytes:
    try:
        return b64decode(written, validate=True)
    except ValueError as error:
        raise ValueError("files: content must be base64.") from error


def _at(item: Json, received: str) -> datetime:
    """ISO 8601 or Unix time; without one, when it came."""
    value = item.get("at")
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else moment(value)
    except ValueError:
        found = moment(value)
    return (found or datetime.fromisoformat(received)).astimezone(UTC)
