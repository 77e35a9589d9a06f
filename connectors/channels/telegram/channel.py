"""Telegram as a channel."""

from datetime import timedelta

from connectors.base import Account, Check, Field, Norms, Pace, Request
from connectors.channels.telegram import media, secret, self_test
from connectors.channels.telegram.bot_api import API_BASE
from connectors.channels.telegram.read import read
from connectors.channels.telegram.send import send, show_typing
from connectors.channels.telegram.split import split
from connectors.online import OnlineChannel, address_field
from desk.envelope import Address, Batch, Envelope, File, Outgoing, RawEvent, Receipt


class TelegramChannel(OnlineChannel):
    """One bot. Private chats are conversations; what is said in groups is only kept."""

    kind = "telegram"
    name = "Telegram"
    fields: tuple[Field, ...] = (
        Field(
            "bot_token",
            "Bot token",
            secret=True,
            help="Write /newbot to @BotFather on Telegram; it answers with the token.",
        ),
        Field(
            "webhook_secret",
            "Webhook secret",
            secret=True,
            help="Any text of yours from letters, digits, _ and -. Telegram sends it along.",
        ),
        Field(
            "webhook_url",
            "Public webhook address",
            required=False,
            help="This inbox's address with https://; testing tells Telegram to post there.",
        ),
        address_field(API_BASE, "Only changed for a Bot API server of your own, or the simulator."),
    )
    norms = Norms(text_limit=4096)
    window: timedelta | None = None
    person_window: timedelta | None = None
    pace = Pace(per_second=30, per_recipient=timedelta(seconds=1))
    idempotent = False
    streams = False

    def handshake(self, account: Account, request: Request) -> str | None:
        return None

    def is_authentic(self, account: Account, request: Request) -> bool:
        return secret.is_authentic(account, request)

    def split(self, request: Request) -> Batch:
        return split(request.body)

    def read(self, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
        return read(account, event)

    def send(self, account: Account, message: Outgoing) -> Receipt:
        return send(self._http, account, message)

    def typing(self, account: Account, to: Address, answering: str) -> None:
        show_typing(self._http, account, to, answering)

    def fetch(self, account: Account, file: File) -> bytes:
        return media.fetch(self._http, account, file)

    def check(self, account: Account) -> tuple[Check, ...]:
        return self_test.check(self._http, account)
