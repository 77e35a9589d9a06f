"""People on Instagram or Messenger."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.simulator.books import Brought, What
from connectors.simulator.direct import FakeDirect, signed
from connectors.simulator.direct_customer import DirectCustomer
from connectors.simulator.line import Delivery, Letter, Line
from connectors.simulator.server import Post


@dataclass
class DirectLine(Line):
    """Only Instagram tells what was unsent, and only Messenger gives our id back."""

    direct: FakeDirect
    batches = True
    _edits: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.kind = self.direct.kind
        unsent = (What.DELETE,) if self.kind == "instagram" else ()
        self.can = (What.EDIT, *unsent, What.REACTION, What.GARBLED)

    @property
    def waiting(self) -> int:
        return self.direct.waiting

    def names(self, person: int) -> Sequence[str]:
        return (f"1784{person:013}",)

    def id(self, person: int, what: What, at: int, number: int) -> str:
        return f"m_{number:032x}"

    def item(self, person: int, brought: Brought) -> Any:
        (address,) = self.names(person)
        keys = (self.kind, self.direct.account_id, self.direct.app_secret)
        item = DirectCustomer(address, *keys).item(self._content(brought), brought.at)
        return item | {"sender": {}} if brought.what == What.GARBLED else item

    def _content(self, brought: Brought) -> Mapping[str, Any]:
        match brought.what:
            case What.EDIT:
                self._edits[brought.about] += 1
                number = self._edits[brought.about]
                edit = {"mid": brought.about, "text": brought.text, "num_edit": number}
                return {"message_edit": edit}
            case What.DELETE:
                return {"message": {"mid": brought.about, "is_deleted": True}}
            case What.REACTION:
                reaction = {"mid": brought.about, "action": "react", "emoji": brought.text}
                return {"reaction": reaction}
        return {"message": {"mid": brought.id, "text": brought.text}}

    def pack(self, deliveries: Sequence[Delivery]) -> Post:
        items = [one.item for one in deliveries]
        return signed(self.kind, self.direct.account_id, self.direct.app_secret, items)

    def taken(self) -> Sequence[Letter]:
        """Of a message in several parts, Messenger names the last alone."""
        letters = [
            Letter(
                sent.to,
                sent.payload["message"].get("text", ""),
                id=sent.payload["message"].get("metadata", ""),
                name=sent.id if self.kind == "instagram" else "",
            )
            for sent in list(self.direct.sent)
        ]
        return [one for one in letters if one.id or one.name]
