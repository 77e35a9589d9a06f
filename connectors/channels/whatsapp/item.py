"""A stored event as its readers see it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.channels.whatsapp.people import addresses
from connectors.json_values import Json, child, moment, text
from desk.envelope import Address, RawEvent


@dataclass(frozen=True)
class Item:
    """One item of a webhook with what stood around it."""

    id: str
    name: str
    """The list it stood in; "" when it is a field's whole value."""
    field: str
    body: Json
    contact: Json
    business: tuple[Address, ...]
    at: datetime

    @property
    def customer_name(self) -> str:
        return text(child(self.contact, "profile"), "name")


def load(event: RawEvent) -> Item:
    """Raises ValueError when the body is not one that `split` made."""
    whole = json.loads(event.body)
    if not isinstance(whole, dict) or not child(whole, "item"):
        raise ValueError("This is not a WhatsApp event as it was stored.")
    body = child(whole, "item")
    return Item(
        id=event.id,
        name=text(whole, "list"),
        field=text(whole, "field"),
        body=body,
        contact=child(whole, "contact"),
        business=addresses("", text(child(whole, "metadata"), "display_phone_number")),
        at=_at(body, whole),
    )


def _at(body: Json, whole: Json) -> datetime:
    """The item's own time, else the delivery's; a garbled one counts as just now."""
    return (
        moment(body.get("timestamp"))
        or moment(child(body, "metadata").get("timestamp"))
        or moment(whole.get("time"))
        or datetime.now(UTC)
    )
