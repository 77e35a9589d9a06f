"""Webhook bodies for these tests, in the shapes Meta uses."""

import json
from typing import Any

from connectors.base import Account, Request
from connectors.channels.instagram.channel import InstagramChannel
from connectors.channels.messenger.channel import MessengerChannel
from desk.envelope import Batch, Envelope

INSTAGRAM, MESSENGER = InstagramChannel(), MessengerChannel()
BOTH = (INSTAGRAM, MESSENGER)
ACCOUNT = Account("inbox", {"app_id": "77"}, {})
OURS, ANNA = "17841", "998877"
AT = 1763820000123


def item(**content: Any) -> dict[str, Any]:
    """Something that Anna did."""
    return {"sender": {"id": ANNA}, "recipient": {"id": OURS}, "timestamp": AT} | content


def ours(**content: Any) -> dict[str, Any]:
    return {"sender": {"id": OURS}, "recipient": {"id": ANNA}, "timestamp": AT} | content


def webhook(*items: Any, name: str = "messaging") -> bytes:
    entry = {"id": OURS, "time": AT, name: list(items)}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def split(body: bytes) -> Batch:
    return INSTAGRAM.split(Request(body, {}, {}))


def envelopes(body: bytes, account: Account = ACCOUNT, channel: Any = INSTAGRAM) -> list[Envelope]:
    batch = split(body)
    assert not batch.dead_letters
    return [one for event in batch.events for one in channel.read(account, event)]


def envelope(body: bytes, **more: Any) -> Envelope:
    (only,) = envelopes(body, **more)
    return only
