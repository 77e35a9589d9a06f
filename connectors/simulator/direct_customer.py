"""A person on Instagram or Messenger: webhooks as Meta would post them, signed."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from connectors.simulator.direct import signed
from connectors.simulator.server import Post


@dataclass(frozen=True)
class DirectCustomer:
    """Writes to one account of ours. `id` is the one that holds in our app only."""

    id: str
    kind: str
    account_id: str
    app_secret: str

    def text(self, words: str, *, reply_to: str = "", at: float | None = None) -> Post:
        message: dict[str, Any] = {"text": words}
        if reply_to:
            message["reply_to"] = {"mid": reply_to}
        return self.post({"message": message}, at=at)

    def attachment(self, kind: str, url: str) -> Post:
        """`kind` is image, video, audio, file, share, ig_reel, story_mention and the like."""
        return self.post({"message": {"attachments": [{"type": kind, "payload": {"url": url}}]}})

    def press(self, title: str, payload: str) -> Post:
        return self.post({"message": {"text": title, "quick_reply": {"payload": payload}}})

    def react(self, mid: str, emoji: str, action: str = "react") -> Post:
        return self.post({"reaction": {"mid": mid, "action": action, "emoji": emoji}})

    def unsend(self, mid: str) -> Post:
        return self.post({"message": {"mid": mid, "is_deleted": True}})

    def edit(self, mid: str, words: str, number: int = 1) -> Post:
        return self.post({"message_edit": {"mid": mid, "text": words, "num_edit": number}})

    def sees_colleague(self, words: str, *, at: float | None = None) -> Post:
        """Somebody of ours writes to this customer in another tool: the echo of it."""
        echo = {"mid": f"m_{uuid4().hex}", "text": words, "is_echo": True}
        return self._signed([self.item({"message": echo}, at, ours=True)], "messaging")

    def standby(self, words: str) -> Post:
        """Writes while another app has the conversation."""
        return self._signed([self.item({"message": {"text": words}}, None)], "standby")

    def post(self, content: dict[str, Any], *, at: float | None = None) -> Post:
        """Any content as the webhook it comes in."""
        return self._signed([self.item(content, at)], "messaging")

    def item(
        self, content: Mapping[str, Any], at: float | None, ours: bool = False
    ) -> dict[str, Any]:
        """One element of a webhook's `messaging`, to batch by hand."""
        sender, recipient = (self.account_id, self.id) if ours else (self.id, self.account_id)
        message = content.get("message")
        if message is not None:
            content = {"message": {"mid": f"m_{uuid4().hex}"} | message}
        return {
            "sender": {"id": sender},
            "recipient": {"id": recipient},
            "timestamp": int((time.time() if at is None else at) * 1000),
            **content,
        }

    def _signed(self, items: list[dict[str, Any]], name: str) -> Post:
        return signed(self.kind, self.account_id, self.app_secret, items, name)
