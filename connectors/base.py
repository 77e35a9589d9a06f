"""What a channel is: parse what comes in, send what goes out, and the rules in between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from desk.envelope import Batch, Envelope, File, Outgoing, RawEvent, Receipt


@dataclass(frozen=True)
class Account:
    """One inbox's connection: its public settings and its secrets, decrypted."""

    inbox_id: str
    config: Mapping[str, str]
    secrets: Mapping[str, str]


@dataclass(frozen=True)
class Request:
    """A webhook request as it came over the wire; header names in lower case."""

    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str]
    url: str = ""


@dataclass(frozen=True)
class Field:
    """One setting an operator fills in to connect an account."""

    name: str
    label: str
    secret: bool = False
    help: str = ""
    default: str = ""
    required: bool = True


@dataclass(frozen=True)
class Check:
    """One line of a self-test: what was tried, whether it worked, what to do if not."""

    name: str
    ok: bool
    message: str


@dataclass(frozen=True)
class Norms:
    """How people write on this channel."""

    text_limit: int
    tone: str = "short"
    """short, formal (email) or spoken (voice)"""
    shows_links: bool = True
    turn_wait: timedelta = timedelta(seconds=2)
    """How long to wait for the customer's next message before answering."""


class Channel(Protocol):
    """A kind of channel. Stateless: the account comes with each call."""

    kind: str
    name: str
    fields: tuple[Field, ...]
    norms: Norms
    window: timedelta | None
    """How long after the customer's last message free text may be sent; None: always."""
    idempotent: bool
    """Whether sending the same message id again can't reach the customer twice."""
    streams: bool
    """Whether customers see an answer grow sentence by sentence."""

    def handshake(self, account: Account, request: Request) -> str | None:
        """The text that answers a provider's subscription check, None when it is refused."""

    def is_authentic(self, account: Account, request: Request) -> bool:
        """Whether the signature over the raw bytes is right."""

    def split(self, request: Request) -> Batch:
        """Take a webhook body apart. Never raises: what can't be split is a dead letter."""

    def read(self, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
        """What one stored event means. Raises ValueError when it can't be understood."""

    def send(self, account: Account, message: Outgoing) -> Receipt:
        """Send one message; never raises for what a provider or the network does."""

    def fetch(self, account: Account, file: File) -> bytes:
        """The bytes behind a file's reference. Raises OSError when they can't be had."""

    def check(self, account: Account) -> tuple[Check, ...]:
        """Try the account's settings for real."""


@dataclass(frozen=True)
class Fetched:
    """One item read from a mailbox: its event and where reading goes on from there."""

    event: RawEvent
    cursor: str
    received_at: datetime


class Mailbox(Protocol):
    """A channel that must be asked for news. delivery/mailboxes drives it."""

    def poll(self, account: Account, cursor: str) -> tuple[Fetched, ...]:
        """What arrived after `cursor` ("" = start now). Raises OSError when unreachable."""
