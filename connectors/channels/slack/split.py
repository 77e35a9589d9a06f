"""One request into events: an event callback is one, a payload one for each pressed button."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from connectors.base import Request
from connectors.channels.slack.ids import message_name
from connectors.json_values import Json, child, children, clean, text
from desk.envelope import Batch, DeadLetter, RawEvent

NEWS_OF_MESSAGES = ("message_changed", "message_deleted", "message_replied")
ID_LIMIT = 255


def split(request: Request) -> Batch:
    """Never raises. Each event's body is ASCII JSON of all that came with it, but for the token
    with which Slack was known before it signed: a secret, and no use to us."""
    raw = clean(request.body.decode("utf-8", "replace"))
    try:
        whole = _load(request)
        if not isinstance(whole, dict):
            return Batch(dead_letters=(DeadLetter("The body is no JSON object.", raw),))
        whole.pop("token", None)
        return Batch(tuple(_events(whole)))
    except (ValueError, RecursionError):
        return Batch(dead_letters=(DeadLetter("The body is not readable JSON.", raw),))


def _load(request: Request) -> Any:
    """Buttons and commands come as forms, events as JSON."""
    is_form = "form-urlencoded" in request.headers.get("content-type", "")
    if not is_form and not request.body.startswith(b"payload="):
        return json.loads(request.body)
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    if "payload" in form:
        return json.loads(form["payload"])
    return {"type": "command"} | form


def _events(whole: Json) -> Iterator[RawEvent]:
    actions = children(whole, "actions")
    if text(whole, "type") == "block_actions" and actions:
        for action in actions:
            yield RawEvent(_action_id(whole, action), json.dumps(whole | {"actions": [action]}))
    else:
        yield RawEvent(_event_id(whole), json.dumps(whole))


def _action_id(whole: Json, action: Json) -> str:
    container, user = child(whole, "container"), text(child(whole, "user"), "id")
    pressed = (text(action, "action_ts"), text(action, "action_id"))
    parts = (text(container, "channel_id"), text(container, "message_ts"), user, *pressed)
    return _usable(":".join(parts)) if all(pressed) else _content_id(whole)


def _event_id(whole: Json) -> str:
    """A mention of the app in a channel that it also reads comes twice, as two events with two
    ids: what is said is one message, so its channel and time name it."""
    event = child(whole, "event")
    said = text(event, "type") in ("message", "app_mention")
    if said and text(event, "subtype") not in NEWS_OF_MESSAGES:
        name = message_name(text(event, "channel"), text(event, "ts"))
        if name:
            return _usable(name)
    return _usable(text(whole, "event_id")) if text(whole, "event_id") else _content_id(whole)


def _usable(name: str) -> str:
    if len(name) <= ID_LIMIT:
        return name
    return "sha256:" + hashlib.sha256(name.encode()).hexdigest()


def _content_id(whole: Json) -> str:
    """The same content gets the same id in every delivery."""
    canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
