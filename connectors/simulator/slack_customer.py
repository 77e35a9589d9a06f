"""A person with Slack: events as Slack would post them, signed."""

import itertools
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from connectors.channels.slack.signature import SIGNATURE, TIMESTAMP, sign
from connectors.simulator.server import Post

NUMBERS = itertools.count(uuid4().int % 500_000)
"""Everybody's: two people may write into one channel. The simulated Slack counts above them."""


@dataclass(frozen=True)
class SlackCustomer:
    """Writes to one app of ours: directly, or in a channel."""

    user: str
    signing_secret: str
    team: str = "T0DEMOSHOP"
    app: str = "A0DEMOSHOP"
    bot_user: str = "U0DEMOBOT"

    @property
    def direct(self) -> str:
        """The channel of direct messages with the app."""
        return f"D{self.user[1:]}"

    def text(self, words: str, *, channel: str = "", thread_ts: str = "", **more: Any) -> Post:
        return self.event(self.message(words, channel=channel, thread_ts=thread_ts) | more)

    def message(
        self, words: str, *, channel: str = "", thread_ts: str = "", ts: str = ""
    ) -> dict[str, Any]:
        """An event to send as it is, or as a mention beside it."""
        ts = ts or self.moment()
        said: dict[str, Any] = {
            "type": "message",
            "channel": channel or self.direct,
            "channel_type": "channel" if channel else "im",
            "user": self.user,
            "text": words,
            "ts": ts,
            "event_ts": ts,
            "team": self.team,
        }
        return said | ({"thread_ts": thread_ts} if thread_ts else {})

    def react(self, name: str, channel: str, ts: str, *, removed: bool = False) -> Post:
        event = self.reacted(name, channel, ts, self.moment())
        return self.event(event | ({"type": "reaction_removed"} if removed else {}))

    def reacted(self, name: str, channel: str, ts: str, now: str) -> dict[str, Any]:
        item = {"type": "message", "channel": channel, "ts": ts}
        about = {"user": self.user, "reaction": name, "item": item, "event_ts": now}
        return {"type": "reaction_added"} | about

    def edit(self, before: dict[str, Any], words: str) -> Post:
        return self.event(self.edited(before, words, self.moment()))

    def edited(self, before: dict[str, Any], words: str, now: str) -> dict[str, Any]:
        after = before | {"text": words, "edited": {"user": self.user, "ts": now}}
        about = {"channel": before["channel"], "message": after, "previous_message": before}
        return {"type": "message", "subtype": "message_changed"} | about | _changed(now)

    def delete(self, before: dict[str, Any]) -> Post:
        return self.event(self.deleted(before, self.moment()))

    def deleted(self, before: dict[str, Any], now: str) -> dict[str, Any]:
        about = {"channel": before["channel"], "deleted_ts": before["ts"]}
        gone = {"type": "message", "subtype": "message_deleted", "previous_message": before}
        return gone | about | _changed(now)

    def press(self, channel: str, ts: str, button: dict[str, Any], thread_ts: str = "") -> Post:
        """A button of ours, under the message that holds it."""
        container = {"type": "message", "message_ts": ts, "channel_id": channel}
        container |= {"thread_ts": thread_ts} if thread_ts else {}
        payload = {
            "type": "block_actions",
            "api_app_id": self.app,
            "team": {"id": self.team},
            "user": {"id": self.user, "name": "demo"},
            "container": container,
            "actions": [button | {"action_ts": self.moment(), "block_id": "b"}],
        }
        form = urlencode({"payload": json.dumps(payload)}).encode()
        return self.signed(form, "application/x-www-form-urlencoded")

    def event(self, event: dict[str, Any], event_id: str = "") -> Post:
        whole = {
            "type": "event_callback",
            "team_id": self.team,
            "api_app_id": self.app,
            "event_id": event_id or f"Ev{uuid4().hex[:10].upper()}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": self.team, "user_id": self.bot_user, "is_bot": True}],
            "event": event,
        }
        return self.signed(json.dumps(whole).encode(), "application/json")

    def signed(self, body: bytes, kind: str, at: float | None = None) -> Post:
        moment = str(int(time.time() if at is None else at))
        signature = sign(self.signing_secret, moment, body)
        return Post(body, {"content-type": kind, TIMESTAMP: moment, SIGNATURE: signature})

    def moment(self) -> str:
        """Slack's times name messages, so no two are the same."""
        return f"{int(time.time())}.{next(NUMBERS) % 500_000:06d}"


def _changed(now: str) -> dict[str, Any]:
    return {"event_ts": now, "ts": now, "hidden": True}
