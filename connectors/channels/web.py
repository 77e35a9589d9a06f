"""The website chat. Events are our own JSON, made by the API once it has checked the visitor."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from connectors.base import Account, Check, Field, Norms, Pace, Request
from connectors.channels import web_settings
from connectors.channels.web_identity import SOURCE, BadIdentity, verify
from connectors.json_values import Json, children, clean, moment, text
from connectors.phones import e164
from core import files
from core.errors import NotFound
from desk.envelope import (
    Address,
    Batch,
    DeadLetter,
    DeliveryState,
    Envelope,
    File,
    Kind,
    Outgoing,
    RawEvent,
    Receipt,
    Strength,
)

CLAIMED_BY = "typed into the website chat"


class WebChannel:
    """One chat widget: {id, at, visitor, text, files[{name, type, reference, size}], reply_to?,
    choice?, identity? (signed token), signed_as? (whom the website vouches for, as the API has
    checked), name?, email?, phone?, page?,
    invitation? (what the chat had said unasked)}."""

    kind = "web"
    name = "Website chat"
    fields: tuple[Field, ...] = (
        Field(
            "allowed_origins",
            "Allowed websites",
            required=False,
            help="Addresses that may show the chat, with commas between; empty: any.",
        ),
        Field("greeting", "Greeting", default="Hi! How can we help?", required=False),
        Field("colour", "Colour", default="#2f5bea", required=False),
        Field(
            "pre_chat",
            "Ask before the chat",
            default="",
            required=False,
            help="What to ask for first: name, email, phone, with commas between. What may be left "
            "empty has (optional) behind it.",
            own_screen=True,
        ),
        Field(
            "ask_rating",
            "Ask how the chat was",
            default="yes",
            required=False,
            help="yes or no: whether a visitor may rate a chat once it is resolved.",
            own_screen=True,
        ),
        Field(
            "show_seen",
            "Show that a message was read",
            default="yes",
            required=False,
            help="yes or no: whether a visitor sees that a teammate has read what they wrote.",
            own_screen=True,
        ),
        Field(
            "invitations",
            "Messages shown unasked",
            required=False,
            help="A JSON list of {page, seconds, once: visitor or day, text}.",
            own_screen=True,
        ),
        Field(
            "identity_secret",
            "Identity secret",
            secret=True,
            required=False,
            help="Your server signs known visitors in with it (JWT, HS256).",
        ),
    )
    norms = Norms(text_limit=10000, turn_wait=timedelta(seconds=1))
    window: timedelta | None = None
    person_window: timedelta | None = None
    pace = Pace()
    idempotent = True
    streams = True

    def handshake(self, account: Account, request: Request) -> str | None:
        return None

    def is_authentic(self, account: Account, request: Request) -> bool:
        """Never: visitors come in through the chat's own endpoint, not as webhooks."""
        return False

    def split(self, request: Request) -> Batch:
        raw = clean(request.body.decode("utf-8", "replace"))
        try:
            whole = json.loads(request.body)
        except (ValueError, RecursionError):
            return Batch(dead_letters=(DeadLetter("The body is not readable JSON.", raw),))
        outcomes = [_event(one) for one in (whole if isinstance(whole, list) else [whole])]
        return Batch(
            tuple(one for one in outcomes if isinstance(one, RawEvent)),
            tuple(one for one in outcomes if isinstance(one, DeadLetter)),
        )

    def read(self, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
        item = json.loads(event.body)
        if not isinstance(item, dict):
            raise ValueError("This is not a chat message.")
        proven, problem = _identity(account, text(item, "identity"))
        details = {"page": text(item, "page"), "identity_problem": problem}
        return (
            Envelope(
                id=event.id,
                kind=Kind.MESSAGE,
                at=_at(item),
                sender=(*_visitor(item, bool(proven)), *proven, *_claimed(item)),
                sender_name=text(item, "name"),
                text=text(item, "text"),
                reply_to=text(item, "reply_to"),
                files=tuple(_file(one) for one in children(item, "files")),
                choice=text(item, "choice"),
                invitation=text(item, "invitation"),
                details={key: value for key, value in details.items() if value},
            ),
        )

    def send(self, account: Account, message: Outgoing) -> Receipt:
        """The widget reads its messages from the live stream: stored is sent."""
        return Receipt(DeliveryState.SENT, provider_id=message.id)

    def fetch(self, account: Account, file: File) -> bytes:
        if not file.reference.isalnum():
            raise OSError("This chat file has no usable reference.")
        try:
            return files.load(file.reference)
        except NotFound as error:
            raise OSError(error.message) from error

    def check(self, account: Account) -> tuple[Check, ...]:
        origins = [one.strip() for one in account.config.get("allowed_origins", "").split(",")]
        return (
            _origins_check(origins),
            _secret_check(account),
            _questions_check(account),
            _invitations_check(account),
        )


def _origins_check(origins: list[str]) -> Check:
    wrong = [one for one in origins if one and not one.startswith(("https://", "http://"))]
    if wrong:
        words = f"Write {wrong[0]} with https:// in front, as browsers send it."
        return Check("Allowed websites", False, words)
    shown = "Any website may show this chat." if not any(origins) else "Addresses are valid."
    return Check("Allowed websites", True, shown)


def _questions_check(account: Account) -> Check:
    wrong = web_settings.unknown_questions(account.config)
    if wrong:
        words = f'Ask for name, email or phone; "{wrong[0]}" is none of these.'
        return Check("Ask before the chat", False, words)
    asked = [one.ask for one in web_settings.questions(account.config)]
    words = f"Asks for {', '.join(asked)}." if asked else "Asks for nothing."
    return Check("Ask before the chat", True, words)


def _invitations_check(account: Account) -> Check:
    unread = web_settings.unreadable_invitations(account.config)
    if unread:
        words = f"{unread} can't be understood: write each again under Chat."
        return Check("Messages shown unasked", False, words)
    count = len(web_settings.invitations(account.config))
    return Check("Messages shown unasked", True, f"{count} set up.")


def _event(item: Any) -> RawEvent | DeadLetter:
    body = json.dumps(item)
    if not isinstance(item, dict):
        return DeadLetter("A chat message must be a JSON object.", body)
    own, visitor = text(item, "id"), text(item, "visitor")
    if not own or not visitor:
        return DeadLetter("A chat message needs an id and a visitor.", body)
    if not text(item, "text").strip() and not children(item, "files") and not item.get("choice"):
        return DeadLetter("The chat message is empty.", body)
    return RawEvent(own if _is_uuid(own) else f"{visitor}:{own}"[:255], body)


def _is_uuid(value: str) -> bool:
    """Anything else could be another visitor's id too."""
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


def _identity(account: Account, token: str) -> tuple[tuple[Address, ...], str]:
    """A bad token never loses the message: the visitor just stays anonymous."""
    if not token:
        return (), ""
    try:
        return verify(token, account.secrets.get("identity_secret", "")).addresses, ""
    except BadIdentity as error:
        return (), error.message


def _at(item: Json) -> datetime:
    """ISO 8601 or Unix time; a garbled one counts as just now."""
    value = item.get("at")
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else moment(value)
        return (found or datetime.now(UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return moment(value) or datetime.now(UTC)


def _visitor(item: Json, proven: bool) -> tuple[Address, ...]:
    visitor = text(item, "visitor")
    if not visitor:
        return ()
    if proven or text(item, "signed_as"):
        return (Address("visitor", visitor, Strength.SIGNED, SOURCE),)
    return (Address("visitor", visitor, Strength.OBSERVED, "website chat"),)


def _claimed(item: Json) -> tuple[Address, ...]:
    email, phone = text(item, "email").strip().lower(), e164(text(item, "phone"))
    written = (("email", email if "@" in email else ""), ("phone", phone))
    return tuple(
        Address(kind, value, Strength.CLAIMED, CLAIMED_BY) for kind, value in written if value
    )


def _file(item: Json) -> File:
    kind = text(item, "type").split("/")[0]
    size = item.get("size")
    return File(
        kind=kind if kind in ("image", "video", "audio") else "document",
        name=text(item, "name"),
        type=text(item, "type") or "application/octet-stream",
        reference=text(item, "reference"),
        size=size if isinstance(size, int) else None,
    )


def _secret_check(account: Account) -> Check:
    secret = account.secrets.get("identity_secret", "")
    if not secret:
        return Check("Identity secret", True, "None set: every visitor is anonymous.")
    if len(secret) < 32:
        return Check("Identity secret", False, "Make it at least 32 characters long.")
    return Check("Identity secret", True, "Set: signed visitors are recognised.")
