"""One signed body into its events: one object, a list of them, or {"events": [...]}."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from connectors.json_values import Json, clean, text
from desk.envelope import Batch, DeadLetter, RawEvent

ID_LIMIT = 255


def split(body: bytes) -> Batch:
    """Never raises: n events in are n events or dead letters out."""
    raw = clean(body.decode("utf-8", "replace"))
    try:
        whole = json.loads(body)
        items = _items(whole)
        outcomes = [_event(item) for item in items]
    except (ValueError, RecursionError):
        return Batch(dead_letters=(DeadLetter("The body is not readable JSON.", raw),))
    return Batch(
        tuple(one for one in outcomes if isinstance(one, RawEvent)),
        tuple(one for one in outcomes if isinstance(one, DeadLetter)),
    )


def _items(whole: Any) -> list[Any]:
    listed = whole.get("events") if isinstance(whole, dict) else whole
    return listed if isinstance(listed, list) else [whole]


def _event(item: Any) -> RawEvent | DeadLetter:
    if not isinstance(item, dict):
        return DeadLetter("An event must be a JSON object.", json.dumps(item))
    if not text(item, "type"):
        return DeadLetter('An event needs a "type", such as "message".', json.dumps(item))
    found = json.dumps({"item": item, "at": datetime.now(UTC).isoformat()})
    return RawEvent(_id(item), found)


def _id(item: Json) -> str:
    """A message's own id; another event's with its type before it; without one, by content."""
    own, kind = text(item, "id"), text(item, "type")
    found = own if kind == "message" else f"{kind}:{own}"
    if own and len(found) <= ID_LIMIT:
        return found
    canonical = json.dumps(item, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
