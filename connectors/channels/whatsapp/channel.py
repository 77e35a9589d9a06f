"""WhatsApp as a channel."""

from datetime import timedelta
from functools import cached_property

import httpx

from connectors.base import Account, Check, Field, Norms, Request
from connectors.channels.whatsapp import media, self_test, signature
from connectors.channels.whatsapp.graph import API_BASE, API_VERSION
from connectors.channels.whatsapp.read import read
from connectors.channels.whatsapp.send import send
from connectors.channels.whatsapp.split import split
from desk.envelope import Batch, Envelope, File, Outgoing, RawEvent, Receipt


class WhatsAppChannel:
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
        Field("api_version", "API version", default=API_VERSION, required=False),
        Field(
            "api_base",
            "API address",
            default=API_BASE,
            required=False,
            help="Only changed to try the channel against the simulator.",
        ),
    )
    norms = Norms(text_limit=4096, turn_wait=timedelta(seconds=3))
    window: timedelta | None = timedelta(hours=24)
    idempotent = False
    streams = False

    @cached_property
    def _http(self) -> httpx.Client:
        """Made on first use, so that no connection is shared across a worker's fork."""
        return httpx.Client(timeout=httpx.Timeout(20, connect=5, pool=30))

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
