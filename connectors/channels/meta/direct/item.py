"""A stored event as its readers see it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.channels.meta.direct.product import Product
from connectors.json_values import Json, child, moment, text
from desk.envelope import Address, RawEvent, Strength


@dataclass(frozen=True)
class Item:
    """One item of a webhook with what stood around it."""

    id: str
    body: Json
    product: Product
    account: str
    """The id of our page or account, as the entry names it."""
    at: datetime
    is_change: bool = False
    is_standby: bool = False
    """Another app answers this customer: we only listen."""

    @property
    def sender(self) -> str:
        return text(child(self.body, "sender"), "id")

    @property
    def recipient(self) -> str:
        return text(child(self.body, "recipient"), "id")

    @property
    def is_ours(self) -> bool:
        """Whether our side did it: from here, another tool, or by hand in the app."""
        said = child(self.body, "message").get("is_echo") is True
        return said or bool(self.account and self.sender == self.account)

    @property
    def customer(self) -> tuple[Address, ...]:
        return self.address(self.recipient if self.is_ours else self.sender)

    def address(self, scoped_id: str) -> tuple[Address, ...]:
        """The id holds within our app only; it says nothing about phone, mail or name."""
        if not scoped_id:
            return ()
        return (Address(self.product.kind, scoped_id, Strength.ASSERTED, self.product.name),)


def load(product: Product, event: RawEvent) -> Item:
    """Raises ValueError when the body is not one that `split` made."""
    whole = json.loads(event.body)
    if not isinstance(whole, dict) or not child(whole, "item"):
        raise ValueError(f"This is not an event of {product.name} as it was stored.")
    body = child(whole, "item")
    return Item(
        id=event.id,
        body=body,
        product=product,
        account=text(whole, "account"),
        at=moment(body.get("timestamp")) or moment(whole.get("time")) or datetime.now(UTC),
        is_change=text(whole, "list") == "changes",
        is_standby=text(whole, "list") == "standby",
    )
