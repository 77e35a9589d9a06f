"""People on somebody's own channel, which is connected to an API inbox."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from connectors.simulator.backend import FakeBackend
from connectors.simulator.books import Brought, What
from connectors.simulator.line import Delivery, Letter, Line
from connectors.simulator.server import Post
from core import standard_webhooks


@dataclass
class ApiLine(Line):
    backend: FakeBackend
    kind = "api"
    batches = True
    can = (What.EDIT, What.DELETE, What.REACTION, What.GARBLED)

    @property
    def seen(self) -> Collection[str]:
        tells = self.backend.callback_url and "read" in self.backend.states
        return [one.id for one in self.taken()] if tells else ()

    @property
    def waiting(self) -> int:
        return self.backend.waiting

    def names(self, person: int) -> Sequence[str]:
        return (f"crowd-{person}",)

    def id(self, person: int, what: What, at: int, number: int) -> str:
        return f"{number:032x}"

    def item(self, person: int, brought: Brought) -> Any:
        sender = {"id": self.names(person)[0]}
        return {"id": brought.id, "at": brought.at, "from": sender, **_content(brought)}

    def pack(self, deliveries: Sequence[Delivery]) -> Post:
        body = json.dumps({"events": [one.item for one in deliveries]}).encode()
        headers = standard_webhooks.sign([self.backend.secret], uuid4().hex, body)
        return Post(body, headers | {"content-type": "application/json"})

    def taken(self) -> Sequence[Letter]:
        return [
            Letter(sent["to"]["value"], sent["text"], id=sent["id"])
            for sent in list(self.backend.sent)
        ]


def _content(brought: Brought) -> Mapping[str, Any]:
    match brought.what:
        case What.EDIT:
            return {"type": "edit", "message": brought.about, "text": brought.text}
        case What.DELETE:
            return {"type": "delete", "message": brought.about}
        case What.REACTION:
            return {"type": "reaction", "message": brought.about, "emoji": brought.text}
        case What.GARBLED:
            return {"type": "message", "from": {}}
    return {"type": "message", "text": brought.text}
