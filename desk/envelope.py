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

    Kinds in use: phone, whatsapp (business-scoped user id), email, visitor, instagram and messenger
    (page-scoped ids), telegram (user id), slack (workspace:user), external (the merchant's own
    customer id).
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
    guessable: bool = False
    """Anybody could make it up, so it leads only a proven sender anywhere."""


@dataclass(frozen=True)
class Envelope:
    """One event's meaning. Which fields count depends on `kind`.

    `id` is the provider's id of this event, unique per inbox. `subject_id` is the provider id of
    the message or call an edit, delete, reaction, status, read or call is about. `state`,
    `error_code` and `error` belong to status events (an account event with an `error` says that
    the inbox is broken); `correlation` is our own id that a status may echo.
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
    place: str = ""
    """Where it was written, on channels where one person may write in several places (a Slack
    channel's thread, a direct message): a thread stays in its place, and answers go there."""
    files: tuple[File, ...] = ()
    choice: str = ""
    """The payload of a pressed button or list row."""
    invitation: str = ""
    """What we had said unasked, before there was a conversation, and this answers."""
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
    """Of a call: we made it, the customer didn't. Of an echo: this very app sent it."""
    observed: bool = False
    """Another app of ours answers this customer: it is shown, and not for us to answer."""
    up_to: datetime | None = None
    """Of a status or read without `subject_id`: it is about all of ours to `sender` until then."""
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
class Gap:
    """One place in a template that is filled in when it is sent."""

    part: str
    """header, body or button"""
    name: str
    """Its number, or its name where the template names them."""
    kind: str = "text"
    """text, or a link to an image, video or document; of a button: url or copy_code"""
    index: int = 0
    """Which button."""
    example: str = ""

    @property
    def key(self) -> str:
        return f"{self.part}:{self.index}:{self.name}"


@dataclass(frozen=True)
class Template:
    """A text that the provider has approved, and the values for its gaps."""

    name: str
    language: str
    values: tuple[tuple[Gap, str], ...] = ()


@dataclass(frozen=True)
class OfferedTemplate:
    """A template as the provider keeps it. `state`: approved, pending, rejected, paused..."""

    id: str
    name: str
    language: str
    category: str
    state: str
    quality: str = ""
    reason: str = ""
    """Why it is not approved, as the provider says."""
    header: str = ""
    body: str = ""
    footer: str = ""
    buttons: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


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
    after_window: bool = False
    """The free window has closed: only what the provider lets a person still send."""
    template: Template | None = None
    """Sent instead of `text` where the provider wants a text it has approved."""
    place: str = ""
    """The `place` of the envelopes of this thread."""
    thread_token: str = ""
    """Goes into reply addresses, so that an answer finds its thread whatever it cites."""


class Concerns(StrEnum):
    """Whom a refusal is about."""

    MESSAGE = "message"
    RECIPIENT = "recipient"
    INBOX = "inbox"


@dataclass(frozen=True)
class Receipt:
    """What a provider said when we sent something. `state` is sent, failed or unknown.

    Unknown: the provider may or may not have it (timeout, 5xx): nothing is resent by itself.
    `retry_after` (seconds) is set when it surely was not taken and may be tried again.
    `concerns`: a refusal with `retry_after` holds back everything to that recipient or of that
    inbox; one without, of the inbox, means that the account is broken until a person mends it.
    """

    state: DeliveryState
    provider_id: str = ""
    error_code: str = ""
    error: str = ""
    retry_after: float | None = None
    concerns: Concerns = Concerns.MESSAGE
    patient: bool = False
    """Worth trying again for a day: whoever takes it may be down for long, and takes it once."""
    thread_keys: tuple[str, ...] = ()
    """Names under which an answer to it may come back, besides its provider id."""
