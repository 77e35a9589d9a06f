"""Email: read over IMAP or HTTP, sent over SMTP."""

import smtplib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from connectors.base import Account, Check, Fetched, Field, Norms, Pace, Request
from connectors.channels.email import imap, oauth, providers, smtp
from connectors.channels.email.authentication import Judge, authenticate, vouched
from connectors.channels.email.envelopes import envelope
from connectors.channels.email.form import read_form
from connectors.channels.email.mime import event_id, parse
from connectors.channels.email.providers import Posted
from connectors.channels.email.render import plus_address, render
from connectors.channels.email.settings import FIELDS, incoming, reads_mailbox, setting
from connectors.channels.email.signature import is_signed
from connectors.channels.email.threading import quote_keys
from desk.envelope import (
    Batch,
    DeadLetter,
    DeliveryState,
    Envelope,
    File,
    Kind,
    Outgoing,
    RawEvent,
    Receipt,
)

RENEW_BEFORE = timedelta(minutes=10)
_NO_MAIL = (
    "This is no mail that SendGrid, Mailgun or Postmark posts. Let only incoming mail be posted "
    "here, not events such as clicks and deliveries."
)


class EmailChannel:
    """The email channel and its mailbox."""

    kind: str = "email"
    name: str = "Email"
    fields: tuple[Field, ...] = FIELDS
    norms: Norms = Norms(
        text_limit=100_000, tone="formal", shows_links=True, turn_wait=timedelta(seconds=10)
    )
    window: timedelta | None = None
    person_window: timedelta | None = None
    pace = Pace()
    idempotent: bool = False
    streams: bool = False

    def handshake(self, account: Account, request: Request) -> str | None:
        """Mail has no subscription check."""
        return None

    def is_authentic(self, account: Account, request: Request) -> bool:
        if incoming(account) in providers.NAMES:
            return providers.is_authentic(account, request, time.time())
        secret = account.secrets.get("inbound_secret", "")
        return is_signed(secret, request.body, request.headers, time.time())

    def split(self, request: Request) -> Batch:
        """A body is one mail: raw, or as SendGrid, Mailgun or Postmark post it."""
        if not request.body.strip():
            return Batch(dead_letters=(DeadLetter("The body is empty; raw mail is expected.", ""),))
        form = read_form(request.body, request.headers.get("content-type", ""))
        if form is None:
            return Batch(events=(imap.as_event(request.body),))
        mail = providers.posted(form)
        if mail is None:
            return Batch(dead_letters=(DeadLetter(_NO_MAIL, request.body.decode("latin-1")),))
        id = mail.once or event_id(mail.raw.encode("latin-1"))
        return Batch(events=(RawEvent(id, mail.as_body()),))

    def read(self, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
        if event.id.startswith(imap.STARTED):
            text = "Reading of the mailbox starts here."
            return (Envelope(event.id, Kind.ACCOUNT, datetime.now(UTC), text=text),)
        posted = providers.from_body(event.body)
        mail = parse((posted.raw if posted else event.body).encode("latin-1", "replace"))
        if not mail.headers:
            raise ValueError("This is no mail: it has no headers.")
        own = setting(account.config, "address").lower()
        found = envelope(mail, own, _judge(account, posted))
        return (replace(found, details={**found.details, **_remarks(posted)}),)

    def send(self, account: Account, message: Outgoing) -> Receipt:
        try:
            mail = render(message, account.config, datetime.now(UTC))
            raw = mail.as_bytes()
        except (ValueError, LookupError) as error:
            return Receipt(DeliveryState.FAILED, error_code="invalid", error=str(error))
        recipient = mail["To"].addresses[0].addr_spec
        receipt = smtp.send_mail(account, recipient, str(mail["Message-ID"]), raw)
        return replace(receipt, thread_keys=quote_keys(message.text))

    def fetch(self, account: Account, file: File) -> bytes:
        """Attachments come along with their mail."""
        if file.content is None:
            raise OSError("The attachment did not come along with the mail.")
        return file.content

    def poll(self, account: Account, cursor: str) -> tuple[Fetched, ...]:
        if not reads_mailbox(account):
            return ()
        return imap.read_new(account, cursor)

    def news(self, account: Account, ended: Callable[[], bool]) -> Iterator[None]:
        return imap.news(account, ended)

    def renew(self, account: Account) -> Mapping[str, str]:
        """New secrets, shortly before the token that is kept runs out."""
        return oauth.fetch(account) if oauth.is_due(account, RENEW_BEFORE) else {}

    def check(self, account: Account) -> tuple[Check, ...]:
        return (*_check_imap(account), *_check_smtp(account), _check_trust(account))


def _judge(account: Account, posted: Posted | None) -> Judge:
    """Who vouches for senders: the provider that posts this inbox its mail, else our server."""
    provider = incoming(account)
    if provider not in providers.NAMES:
        return partial(authenticate, trusted=setting(account.config, "trusted_authserv"))
    ours = posted is not None and posted.provider == provider
    signers = posted.signers if posted and ours else ()
    return partial(vouched, signers=signers, provider=provider)


def _remarks(posted: Posted | None) -> dict[str, str]:
    """What a teammate should know about how the provider took the mail in."""
    if posted is None:
        return {}
    names = ", ".join(posted.unfetched)
    kept_back = f"{names}: the provider kept it; let its route forward the mail instead of store it"
    remarks = {"spam": posted.spam, "missing": kept_back if names else ""}
    return {name: text for name, text in remarks.items() if text}


def _check_imap(account: Account) -> tuple[Check, ...]:
    if not reads_mailbox(account):
        return (_check_posts(account),)
    folder = setting(account.config, "folder")
    try:
        with imap.signed_in(account) as mailbox:
            if not mailbox.folder.exists(folder):
                return (Check("Reading mail", False, f"The mailbox has no folder {folder!r}."),)
            count = mailbox.folder.status(folder, ["MESSAGES"])["MESSAGES"]
    except OSError as error:
        return (Check("Reading mail", False, str(error)),)
    return (Check("Reading mail", True, f"Signed in; {folder} holds {count} mails."),)


def _check_posts(account: Account) -> Check:
    if account.secrets.get("inbound_secret"):
        return Check("Reading mail", True, "Mail comes in over HTTP.")
    message = "Mail comes in over HTTP, but no secret is set, so that all of it is refused."
    return Check("Reading mail", False, message)


def _check_smtp(account: Account) -> tuple[Check, ...]:
    try:
        server = smtp.connect(account)
    except oauth.SignInRefused as error:
        return (Check("Sending mail", False, str(error)),)
    except smtplib.SMTPAuthenticationError:
        return (Check("Sending mail", False, "The SMTP server refuses the user name or password."),)
    except smtplib.SMTPNotSupportedError as error:
        return (Check("Sending mail", False, f"{error} Choose another SMTP security."),)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        message = f"The SMTP server can't be reached ({type(error).__name__}: {error}). "
        return (Check("Sending mail", False, f"{message}Check server, port and security."),)
    with server:
        return (Check("Sending mail", True, "Signed in."), *_check_reply_address(account, server))


def _check_reply_address(account: Account, server: smtplib.SMTP) -> tuple[Check, ...]:
    if setting(account.config, "plus_addressing") == "off":
        return ()
    address = setting(account.config, "address").lower()
    server.mail(address)
    code, _ = server.rcpt(plus_address("check", address))
    server.rset()
    if code < 400:
        return (Check("Reply address", True, "The server takes mail to name+id@ addresses."),)
    message = "The server refuses name+id@ addresses. Set 'Answers to name+id@ arrive' to off."
    return (Check("Reply address", False, message),)


def _check_trust(account: Account) -> Check:
    if incoming(account) in providers.NAMES:
        return Check(
            "Proof of senders", True, f"{incoming(account).title()}'s DKIM results prove senders."
        )
    trusted = setting(account.config, "trusted_authserv")
    if trusted:
        return Check("Proof of senders", True, f"Results by {trusted} prove a sender's address.")
    message = (
        "No server is trusted, so that no sender counts as proven. Set its name to change that."
    )
    return Check("Proof of senders", True, message)
