"""One webhook body into single events: n items in are n events or dead letters out."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from connectors.channels.meta.webhook import dead, split_entries
from connectors.json_values import Json, child, children, text
from desk.envelope import Batch, DeadLetter, RawEvent

ITEM_LISTS = (
    "messages",
    "message_echoes",
    "statuses",
    "calls",
    "user_preferences",
    "user_id_update",
    "groups",
    "history",
    "state_sync",
    "errors",
)
"""Lists whose elements are events of their own. A value with none of them is one event itself."""

ID_LIMIT = 255


def split(body: bytes) -> Batch:
    """Never raises. Each event's body is ASCII JSON of the item and what it needs to be read."""
    return split_entries(body, _entry)


def _entry(entry: Any, raw: str) -> Iterator[RawEvent | DeadLetter]:
    changes = entry.get("changes") if isinstance(entry, dict) else None
    if not isinstance(changes, list):
        yield dead("An entry has no list of changes.", entry, raw)
        return
    for change in changes:
        value = change.get("value") if isinstance(change, dict) else None
        if isinstance(value, dict):
            yield from _change(entry, change, value, raw)
        else:
            yield dead("A change has no value.", change, raw)


def _change(entry: Json, change: Json, value: Json, raw: str) -> Iterator[RawEvent | DeadLetter]:
    around = {
        "field": text(change, "field"),
        "metadata": child(value, "metadata"),
        "account": text(entry, "id"),
        "time": entry.get("time"),
    }
    names = [name for name in ITEM_LISTS if name in value]
    if not names:
        yield _event("", value, around, [], raw)
        return
    for name in names:
        items = value[name]
        if not isinstance(items, list):
            yield dead(f"{name} is not a list.", items, raw)
            continue
        for item in items:
            if isinstance(item, dict) and item:
                yield _event(name, item, around, children(value, "contacts"), raw)
            else:
                yield dead(f"An element of {name} is not an object with content.", item, raw)


def _event(
    name: str, item: Json, around: Json, contacts: list[Json], raw: str
) -> RawEvent | DeadLetter:
    whole = {**around, "list": name, "item": item, "contact": _contact(item, contacts)}
    try:
        return RawEvent(_id(name, item, around), json.dumps(whole))
    except RecursionError:
        return DeadLetter("An item is nested too deeply.", raw)


def _contact(item: Json, contacts: list[Json]) -> Json:
    """The profile that belongs to this item: by user id, then by phone, else the only one."""
    users = {
        text(item, key) for key in ("from_user_id", "to_user_id", "recipient_user_id", "user_id")
    } - {""}
    phones = {text(item, key) for key in ("from", "to", "recipient_id", "wa_id")} - {""}
    for contact in contacts:
        if text(contact, "user_id") in users:
            return contact
    for contact in contacts:
        if text(contact, "wa_id") in phones:
            return contact
    nobody_named = not users and not phones
    return contacts[0] if nobody_named and len(contacts) == 1 else {}


def _id(name: str, item: Json, around: Json) -> str:
    own = text(item, "id")
    if name in ("messages", "message_echoes"):
        changed = text(child(item, "edit") or child(item, "revoke"), "original_message_id")
        found = own if own != changed else ""
    elif name == "statuses":
        status = text(item, "status")
        found = _joined(own, status, _participant(item)) if own and status else ""
    elif name == "calls":
        happened = text(item, "event") or text(item, "status")
        found = _joined(own, happened) if own and happened else ""
    else:
        found = ""
    return found if found and len(found) <= ID_LIMIT else _content_id(name, item, around)


def _participant(status: Json) -> str:
    """Groups report one status per member under the same message id."""
    for key in (
        "recipient_participant_user_id",
        "recipient_participant_id",
        "participant_recipient_id",
    ):
        if found := text(status, key):
            return found
    return ""


def _joined(*parts: str) -> str:
    return ":".join(part for part in parts if part)


def _content_id(name: str, item: Json, around: Json) -> str:
    """The same item gets the same id in every delivery. Only whole values need the entry's time:
    two equal reports about the account on two days are two events."""
    about: Json = {
        "field": around["field"],
        "number": text(around["metadata"], "phone_number_id"),
        "account": around["account"],
        "list": name,
        "item": item,
    }
    if not name:
        about["time"] = around["time"]
    canonical = json.dumps(about, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
