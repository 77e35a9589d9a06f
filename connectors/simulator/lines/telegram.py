"""People with Telegram."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connectors.channels.telegram.secret import HEADER
from connectors.simulator.books import Brought, What
from connectors.simulator.line import Delivery, Letter, Line
from connectors.simulator.server import Post
from connectors.simulator.telegram import FakeTelegram
from connectors.simulator.telegram_customer import TelegramCustomer

LARGEST_NUMBER = 2**52


@dataclass
class TelegramLine(Line):
    """Telegram tells a bot of edits and reactions, not of what somebody deleted."""

    telegram: FakeTelegram
    secret: str
    kind = "telegram"
    can = (What.EDIT, What.REACTION, What.GARBLED)

    def _customer(self, person: int) -> TelegramCustomer:
        return TelegramCustomer(700_000_000 + person, self.secret, f"Customer {person}")

    def names(self, person: int) -> Sequence[str]:
        return (str(self._customer(person).user_id),)

    def id(self, person: int, what: What, at: int, number: int) -> str:
        """Messages are numbered within their chat, everything else as an update."""
        short = number % LARGEST_NUMBER
        if what != What.MESSAGE:
            return str(short)
        return f"{self.telegram.bot['id']}:{self.names(person)[0]}:{short}"

    def item(self, person: int, brought: Brought) -> Any:
        customer, number = self._customer(person), int(brought.id.rpartition(":")[2])
        about = int(brought.about.rpartition(":")[2] or number)
        around = {"message_id": about, "from": customer.user, "chat": customer.chat}
        kind, body = _content(brought)
        if brought.what == What.GARBLED:
            del around["from"]
        if brought.what == What.REACTION:
            around["user"] = around.pop("from")
        return {"update_id": number, kind: around | {"date": brought.at} | body}

    def pack(self, deliveries: Sequence[Delivery]) -> Post:
        (only,) = deliveries
        headers = {"content-type": "application/json", HEADER: self.secret}
        return Post(json.dumps(only.item).encode(), headers)

    def taken(self) -> Sequence[Letter]:
        bot = self.telegram.bot["id"]
        return [
            Letter(
                str(chat := sent.answer["chat"]["id"]),
                sent.fields.get("text", ""),
                name=f"{bot}:{chat}:{sent.id}",
            )
            for sent in list(self.telegram.sent)
        ]


def _content(brought: Brought) -> tuple[str, dict[str, Any]]:
    match brought.what:
        case What.EDIT:
            return "edited_message", {"edit_date": brought.at, "text": brought.text}
        case What.REACTION:
            new = [{"type": "emoji", "emoji": brought.text}]
            return "message_reaction", {"old_reaction": [], "new_reaction": new}
    return "message", {"text": brought.text}
