"""What a channel is: parse what comes in, send what goes out, and the rules in between."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

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
    choices: tuple[tuple[str, str], ...] = ()
    """Where it is one of a list: each value with its words for people."""
    own_screen: bool = False
    """Written by a screen made for it, not by hand."""


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


@dataclass(frozen=True)
class Pace:
    """How fast a provider takes messages. The outbox keeps to it; zero: no limit is known."""

    per_second: float = 0
    """Messages of one inbox."""
    per_recipient: timedelta = timedelta(0)
    """Between two messages to the same person."""


class Channel(Protocol):
    """A kind of channel. Stateless: the account comes with each call."""

    kind: str
    name: str
    fields: tuple[Field, ...]
    norms: Norms
    window: timedelta | None
    """How long after the customer's last message free text may be sent; None: always."""
    person_window: timedelta | None
    """The same for what a person wrote by hand; some providers give people longer."""
    pace: Pace
    idempotent: bool
    """Whether sending the same message id again can't reach the customer twice."""
    streams: bool
    """Whether customers see an answer grow sentence by sentence."""

    def handshake(self, account: Account, request: Request) -> str | None:
        """The text that answers a provider's subscription check, None when it is refused.

        Asked on every GET, and on an authentic POST, where None means: this is no check.
        """

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


class Watchable(Protocol):
    """A mailbox whose server says when something arrives. delivery/watching listens."""

    def news(self, account: Account, ended: Callable[[], bool]) -> Iterator[None]:
        """One item whenever there may be something new, the first at once, until `ended` says
        so (asked about every second). Nothing at all where the server can't announce mail.
        Raises OSError when the connection breaks."""


class Typist(Protocol):
    """A channel that can show the customer that an answer is being written."""

    def typing(self, account: Account, to: Address, answering: str) -> None:
        """Show it, best effort, within a second or two; `answering` is the provider id of the
        customer's message. Raises OSError when it couldn't."""


class Templated(Protocol):
    """A channel whose provider approves texts that may be sent outside the window."""

    def templates(self, account: Account) -> tuple[OfferedTemplate, ...]:
        """All of the account's, whatever their state. Raises OSError when they can't be had."""


class Renewing(Protocol):
    """A channel whose sign-in is renewed every hour or so."""

    def renew(self, account: Account) -> Mapping[str, str]:
        """New secrets in place of those that soon run out; empty while they last."""


class TokenRefused(OSError):
    """The provider no longer takes the account's token: only a person can mend that."""


@dataclass(frozen=True)
class Token:
    """How an account's token stands."""

    ends: datetime | None = None
    """None: never, or nobody can say."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """What was just renewed, to be kept in place of the old."""


class Expiring(Protocol):
    """A channel whose token may run out after weeks or months."""

    def token(self, account: Account, known: datetime | None) -> Token:
        """Asked of the provider, and renewed where it offers that and it is time; `known` is the
        end as it was told last. Raises TokenRefused, or OSError when it can't be asked now."""
