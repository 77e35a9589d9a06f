"""What a provider told us, in the desk's words. Connectors make it, delivery stores it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What an event is about."""

    MESSAGE = "message"
    EDIT = "edit"
    DELETE = "delete"
    REACTION = "reaction"
    STATUS = "status"
    READ = "read"
    ECHO = "echo"
    IDENTITY_CHANGE = "identity_change"
    CONSENT = "consent"
    CALL = "call"
    ACCOUNT = "account"
    UNKNOWN = "unknown"


class Strength(StrEnum):
    """How well an identity is proven, weakest first."""

    CLAIMED = "claimed"
    OBSERVED = "observed"
    ASSERTED = "asserted"
    VERIFIED = "verified"
    SIGNED = "signed"

    @property
    def rank(self) -> int:
        return list(Strength).index(self)


class DeliveryState(StrEnum):
    """A lattice: pending < sent < delivered < read; failed and unknown stand apart."""

    SPEAKING = "speaking"
    """Being said on a streaming channel, sentence by sentence."""
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Address:
    """One address of a person on one channel kind, e.g. ("phone", "+4915112345678").

    Kinds in use: phone, whatsapp (business-scoped user id), email, visitor, instagram, external
    (the merchant's own customer id).
    """

    kind: str
    value: str
    strength: Strength = Strength.OBSERVED
    source: str = ""
    """Who says so, in words: "WhatsApp webhook", "DMARC pass by mx.shop.example"."""


@dataclass(frozen=True)
class File:
    """An attachment: its bytes where they came along, else `reference` to fetch them by."""

    kind: str
    """image, video, audio, voice, document, sticker, location, contact"""
    name: str = ""
    type: str = "application/octet-stream"
    content: bytes | None = None
    reference: str = ""
    size: int | None = None
    inline_id: str = ""
    """The Content-ID of a picture shown inside an HTML mail."""


@dataclass(frozen=True)
class ThreadHint:
    """Where a message may belong, strongest hint first; the reason is shown to teammates."""

    key: str
    reason: str


@dataclass(frozen=True)
class Envelope:
    """One event's meaning. Which fields count depends on `kind`.

    `id` is the provider's id of this event, unique per inbox. `subject_id` is the provider id of
    the message or call an edit, delete, reaction, status, read or call is about. `state`,
    `error_code` and `error` belong to status events; `correlation` is our own id that a status
    may echo.
    """

    id: str
    kind: Kind
    at: datetime
    sender: tuple[Address, ...] = ()
    sender_name: str = ""
    recipients: tuple[Address, ...] = ()
    """Other people on the message (Cc), or for an echo whom it went to."""
    text: str = ""
    html: str = ""
    quoted: str = ""
    """What was cut off as quotation or signature, so that nothing is lost."""
    subject: str = ""
    reply_to: str = ""
    thread_hints: tuple[ThreadHint, ...] = ()
    files: tuple[File, ...] = ()
    choice: str = ""
    """The payload of a pressed button or list row."""
    subject_id: str = ""
    state: DeliveryState | None = None
    error_code: str = ""
    error: str = ""
    correlation: str = ""
    automatic: str = ""
    """Why this was sent by a machine ("auto-reply", "bounce", "mailing list"), else empty."""
    previous: Address | None = None
    """The old address of an identity change."""
    language: str = ""
    ours: bool = False
    """Of a call: we made it, the customer didn't."""
    details: dict[str, str] = field(default_factory=dict)
    """Channel facts worth showing: referral, location, order items. A call's has `stage`:
    connecting, ringing, accepted or ended."""


@dataclass(frozen=True)
class RawEvent:
    """One event as it came, before it means anything: unique by `id` within its inbox."""

    id: str
    body: str
    """The event's own JSON, or raw MIME decoded as latin-1."""


@dataclass(frozen=True)
class DeadLetter:
    """Something that could not be split or understood, kept as it came."""

    reason: str
    body: str


@dataclass(frozen=True)
class Batch:
    """A webhook body taken apart: n events in are n events out, whatever is wrong with some."""

    events: tuple[RawEvent, ...] = ()
    dead_letters: tuple[DeadLetter, ...] = ()


@dataclass(frozen=True)
class Source:
    """Something an answer rests on, as the customer may open it."""

    title: str
    url: str


@dataclass(frozen=True)
class Outgoing:
    """A message to send: neutral text (paragraphs, `- ` and `1. ` lists, **bold**, [links](url)).

    `id` is our message id, echoed by providers where they can.
    """

    id: str
    to: Address
    text: str
    sources: tuple[Source, ...] = ()
    choices: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    reply_to: str = ""
    """The provider id of the message this answers."""
    subject: str = ""
    references: tuple[str, ...] = ()
    greeting_name: str = ""
    language: str = "en"
    by_person: bool = False
    thread_token: str = ""
    """Goes into reply addresses, so that an answer finds its thread whatever it cites."""


@dataclass(frozen=True)
class Receipt:
    """What a provider said when we sent something. `state` is sent, failed or unknown.

    Unknown: the provider may or may not have it (timeout, 5xx): nothing is resent by itself.
    `retry_after` (seconds) is set when it surely was not taken and may be tried again.
    """

    state: DeliveryState
    provider_id: str = ""
    error_code: str = ""
    error: str = ""
    retry_after: float | None = None
    thread_keys: tuple[str, ...] = ()
    """Names under which an answer to it may come back, besides its provider id."""
