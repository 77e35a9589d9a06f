"""People with a mailbox."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.channels.email.automatic import MESSAGE_ID_MARK
from connectors.simulator.books import Brought, What
from connectors.simulator.line import Delivery, Letter, Line
from connectors.simulator.mail_customer import MailCustomer, signed_headers
from connectors.simulator.server import Post
from connectors.simulator.smtp_sink import SmtpSink, SunkMail

OWN_ID = re.compile(rf"<{MESSAGE_ID_MARK}([^@]+)@.*")


@dataclass
class MailLine(Line):
    sink: SmtpSink
    address: str
    authserv_id: str
    inbound_secret: str
    kind = "email"

    def names(self, person: int) -> Sequence[str]:
        return (f"customer-{person}@mail.example",)

    def id(self, person: int, what: What, at: int, number: int) -> str:
        return f"<{number:032x}@mail.example>"

    def item(self, person: int, brought: Brought) -> Any:
        customer = MailCustomer(
            self.sink.folder, self.names(person)[0], f"Customer {person}", self.authserv_id
        )
        at = datetime.fromtimestamp(brought.at, UTC)
        return customer.write(
            self.address, f"Question {person}", brought.text, at=at, message_id=brought.id
        )

    def pack(self, deliveries: Sequence[Delivery]) -> Post:
        (only,) = deliveries
        return Post(only.item, signed_headers(only.item, self.inbound_secret))

    def taken(self) -> Sequence[Letter]:
        return [
            Letter(
                mail.recipients[0],
                _text(mail),
                id=OWN_ID.sub(r"\1", str(mail.message["Message-ID"])),
            )
            for mail in list(self.sink.mails)
        ]


def _text(mail: SunkMail) -> str:
    body = mail.message.get_body(("plain",))
    return str(body.get_content()) if body else ""
