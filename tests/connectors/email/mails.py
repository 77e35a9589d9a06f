"""Mails to read in tests, written here by hand."""

from collections.abc import Mapping
from email.message import EmailMessage

from connectors.base import Account
from connectors.channels.email.channel import EmailChannel
from connectors.channels.email.imap import as_event
from desk.envelope import Envelope

OURS = "support@shop.example"
CONFIG = {
    "address": OURS,
    "display_name": "Shop Support",
    "trusted_authserv": "mx.shop.example",
    "signature": "Shop GmbH\nHauptstraße 1, Köln",
}


def account(**config: str) -> Account:
    return Account("inbox-1", {**CONFIG, **config}, {"inbound_secret": "s3cret"})


def mail(text: str = "Where is my order?", **headers: str) -> bytes:
    """A plain mail from Ana; `in_reply_to="<a@b>"` and the like add or replace headers."""
    return raw_mail(text.encode(), headers)


def raw_mail(body: bytes, headers: Mapping[str, str]) -> bytes:
    found = {
        "from": "Ana Ruiz <ana@client.example>",
        "to": OURS,
        "subject": "My order",
        "date": "Mon, 02 Nov 2026 10:00:00 +0000",
        "message-id": "<m1@client.example>",
        "content-type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in found.items() if value)
    return head.encode() + b"\r\n" + body


def with_parts(message: EmailMessage) -> bytes:
    message["From"] = "Ana Ruiz <ana@client.example>"
    message["To"] = OURS
    message["Message-ID"] = "<m1@client.example>"
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0000"
    return message.as_bytes()


def read(raw: bytes, **config: str) -> Envelope:
    """The one envelope the channel makes of a raw mail."""
    (found,) = EmailChannel().read(account(**config), as_event(raw))
    return found
