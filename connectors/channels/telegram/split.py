"""A webhook body into updates. Telegram posts one at a time; several, as getUpdates answers them,
are several events."""

import json
from collections.abc import Iterator
from typing import Any

from connectors.json_values import Json, child, clean
from desk.envelope import Batch, DeadLetter, RawEvent


def split(body: bytes) -> Batch:
    """Never raises. Each event's body is the update as ASCII JSON."""
    raw = clean(body.decode("utf-8", "replace"))
    try:
        whole = json.loads(body)
        outcomes = [one for update in _updates(whole) for one in _events(update)]
    except (ValueError, RecursionError):
        return Batch(dead_letters=(DeadLetter("The body is not readable JSON.", raw),))
    return Batch(
        tuple(one for one in outcomes if isinstance(one, RawEvent)),
        tuple(one for one in outcomes if isinstance(one, DeadLetter)),
    )


def _updates(whole: Any) -> list[Any]:
    if isinstance(whole, dict) and isinstance(whole.get("result"), list):
        whole = whole["result"]
    return whole if isinstance(whole, list) else [whole]


def _events(update: Any) -> Iterator[RawEvent | DeadLetter]:
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        yield DeadLetter("This is no update: it has no update_id.", json.dumps(update))
        return
    gone = child(update, "deleted_business_messages").get("message_ids")
    if not isinstance(gone, list) or not gone:
        yield RawEvent(str(number), json.dumps(update))
        return
    for place, message_id in enumerate(gone):
        yield RawEvent(f"{number}:{place}", json.dumps(_about_one(update, message_id)))


def _about_one(update: Json, message_id: Any) -> Json:
    """Each deletion is an event: one that waits for its message holds up no other."""
    about = update["deleted_business_messages"] | {"message_ids": [message_id]}
    return update | {"deleted_business_messages": about}
