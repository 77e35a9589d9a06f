"""People on WhatsApp."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.channels.meta.signature import sign
from connectors.simulator.books import Brought, What
from connectors.simulator.line import Delivery, Letter, Line
from connectors.simulator.meta import FakeMeta
from connectors.simulator.server import Post
from connectors.simulator.whatsapp_customer import WhatsAppCustomer


@dataclass
class WhatsAppLine(Line):
    meta: FakeMeta
    can: Sequence[What] = (What.EDIT, What.DELETE, What.REACTION, What.GARBLED)
    kind = "whatsapp"
    batches = True

    def _customer(self, person: int) -> WhatsAppCustomer:
        phone = f"+49151{20_000_000 + person}"
        keys = (self.meta.phone_number_id, self.meta.app_secret)
        return WhatsAppCustomer(phone, *keys, name=f"Customer {person}")

    @property
    def seen(self) -> Collection[str]:
        tells = self.meta.callback_url and "read" in self.meta.statuses
        return [one.id for one in self.taken()] if tells else ()

    @property
    def waiting(self) -> int:
        return self.meta.waiting

    def names(self, person: int) -> Sequence[str]:
        customer = self._customer(person)
        return (customer.phone.removeprefix("+"), customer.business_scoped_id)

    def id(self, person: int, what: What, at: int, number: int) -> str:
        return f"wamid.{number:032x}"

    def item(self, person: int, brought: Brought) -> Any:
        content = {"id": brought.id, **_content(brought)}
        post = self._customer(person).post(content, at=brought.at)
        return json.loads(post.body)["entry"]

    def pack(self, deliveries: Sequence[Delivery]) -> Post:
        entries = [entry for one in deliveries for entry in one.item]
        body = json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()
        headers = {"x-hub-signature-256": sign(self.meta.app_secret, body)}
        return Post(body, {"content-type": "application/json", **headers})

    def taken(self) -> Sequence[Letter]:
        return [
            Letter(
                sent.to.removeprefix("+"),
                sent.payload.get("text", {}).get("body", ""),
                id=sent.payload.get("biz_opaque_callback_data", ""),
            )
            for sent in list(self.meta.sent)
        ]


def _content(brought: Brought) -> Mapping[str, Any]:
    text = {"type": "text", "text": {"body": brought.text}}
    match brought.what:
        case What.EDIT:
            edit = {"original_message_id": brought.about, "message": text}
            return {"type": "edit", "edit": edit}
        case What.DELETE:
            return {"type": "revoke", "revoke": {"original_message_id": brought.about}}
        case What.REACTION:
            reaction = {"message_id": brought.about, "emoji": brought.text}
            return {"type": "reaction", "reaction": reaction}
        case What.GARBLED:
            return {"type": "text", "text": {}}
    return text
