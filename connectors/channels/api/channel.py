"""Any channel that somebody adds to us, by two signed posts."""

from datetime import timedelta

from connectors.base import Account, Check, Field, Norms, Pace, Request
from connectors.channels.api import send as sending
from connectors.channels.api.files import fetch
from connectors.channels.api.read import read
from connectors.channels.api.split import split
from core import standard_webhooks
from desk.envelope import Batch, Envelope, File, Outgoing, RawEvent, Receipt


class ApiChannel:
    """One account of somebody else's channel (docs/api-inbox.md)."""

    kind = "api"
    name = "API"
    fields: tuple[Field, ...] = (
        Field(
            "callback_url",
            "Callback address",
            help="Where we post replies to: https, open to the internet.",
        ),
        Field(
            "signing_secret",
            "Signing secret",
            secret=True,
            help="whsec_… of Standard Webhooks, for both directions. During a rotation: new and "
            "old, with a comma between.",
        ),
    )
    norms = Norms(text_limit=10000)
    window: timedelta | None = None
    person_window: timedelta | None = None
    pace = Pace()
    idempotent = True
    streams = False

    def handshake(self, account: Account, request: Request) -> str | None:
        return None

    def is_authentic(self, account: Account, request: Request) -> bool:
        secrets = standard_webhooks.secrets_in(account.secrets.get("signing_secret", ""))
        return standard_webhooks.is_authentic(secrets, request.headers, request.body)

    def split(self, request: Request) -> Batch:
        return split(request.body)

    def read(self, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
        return read(event)

    def send(self, account: Account, message: Outgoing) -> Receipt:
        return sending.send(account, message)

    def fetch(self, account: Account, file: File) -> bytes:
        return fetch(file)

    def check(self, account: Account) -> tuple[Check, ...]:
        return sending.check(account)
