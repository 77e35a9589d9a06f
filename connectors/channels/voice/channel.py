"""A phone number as a channel. Calls come in at api/voice; here are its account and its rules."""

from datetime import timedelta
from functools import cached_property

import httpx

from connectors.base import Account, Check, Field, Norms, Pace, Request
from connectors.channels.twilio import signature
from connectors.channels.voice import carrier
from connectors.online import address_field
from connectors.phones import e164
from desk.envelope import (
    Batch,
    DeadLetter,
    DeliveryState,
    Envelope,
    File,
    Outgoing,
    RawEvent,
    Receipt,
)

ELSEWHERE = (
    "A phone call came in at the address for messages. Enter the address /voice/… of this inbox "
    "as the number's voice webhook."
)
NO_TEXT = "A phone line can't carry text. Call the customer, or write on another channel."


class VoiceChannel:
    """One number that customers call."""

    kind = "voice"
    name = "Phone"
    fields: tuple[Field, ...] = (
        Field("number", "Phone number", help="The number customers call, as +49..."),
        Field("account_sid", "Account SID", help="AC... from the carrier's console."),
        Field(
            "auth_token",
            "Auth token",
            secret=True,
            help="Signs every call. During a rotation: new and old, with a comma between.",
        ),
        Field(
            "languages",
            "Languages",
            default="en-US",
            required=False,
            help="The first greets; callers choose others by a key: en-US, de-DE.",
        ),
        Field(
            "mode",
            "How the assistant listens",
            default="gather",
            required=False,
            help="When the stream breaks, the call goes on turn by turn.",
            choices=(
                ("gather", "Turn by turn, over plain HTTP (Gather)"),
                ("relay", "Streamed, may be interrupted (ConversationRelay)"),
            ),
        ),
        Field(
            "transfer",
            "Handing over",
            default="warm",
            required=False,
            choices=(
                ("warm", "Warm: colleagues hear a summary and press 1"),
                ("cold", "Cold: connected at once"),
            ),
        ),
        Field(
            "record",
            "Record calls with people",
            default="no",
            required=False,
            help="Where the law asks for it, say so in the disclosure.",
            choices=(("no", "No"), ("yes", "Yes")),
        ),
        Field("public_url", "Public address", required=False, help="Where the carrier reaches us."),
        address_field(carrier.API_BASE, "Another carrier that speaks the same, or the simulator."),
    )
    norms = Norms(text_limit=400, tone="spoken", shows_links=False, turn_wait=timedelta(0))
    window: timedelta | None = None
    person_window: timedelta | None = None
    pace = Pace()
    idempotent = False
    streams = False

    @cached_property
    def _http(self) -> httpx.Client:
        return carrier.client()

    def handshake(self, account: Account, request: Request) -> str | None:
        return None

    def is_authentic(self, account: Account, request: Request) -> bool:
        return signature.is_authentic(account, request)

    def split(self, request: Request) -> Batch:
        raw = request.body.decode("utf-8", "replace")
        return Batch(dead_letters=(DeadLetter(ELSEWHERE, raw),))

    def read(self, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
        raise ValueError(ELSEWHERE)

    def send(self, account: Account, message: Outgoing) -> Receipt:
        return Receipt(DeliveryState.FAILED, error_code="no_text", error=NO_TEXT)

    def fetch(self, account: Account, file: File) -> bytes:
        return carrier.recording(self._http, account, file.reference)

    def check(self, account: Account) -> tuple[Check, ...]:
        number = account.config.get("number", "")
        words = "Write it as +49..., as the carrier shows it."
        valid = bool(e164(number)) and number.startswith("+")
        return (
            Check("Number", valid, "Looks right." if valid else words),
            carrier.check(self._http, account),
        )
