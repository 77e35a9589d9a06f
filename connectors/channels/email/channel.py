"""Email: read over IMAP or HTTP, sent over SMTP."""

import smtplib
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connectors.base import Account, Check, Fetched, Field, Norms, Request
from connectors.channels.email import imap, smtp
from connectors.channels.email.envelopes import envelope
from connectors.channels.email.mime import parse
from connectors.channels.email.render import plus_address, render
from connectors.channels.email.settings import FIELDS, setting
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


class EmailChannel:
    """The email channel and its mailbox."""

    kind: str = "email"
    name: str = "Email"
    fields: tuple[Field, ...] = FIELDS
    norms: Norms = Norms(
        text_limit=100_000, tone="formal", shows_links=True, turn_wait=timedelta(seconds=10)
    )
    window: timedelta | None = None
    idempotent: bool = False
    streams: bool = False

    def handshake(self, account: Account, request: Request) -> str | None:
        """Mail has no subscription check."""
        return None

    def is_authentic(self, account: Account, request: Request) -> bool:
        secret = account.secrets.get("inbound_secret", "")
        return is_signed(secret, request.body, request.headers, time.time())

    def split(self, request: Request) -> Batch:
        """A body is one raw mail."""
        if not request.body.strip():
            return Batch(dead_letters=(DeadLetter("The body is empty; raw mail is expected.", ""),))
        return Batch(events=(imap.as_event(request.body),))

    def read(self, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
        if event.id.startswith(imap.STARTED):
            text = "Reading of the mailbox starts here."
            return (Envelope(event.id, Kind.ACCOUNT, datetime.now(UTC), text=text),)
        mail = parse(event.body.encode("latin-1", "replace"))
        if not mail.headers:
            raise ValueError("This is no mail: it has no headers.")
        own = setting(account.config, "address").lower()
        return (envelope(mail, own, setting(account.config, "trusted_authserv")),)

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
        if not setting(account.config, "imap_host"):
            return ()
        return imap.read_new(account, cursor)

    def check(self, account: Account) -> tuple[Check, ...]:
        return (*_check_imap(account), *_check_smtp(account), _check_trust(account))


def _check_imap(account: Account) -> tuple[Check, ...]:
    if not setting(account.config, "imap_host"):
        return (Check("Reading mail", True, "No IMAP server is set: mail comes in over HTTP."),)
    folder = setting(account.config, "folder")
    try:
        with imap.signed_in(account) as mailbox:
            if not mailbox.folder.exists(folder):
                return (Check("Reading mail", False, f"The mailbox has no folder {folder!r}."),)
            count = mailbox.folder.status(folder, ["MESSAGES"])["MESSAGES"]
    except OSError as error:
        return (Check("Reading mail", False, str(error)),)
    return (Check("Reading mail", True, f"Signed in; {folder} holds {count} mails."),)


def _check_smtp(account: Account) -> tuple[Check, ...]:
    try:
        server = smtp.connect(account)
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
    trusted = setting(account.config, "trusted_authserv")
    if trusted:
        return Check("Proof of senders", True, f"Results by {trusted} prove a sender's address.")
    message = (
        "No server is trusted, so that no sender counts as proven. Set its name to change that."
    )
    return Check("Proof of senders", True, message)
