"""WhatsApp as a channel."""

from datetime import datetime, timedelta

from connectors.base import Account, Check, Field, Norms, Pace, Request, Token
from connectors.channels.meta import signature, tokens
from connectors.channels.whatsapp import media, self_test
from connectors.channels.whatsapp.graph import API_BASE, API_VERSION, GRAPH
from connectors.channels.whatsapp.read import read
from connectors.channels.whatsapp.send import send, show_typing
from connectors.channels.whatsapp.split import split
from connectors.channels.whatsapp.templates import templates
from connectors.online import OnlineChannel, address_field
from desk.envelope import (
    Address,
    Batch,
    Envelope,
    File,
    OfferedTemplate,
    Outgoing,
    RawEvent,
    Receipt,
)


class WhatsAppChannel(OnlineChannel):
    """One number of the WhatsApp Cloud API."""

    kind = "whatsapp"
    name = "WhatsApp"
    fields: tuple[Field, ...] = (
        Field(
            "phone_number_id",
            "Phone number ID",
            help="WhatsApp > API Setup in Meta's app dashboard; not the number itself.",
        ),
        Field(
            "access_token",
            "Access token",
            secret=True,
            help="A permanent token of a system user with whatsapp_business_messaging.",
        ),
        Field(
            "app_secret",
            "App secret",
            secret=True,
            help="App settings > Basic. During a rotation: old and new, with a comma between.",
        ),
        Field(
            "verify_token",
            "Verify token",
            secret=True,
            help="Any text of yours; enter the same one in Meta's webhook settings.",
        ),
        Field(
            "business_account_id",
            "Business account ID",
            required=False,
            help="WhatsApp > API Setup: templates belong to it.",
        ),
        Field("api_version", "API version", default=API_VERSION, required=False),
        address_field(API_BASE),
    )
    norms = Norms(text_limit=4096, turn_wait=timedelta(seconds=3))
    window: timedelta | None = timedelta(hours=24)
    person_window: timedelta | None = window
    pace = Pace(per_second=80)
    idempotent = False
    streams = False

    def handshake(self, account: Account, request: Request) -> str | None:
        return signature.handshake(account, request.query)

    def is_authentic(self, account: Account, request: Request) -> bool:
        return signature.is_authentic(account, request)

    def split(self, request: Request) -> Batch:
        return split(request.body)

    def read(self, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
        return read(event)

    def send(self, account: Account, message: Outgoing) -> Receipt:
        return send(self._http, account, message)

    def fetch(self, account: Account, file: File) -> bytes:
        return media.fetch(self._http, account, file)

    def check(self, account: Account) -> tuple[Check, ...]:
        return self_test.check(self._http, account)

    def templates(self, account: Account) -> tuple[OfferedTemplate, ...]:
        return templates(self._http, account)

    def typing(self, account: Account, to: Address, answering: str) -> None:
        show_typing(self._http, account, answering)

    def token(self, account: Account, known: datetime | None) -> Token:
        return tokens.asked(GRAPH, self._http, account)
