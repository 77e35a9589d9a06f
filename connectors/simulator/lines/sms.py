"""People with a mobile phone, by way of Twilio."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.simulator.books import Brought, What
from connectors.simulator.line import Delivery, Letter, Line
from connectors.simulator.server import Post
from connectors.simulator.sms_customer import SmsCustomer
from connectors.simulator.twilio import FakeTwilio


@dataclass
class SmsLine(Line):
    """A number may send one text a second: less happens here than elsewhere."""

    twilio: FakeTwilio
    kind = "sms"
    names_time = False
    can = (What.GARBLED,)
    share = 0.25

    @property
    def waiting(self) -> int:
        return self.twilio.waiting

    def names(self, person: int) -> Sequence[str]:
        return (f"+49152{20_000_000 + person}",)

    def id(self, person: int, what: What, at: int, number: int) -> str:
        return f"SM{number:032x}"

    def item(self, person: int, brought: Brought) -> Any:
        twilio = self.twilio
        keys = (twilio.number, twilio.sms_url, twilio.account_sid, twilio.auth_token)
        customer = SmsCustomer(self.names(person)[0], *keys)
        unsaid = {"From": ""} if brought.what == What.GARBLED else {}
        return customer.text(brought.text, sid=brought.id, **unsaid)

    def pack(self, deliveries: Sequence[Delivery]) -> Post:
        (only,) = deliveries
        post: Post = only.item
        return post

    def taken(self) -> Sequence[Letter]:
        """Our id stands in the address for statuses; the last part of a text speaks for all."""
        letters = []
        for text in list(self.twilio.sent):
            query = parse_qs(urlsplit(text.value("StatusCallback")).query)
            if "part" not in query:
                letters.append(Letter(text.value("To"), text.value("Body"), id=query["message"][0]))
        return letters
