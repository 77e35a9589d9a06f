"""One webhook body into single events: n items in are n events or dead letters out.

The one exception: a delivery report is an event for each message it names, since each of them may
arrive before its message.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from connectors.channels.meta.webhook import dead, split_entries
from connectors.json_values import Json, child, text
from desk.envelope import Batch, DeadLetter, RawEvent

LISTS = ("messaging", "standby", "changes")
ID_LIMIT = 500


def split(body: bytes) -> Batch:
    """Never raises. Each event's body is ASCII JSON of the item and what it needs to be read."""
    return split_entries(body, _entry)


def _entry(entry: Any, raw: str) -> Iterator[RawEvent | DeadLetter]:
    names = [name for name in LISTS if isinstance(entry, dict) and name in entry]
    if not names:
        yield dead("An entry has no list of messages or changes.", entry, raw)
        return
    for name in names:
        items = entry[name]
        if not isinstance(items, list):
            yield dead(f"{name} is not a list.", items, raw)
            continue
        for item in items:
            if isinstance(item, dict) and item:
                yield from _item(name, item, entry, raw)
            else:
                yield dead(f"An element of {name} is not an object with content.", item, raw)


def _item(name: str, item: Json, entry: Json, raw: str) -> Iterator[RawEvent | DeadLetter]:
    around = {"list": name, "account": text(entry, "id"), "time": entry.get("time")}
    value = child(item, "value")
    if name == "changes" and child(value, "sender") and child(value, "recipient"):
        around["list"] = "standby" if text(item, "field") == "standby" else "messaging"
        item = value
    mids = child(item, "delivery").get("mids")
    if isinstance(mids, list) and mids:
        for mid in mids:
            yield _event({**item, "delivery": {**item["delivery"], "mids": [mid]}}, around, raw)
    else:
        yield _event(item, around, raw)


def _event(item: Json, around: Json, raw: str) -> RawEvent | DeadLetter:
    try:
        return RawEvent(_id(item, around), json.dumps({**around, "item": item}))
    except RecursionError:
        return DeadLetter("An item is nested too deeply.", raw)


def _id(item: Json, around: Json) -> str:
    found = "" if around["list"] == "changes" else _own_id(item)
    return found if found and len(found) <= ID_LIMIT else _content_id(item, around)


def _own_id(item: Json) -> str:
    """A message is its mid; what happens to it later adds what makes it another event."""
    message, edit = child(item, "message"), child(item, "message_edit")
    if mid := text(message, "mid"):
        return f"{mid}:deleted" if message.get("is_deleted") is True else mid
    if mid := text(edit, "mid"):
        return f"{mid}:edit:{text(edit, 'num_edit') or text(item, 'timestamp')}"
    if mid := text(child(item, "postback"), "mid"):
        return mid
    who = text(child(item, "sender"), "id")
    reaction = child(item, "reaction")
    if mid := text(reaction, "mid"):
        return f"{mid}:reaction:{who}:{text(reaction, 'action')}:{text(item, 'timestamp')}"
    if mid := text(child(item, "read"), "mid"):
        return f"{mid}:read:{who}"
    return ""


def _content_id(item: Json, around: Json) -> str:
    """The same item gets the same id in every delivery. Items without a time of their own need
    the entry's: two equal reports on two days are two events."""
    about: Json = {"account": around["account"], "list": around["list"], "item": item}
    if "timestamp" not in item:
        about["time"] = around["time"]
    canonical = json.dumps(about, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
