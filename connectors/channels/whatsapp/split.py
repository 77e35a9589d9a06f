"""One webhook body into single events: n items in are n events or dead letters out."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from connectors.json_values import Json, child, children, clean, text
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
    raw = clean(body.decode("utf-8", "replace"))
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return Batch(dead_letters=(DeadLetter("The body is not readable JSON.", raw),))
    if not isinstance(payload, dict) or not isinstance(payload.get("entry"), list):
        return Batch(dead_letters=(DeadLetter("The body has no list of entries.", raw),))
    outcomes = [outcome for entry in payload["entry"] for outcome in _entry(entry, raw)]
    return Batch(
        events=tuple(one for one in outcomes if isinstance(one, RawEvent)),
        dead_letters=tuple(one for one in outcomes if isinstance(one, DeadLetter)),
    )


def _entry(entry: Any, raw: str) -> Iterator[RawEvent | DeadLetter]:
    changes = entry.get("changes") if isinstance(entry, dict) else None
    if not isinstance(changes, list):
        yield _dead("An entry has no list of changes.", entry, raw)
        return
    for change in changes:
        value = change.get("value") if isinstance(change, dict) else None
        if isinstance(value, dict):
            yield from _change(entry, change, value, raw)
        else:
            yield _dead("A change has no value.", change, raw)


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
            yield _dead(f"{name} is not a list.", items, raw)
            continue
        for item in items:
            if isinstance(item, dict) and item:
                yield _event(name, item, around, children(value, "contacts"), raw)
            else:
                yield _dead(f"An element of {name} is not an object with content.", item, raw)


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


def _dead(reason: str, what: Any, raw: str) -> DeadLetter:
    try:
        return DeadLetter(reason, json.dumps(what))
    except RecursionError:
        return DeadLetter(reason, raw)
