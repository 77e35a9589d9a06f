"""Sending: one mail over SMTP, and an honest word on whether the server has it."""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from connectors.base import Account
from connectors.channels.email import oauth
from connectors.channels.email.settings import TIMEOUT, setting
from desk.envelope import Concerns, DeliveryState, Receipt

_RETRY = 300.0
_RETRY_SOON = 60.0
_PLAIN = {
    "5.1.1": "The recipient's address does not exist.",
    "5.1.2": "The recipient's domain does not exist.",
    "5.1.3": "The recipient's address is not valid.",
    "5.2.2": "The recipient's mailbox is full.",
    "5.3.4": "The mail is too large for the mail server.",
    "5.7.1": "The mail server does not allow this mail.",
}


def send_mail(account: Account, recipient: str, message_id: str, raw: bytes) -> Receipt:
    """Hand `raw` (CRLF line ends) to the account's server. Never raises for what it does."""
    try:
        server = connect(account)
    except smtplib.SMTPAuthenticationError as error:
        words = f"The mail server refuses our sign-in ({_words(error)})."
        return replace(_later(words, error.smtp_code), concerns=Concerns.INBOX)
    except smtplib.SMTPResponseException as error:
        return _later(f"The mail server does not let us in ({_words(error)}).", error.smtp_code)
    except oauth.SignInRefused as error:
        return replace(_later(str(error)), concerns=Concerns.INBOX)
    except (OSError, smtplib.SMTPException) as error:
        return _later(f"The mail server can't be reached ({type(error).__name__}).")
    try:
        return _deliver(server, setting(account.config, "address"), recipient, message_id, raw)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def connect(account: Account) -> smtplib.SMTP:
    """A signed-in connection. Raises OSError or SMTPException."""
    config = account.config
    host, port = setting(config, "smtp_host"), int(setting(config, "smtp_port"))
    security = setting(config, "smtp_security").lower()
    server: smtplib.SMTP
    if security == "ssl":
        context = ssl.create_default_context()
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        server.ehlo_or_helo_if_needed()
        if security not in ("ssl", "none"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if oauth.is_used(account):
            _login_by_token(server, account)
        elif setting(config, "username"):
            server.login(setting(config, "username"), account.secrets.get("password", ""))
    except BaseException:
        server.close()
        raise
    return server


def _login_by_token(server: smtplib.SMTP, account: Account) -> None:
    user = setting(account.config, "username") or setting(account.config, "address")
    first = f"user={user}\1auth=Bearer {oauth.access_token(account)}\1\1"

    def answer(challenge: bytes | None = None) -> str:
        return first if challenge is None else ""  # A challenge is a refusal, to be acknowledged.

    server.auth("XOAUTH2", answer)


def _deliver(
    server: smtplib.SMTP, sender: str, recipient: str, message_id: str, raw: bytes
) -> Receipt:
    try:
        refusal = _announce(server, sender, recipient)
        if refusal:
            return refusal
        server.send(_dotted(raw))
    except (OSError, smtplib.SMTPException):
        return _later("The connection to the mail server broke before it had the mail.")
    return _finish(server, message_id)


def _announce(server: smtplib.SMTP, sender: str, recipient: str) -> Receipt | None:
    """Sender, recipient and DATA; the refusal of the first that the server does not accept."""
    commands: tuple[Callable[[], tuple[int, bytes]], ...] = (
        lambda: server.mail(sender),
        lambda: server.rcpt(recipient),
        lambda: server.docmd("DATA"),
    )
    for command in commands:
        code, reply = command()
        if code not in (250, 251, 252, 354):
            return _refused(code, reply)
    return None


def _dotted(raw: bytes) -> bytes:
    """The mail as the wire wants it: CRLF ends, leading dots doubled, all but the final dot."""
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    return re.sub(rb"(?m)^\.", b"..", raw if raw.endswith(b"\r\n") else raw + b"\r\n")


def _finish(server: smtplib.SMTP, message_id: str) -> Receipt:
    """Send the final dot. Silence after it means that the server may or may not have the mail."""
    try:
        server.send(b".\r\n")
        code, reply = server.getreply()
    except (OSError, smtplib.SMTPException):
        return Receipt(
            DeliveryState.UNKNOWN,
            provider_id=message_id,
            error="The connection broke after the mail was handed over: it may have been sent.",
        )
    if code == 250:
        return Receipt(DeliveryState.SENT, provider_id=message_id)
    return _refused(code, reply)


def _refused(code: int, reply: bytes) -> Receipt:
    reason = _PLAIN.get(_enhanced(reply), "The mail server refused the mail.")
    words = f"{reason} ({code} {_text(reply)})"
    if code < 500:
        soon = code != 421
        return _later(words, code, _RETRY_SOON if soon else _RETRY)
    return Receipt(DeliveryState.FAILED, error_code=_enhanced(reply) or str(code), error=words)


def _later(words: str, code: int = 0, after: float = _RETRY) -> Receipt:
    return Receipt(DeliveryState.FAILED, error_code=str(code or ""), error=words, retry_after=after)


def _enhanced(reply: bytes) -> str:
    found = re.match(rb"[245]\.\d{1,3}\.\d{1,3}", reply)
    return found[0].decode("ascii") if found else ""


def _words(error: smtplib.SMTPResponseException) -> str:
    reply = error.smtp_error
    return f"{error.smtp_code} {_text(reply if isinstance(reply, bytes) else str(reply).encode())}"


def _text(reply: bytes) -> str:
    return " ".join(reply.decode("utf-8", "replace").split())[:300]
