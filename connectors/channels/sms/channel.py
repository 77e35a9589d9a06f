"""Texts as a channel."""

from datetime import timedelta

from connectors.base import Account, Check, Field, Norms, Pace, Request
from connectors.channels.sms import media, self_test
from connectors.channels.sms.read import read
from connectors.channels.sms.render import LIMIT
from connectors.channels.sms.send import send
from connectors.channels.sms.split import split
from connectors.channels.twilio import signature
from connectors.channels.twilio.api import API_BASE
from connectors.online import OnlineChannel, address_field
from desk.envelope import Batch, Envelope, File, Outgoing, RawEvent, Receipt


class SmsChannel(OnlineChannel):
    """One number at Twilio."""

    kind = "sms"
    name = "SMS"
    fields: tuple[Field, ...] = (
        Field("account_sid", "Account SID", help="On the first page of Twilio's console; AC…"),
        Field(
            "auth_token",
            "Auth token",
            secret=True,
            help="Beside the account SID. During a rotation: new and old, with a comma between.",
        ),
        Field(
            "number",
            "Number",
            help="As +15551234567; for WhatsApp over Twilio with whatsapp: in front.",
        ),
        Field(
            "messaging_service_sid",
            "Messaging service",
            required=False,
            help="MG…, where Twilio chooses the number to send from.",
        ),
        Field(
            "public_url",
            "Public address",
            required=False,
            help="How Twilio reaches this service, where it differs from the service's own.",
        ),
        Field(
            "test_phone",
            "Phone to test with",
            required=False,
            help="Each test of this inbox sends one text to it.",
        ),
        address_field(API_BASE),
    )
    norms = Norms(text_limit=LIMIT, turn_wait=timedelta(seconds=4))
    window: timedelta | None = None
    person_window: timedelta | None = None
    pace = Pace(per_second=1)
    """Of a long code in the US; short codes and toll-free numbers take more."""
    idempotent = False
    streams = False

    def handshake(self, account: Account, request: Request) -> str | None:
        return None

    def is_authentic(self, account: Account, request: Request) -> bool:
        return signature.is_authentic(account, request)

    def split(self, request: Request) -> Batch:
        return split(request)

    def read(self, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
        return read(event)

    def send(self, account: Account, message: Outgoing) -> Receipt:
        return send(self._http, account, message)

    def fetch(self, account: Account, file: File) -> bytes:
        return media.fetch(self._http, account, file)

    def check(self, account: Account) -> tuple[Check, ...]:
        return self_test.check(self._http, account)
