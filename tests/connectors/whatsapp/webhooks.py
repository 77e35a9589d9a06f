"""Webhook bodies for these tests, in the shapes Meta uses."""

import json
from typing import Any

from connectors.base import Account, Request
from connectors.channels.whatsapp.channel import WhatsAppChannel
from desk.envelope import Batch, Envelope

NUMBER = {"display_phone_number": "4930111222", "phone_number_id": "900100"}
ANNA = {
    "profile": {"name": "Anna Berg", "username": "anna.b"},
    "wa_id": "4915112345678",
    "user_id": "DE.70012345678901234567",
}
CHANNEL = WhatsAppChannel()
ACCOUNT = Account("inbox", {"phone_number_id": "900100"}, {})


def message(content: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A message from Anna, whom both ids name."""
    start = {
        "id": "wamid.A1",
        "timestamp": "1763820000",
        "from": ANNA["wa_id"],
        "from_user_id": ANNA["user_id"],
    }
    return start | content | more


def text(body: str, **more: Any) -> dict[str, Any]:
    return message({"type": "text", "text": {"body": body}}, **more)


def change(field: str = "messages", contacts: Any = (ANNA,), **lists: Any) -> dict[str, Any]:
    value = {"messaging_product": "whatsapp", "metadata": NUMBER, "contacts": list(contacts)}
    return {"field": field, "value": value | lists}


def webhook(*changes: Any) -> bytes:
    entries = [{"id": "waba-1", "time": 1763820001, "changes": [one]} for one in changes]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def split(body: bytes) -> Batch:
    return CHANNEL.split(Request(body, {}, {}))


def envelopes(body: bytes) -> list[Envelope]:
    batch = split(body)
    assert not batch.dead_letters
    return [one for event in batch.events for one in CHANNEL.read(ACCOUNT, event)]


def envelope(body: bytes) -> Envelope:
    (only,) = envelopes(body)
    return only
