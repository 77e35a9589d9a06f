"""What Instagram Direct and Messenger are as channels."""

from datetime import datetime, timedelta

from connectors.base import Account, Check, Field, Norms, Pace, Request, Token
from connectors.channels.meta import signature, tokens
from connectors.channels.meta.direct import media, self_test
from connectors.channels.meta.direct.product import Product
from connectors.channels.meta.direct.read import read
from connectors.channels.meta.direct.send import send, show_typing
from connectors.channels.meta.direct.split import split
from connectors.channels.meta.graph import API_VERSION
from connectors.online import OnlineChannel, address_field
from desk.envelope import Address, Batch, Envelope, File, Outgoing, RawEvent, Receipt


def fields(account_id: Field, token_help: str, api_base: str, base_help: str) -> tuple[Field, ...]:
    return (
        account_id,
        Field("access_token", "Access token", secret=True, help=token_help),
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
            "app_id",
            "App ID",
            required=False,
            help="App settings > Basic. With it, copies of our own messages are told from what "
            "colleagues write in other tools.",
        ),
        Field("api_version", "API version", default=API_VERSION, required=False),
        address_field(api_base, base_help),
    )


class DirectChannel(OnlineChannel):
    """One account of either product."""

    kind: str
    name: str
    fields: tuple[Field, ...]
    norms: Norms
    product: Product
    window: timedelta | None = timedelta(hours=24)
    person_window: timedelta | None = timedelta(days=7)
    pace = Pace(per_second=40)
    idempotent = False
    streams = False

    def handshake(self, account: Account, request: Request) -> str | None:
        return signature.handshake(account, request.query)

    def is_authentic(self, account: Account, request: Request) -> bool:
        return signature.is_authentic(account, request)

    def split(self, request: Request) -> Batch:
        return split(request.body)

    def read(self, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
        return read(self.product, account, event)

    def send(self, account: Account, message: Outgoing) -> Receipt:
        return send(self._http, account, self.product, message)

    def typing(self, account: Account, to: Address, answering: str) -> None:
        show_typing(self._http, account, self.product, to)

    def token(self, account: Account, known: datetime | None) -> Token:
        graph = self.product.graph
        if self.kind == "instagram" and tokens.is_instagrams(graph, account):
            return tokens.prolonged(graph, self._http, account, known)
        return tokens.asked(graph, self._http, account)

    def fetch(self, account: Account, file: File) -> bytes:
        return media.fetch(self._http, account, self.product, file)

    def check(self, account: Account) -> tuple[Check, ...]:
        return self_test.check(self._http, account, self.product)
