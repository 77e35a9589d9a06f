"""A person with Telegram: updates as Telegram would post them, with the secret."""

import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from connectors.channels.telegram.secret import HEADER
from connectors.simulator.server import Post


def _first_number() -> "itertools.count[int]":
    return itertools.count(uuid4().int % 10**9)


@dataclass(frozen=True)
class TelegramCustomer:
    """Writes to one bot of ours in a private chat."""

    user_id: int
    secret: str
    name: str = "Demo Customer"
    language: str = "en"
    _numbers: "itertools.count[int]" = field(default_factory=_first_number, compare=False)

    def text(self, words: str, *, at: float | None = None, **more: Any) -> Post:
        return self.message({"text": words} | more, at=at)

    def photo(self, file_id: str, caption: str = "") -> Post:
        sizes = [
            {"file_id": one, "file_unique_id": one, "width": width, "height": width}
            for one, width in ((f"{file_id}-small", 90), (file_id, 800))
        ]
        return self.message({"photo": sizes} | ({"caption": caption} if caption else {}))

    def contact(self, phone: str, user_id: int | None = None) -> Post:
        """Their own card, unless it is somebody else's."""
        card = {"phone_number": phone, "first_name": self.name}
        return self.message({"contact": card | {"user_id": user_id or self.user_id}})

    def press(self, asked: dict[str, Any], payload: str) -> Post:
        """A button under `asked`, the message as Telegram gave it to the bot."""
        query = {"id": uuid4().hex, "from": self.user, "chat_instance": "1", "data": payload}
        return self.update("callback_query", query | {"message": asked})

    def react(self, message_id: int, *emojis: str) -> Post:
        new = [{"type": "emoji", "emoji": one} for one in emojis]
        about = {"chat": self.chat, "message_id": message_id, "user": self.user}
        return self.update(
            "message_reaction",
            about | {"date": int(time.time()), "old_reaction": [], "new_reaction": new},
        )

    def edit(self, message_id: int, words: str) -> Post:
        now = int(time.time())
        changed = {"message_id": message_id, "edit_date": now, "text": words}
        return self.update("edited_message", self._around(now) | changed)

    def block(self) -> Post:
        old, new = ({"user": self.user, "status": one} for one in ("member", "kicked"))
        about = {"chat": self.chat, "from": self.user, "date": int(time.time())}
        return self.update(
            "my_chat_member", about | {"old_chat_member": old, "new_chat_member": new}
        )

    def message(self, content: dict[str, Any], *, at: float | None = None) -> Post:
        """Any message content as the update it comes in."""
        moment = int(time.time() if at is None else at)
        return self.update("message", self._around(moment) | content)

    def _around(self, moment: int) -> dict[str, Any]:
        number = next(self._numbers)
        return {"message_id": number, "from": self.user, "chat": self.chat, "date": moment}

    def update(self, kind: str, body: dict[str, Any]) -> Post:
        whole = {"update_id": next(self._numbers), kind: body}
        headers = {"content-type": "application/json", HEADER: self.secret}
        return Post(json.dumps(whole).encode(), headers)

    @property
    def user(self) -> dict[str, Any]:
        about = {"id": self.user_id, "is_bot": False, "first_name": self.name}
        return about | {"language_code": self.language}

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.user_id, "type": "private", "first_name": self.name}
