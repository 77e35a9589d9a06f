"""One webhook of Twilio into its event: a text that came, or how far one of ours got."""

import hashlib
import json
from datetime import UTC, datetime

from connectors.base import Request
from connectors.channels.twilio import form
from connectors.json_values import Json, clean
from desk.envelope import Batch, DeadLetter, RawEvent

RECEIVED = ("", "received", "receiving")


def split(request: Request) -> Batch:
    """Never raises. The event keeps every field, what our callback address said, and when it
    came: Twilio itself names no time."""
    raw = clean(request.body.decode("utf-8", "replace"))
    fields = _fields(request)
    if fields is None:
        return Batch(dead_letters=(DeadLetter("The body is no form that can be read.", raw),))
    sid = fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid") or ""
    if not sid:
        return Batch(dead_letters=(DeadLetter("The form names no message (MessageSid).", raw),))
    state = status(fields)
    whole = {
        "sid": sid,
        "status": state,
        "fields": fields,
        "message": clean(request.query.get("message", "")),
        "part": clean(request.query.get("part", "")),
        "at": datetime.now(UTC).isoformat(),
    }
    return Batch((RawEvent(_id(sid, state), json.dumps(whole)),))


def _fields(request: Request) -> dict[str, str] | None:
    """The form's fields, or those of an object where Twilio posts JSON."""
    try:
        if "json" in request.headers.get("content-type", ""):
            found = json.loads(request.body)
            items = found.items() if isinstance(found, dict) else []
            return {clean(name): clean(value) for name, value in items if isinstance(value, str)}
        return {clean(name): clean(value) for name, value in form.pairs(request.body)}
    except (ValueError, RecursionError):
        return None


def status(fields: Json) -> str:
    """The state of a message of ours; "" for one that came in."""
    named = str(fields.get("MessageStatus") or fields.get("SmsStatus") or "").lower()
    return "" if named in RECEIVED else named


def _id(sid: str, state: str) -> str:
    found = f"{sid}:{state}" if state else sid
    if len(found) <= 255:
        return found
    return "sha256:" + hashlib.sha256(found.encode()).hexdigest()
