"""The outside of every Meta webhook: a list of entries."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from connectors.json_values import clean
from desk.envelope import Batch, DeadLetter, RawEvent

TakeEntry = Callable[[Any, str], Iterator[RawEvent | DeadLetter]]


def split_entries(body: bytes, take: TakeEntry) -> Batch:
    """Each entry through `take`, which also gets the whole body as text. Never raises."""
    raw = clean(body.decode("utf-8", "replace"))
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return Batch(dead_letters=(DeadLetter("The body is not readable JSON.", raw),))
    if not isinstance(payload, dict) or not isinstance(payload.get("entry"), list):
        return Batch(dead_letters=(DeadLetter("The body has no list of entries.", raw),))
    outcomes = [outcome for entry in payload["entry"] for outcome in take(entry, raw)]
    return Batch(
        events=tuple(one for one in outcomes if isinstance(one, RawEvent)),
        dead_letters=tuple(one for one in outcomes if isinstance(one, DeadLetter)),
    )


def dead(reason: str, what: Any, raw: str) -> DeadLetter:
    try:
        return DeadLetter(reason, json.dumps(what))
    except RecursionError:
        return DeadLetter(reason, raw)
