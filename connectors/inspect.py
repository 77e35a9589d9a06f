"""What a webhook would mean, without storing anything."""

from typing import Any

from connectors.base import Account, Request
from connectors.registry import channel
from desk.envelope import Envelope


def inspect_webhook(channel_kind: str, body: bytes, content_type: str) -> dict[str, Any]:
    """{events: [...], dead_letters: [...]} of a body for any registered channel kind."""
    chosen = channel(channel_kind)
    account = Account(inbox_id="inspect", config={}, secrets={})
    batch = chosen.split(Request(body, {"content-type": content_type}, {}))
    events, reasons = [], [letter.reason for letter in batch.dead_letters]
    for event in batch.events:
        try:
            events += [_shown(envelope) for envelope in chosen.read(account, event)]
        except ValueError as error:
            reasons.append(str(error))
    return {"events": events, "dead_letters": [{"reason": reason} for reason in reasons]}


def _shown(envelope: Envelope) -> dict[str, Any]:
    return {
        "id": envelope.id,
        "kind": envelope.kind.value,
        "at": envelope.at.isoformat(),
        "sender": [{"kind": one.kind, "value": one.value} for one in envelope.sender],
        "text": envelope.text,
        "reply_to": envelope.reply_to,
        "attachments": [
            {"kind": one.kind, "name": one.name, "type": one.type} for one in envelope.files
        ],
    }
