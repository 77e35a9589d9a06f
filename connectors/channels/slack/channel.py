"""Slack as a channel."""

from datetime import timedelta

from connectors.base import Account, Check, Field, Norms, Pace, Request
from connectors.channels.slack import media, self_test, signature
from connectors.channels.slack.read import read
from connectors.channels.slack.send import send
from connectors.channels.slack.split import split
from connectors.channels.slack.web_api import API_BASE
from connectors.online import OnlineChannel, address_field
from desk.envelope import Batch, Envelope, File, Outgoing, RawEvent, Receipt


class SlackChannel(OnlineChannel):
    """One app in one workspace. Which messages are conversations, its event subscriptions say:
    message.im for direct messages, app_mention for being called in a channel, message.channels
    for everything that is said in a channel it was invited to."""

    kind = "slack"
    name = "Slack"
    fields: tuple[Field, ...] = (
        Field(
            "bot_token",
            "Bot token",
            secret=True,
            help="Starts with xoxb-. OAuth & Permissions; scopes chat:write, im:history, files:*.",
        ),
        Field(
            "signing_secret",
            "Signing secret",
            secret=True,
            help="Basic Information > App Credentials.",
        ),
        address_field(API_BASE),
    )
    norms = Norms(text_limit=3000)
    window: timedelta | None = None
    person_window: timedelta | None = None
    pace = Pace(per_recipient=timedelta(seconds=1))
    idempotent = False
    streams = False

    def handshake(self, account: Account, request: Request) -> str | None:
        return signature.handshake(request)

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
