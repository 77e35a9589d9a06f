"""Reading a mailbox: each mail once, by UIDVALIDITY and UID, flags left as they are.

A cursor is "uidvalidity:uid:date"; the date is the day of the last mail seen, from which reading
goes on when the server numbers its mails anew.
"""

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4, Internaldate2tuple
from time import mktime, monotonic

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from connectors.base import Account, Fetched
from connectors.channels.email import oauth
from connectors.channels.email.mime import ascii_compatible, event_id
from connectors.channels.email.settings import TIMEOUT, setting
from desk.envelope import RawEvent

STARTED = "mailbox:"
"""Prefix of the event id that marks where reading a mailbox began."""

_AT_ONCE = 50
_IDLE_FOR = 9 * 60
"""Seconds of one IDLE. Servers allow 29 minutes; routers forget a silent connection sooner."""
_SLICE = 0.5
"""Seconds between two questions whether to go on listening."""


class MailboxUnreachable(OSError):
    """The mailbox can't be read now; the message says why and what to do."""


def read_new(account: Account, cursor: str) -> tuple[Fetched, ...]:
    """Up to 50 mails after `cursor`, oldest first; at first only the mark where reading begins."""
    with signed_in(account) as mailbox:
        folder = setting(account.config, "folder")
        status = mailbox.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
        mailbox.folder.set(folder, readonly=True)
        validity = status["UIDVALIDITY"]
        if not cursor:
            return (_start(validity, status["UIDNEXT"] - 1),)
        known_validity, uid, day = _parts(cursor)
        if known_validity == validity:
            uids = _uids(mailbox, f"UID {uid + 1}:*")
            uids = [found for found in uids if found > uid]
        else:
            uids = _uids(mailbox, f"SINCE {day - timedelta(days=1):%d-%b-%Y}")
        fetched = (_fetch(mailbox, validity, found) for found in uids[:_AT_ONCE])
        return tuple(item for item in fetched if item)


def news(account: Account, ended: Callable[[], bool]) -> Iterator[None]:
    """An item whenever the server announces mail, and one each time listening begins anew: what
    came in between is found so. No item where the server has no IDLE."""
    with signed_in(account) as mailbox:
        mailbox.folder.set(setting(account.config, "folder"), readonly=True)
        if b"IDLE" not in b" ".join(mailbox.client.capability()[1]).upper().split():
            return
        while not ended():
            with mailbox.idle:
                yield
                yield from _announcements(mailbox, ended)


def _announcements(mailbox: BaseMailBox, ended: Callable[[], bool]) -> Iterator[None]:
    until = monotonic() + _IDLE_FOR
    while not ended() and monotonic() < until:
        began = monotonic()
        lines = mailbox.idle.poll(_SLICE)
        if any(b"EXISTS" in line for line in lines):
            yield
        elif not lines and monotonic() - began < _SLICE / 2:
            return  # Readable, yet nothing to read: leaving IDLE tells whether the server is gone.


@contextmanager
def signed_in(account: Account) -> Iterator[BaseMailBox]:
    """An open, signed-in mailbox. Raises MailboxUnreachable."""
    try:
        mailbox = _open(account)
    except (OSError, IMAP4.error, ValueError) as error:
        raise MailboxUnreachable(
            f"The IMAP server can't be reached ({type(error).__name__}: {error}). "
            "Check server, port and security."
        ) from error
    try:
        _login(mailbox, account)
        yield mailbox
    except (IMAP4.error, ImapToolsError) as error:
        raise MailboxUnreachable(f"The IMAP server refuses: {error}") from error
    finally:
        _close(mailbox)


def _open(account: Account) -> BaseMailBox:
    config = account.config
    host, port = setting(config, "imap_host"), int(setting(config, "imap_port"))
    security = setting(config, "imap_security").lower()
    if security == "none":
        return MailBoxUnencrypted(host, port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    if security == "starttls":
        return MailBoxStartTls(host, port, timeout=TIMEOUT, ssl_context=context)
    return MailBox(host, port, timeout=TIMEOUT, ssl_context=context)


def _login(mailbox: BaseMailBox, account: Account) -> None:
    user = setting(account.config, "username") or setting(account.config, "address")
    if oauth.is_used(account):
        return _login_by_token(mailbox, user, oauth.access_token(account))
    try:
        mailbox.login(user, account.secrets.get("password", ""), initial_folder=None)
    except (IMAP4.error, ImapToolsError) as error:
        raise MailboxUnreachable(
            "The IMAP server refuses the user name or password. "
            "Some providers need an app password."
        ) from error


def _login_by_token(mailbox: BaseMailBox, user: str, token: str) -> None:
    try:
        mailbox.xoauth2(user, token, initial_folder=None)
    except (IMAP4.error, ImapToolsError) as error:
        raise MailboxUnreachable(
            "The IMAP server refuses the token. Check the user name, and that the sign-in allows "
            "reading mail."
        ) from error


def _close(mailbox: BaseMailBox) -> None:
    try:
        mailbox.client.logout()
    except (OSError, IMAP4.error):
        mailbox.client.shutdown()


def _start(validity: int, highest: int) -> Fetched:
    now = datetime.now(UTC)
    cursor = f"{validity}:{highest}:{now:%Y-%m-%d}"
    return Fetched(RawEvent(id=f"{STARTED}{validity}:{highest}", body=""), cursor, now)


def _parts(cursor: str) -> tuple[int, int, datetime]:
    validity, uid, *day = cursor.split(":")
    since = datetime.fromisoformat(day[0]) if day else datetime.now() - timedelta(days=7)
    return int(validity), int(uid), since


def _uids(mailbox: BaseMailBox, criteria: str) -> list[int]:
    return sorted(int(uid) for uid in mailbox.uids(criteria))


def _fetch(mailbox: BaseMailBox, validity: int, uid: int) -> Fetched | None:
    """One mail by UID, None when it was deleted meanwhile."""
    answer, data = mailbox.client.uid("fetch", str(uid), "(UID INTERNALDATE BODY.PEEK[])")
    if answer != "OK":
        raise MailboxUnreachable(f"The IMAP server does not hand out mail {uid}.")
    found = next((part for part in data if isinstance(part, tuple) and len(part) >= 2), None)
    if found is None:
        return None
    received = _internal_date(bytes(found[0]))
    raw = bytes(found[1])
    cursor = f"{validity}:{uid}:{received:%Y-%m-%d}"
    return Fetched(as_event(raw), cursor, received)


def as_event(raw: bytes) -> RawEvent:
    """A raw mail as an event, without NUL bytes, which mail may not and databases don't hold."""
    raw = ascii_compatible(raw)
    return RawEvent(id=event_id(raw), body=raw.replace(b"\0", b"").decode("latin-1"))


def _internal_date(answer: bytes) -> datetime:
    if re.search(rb"INTERNALDATE", answer):
        parsed = Internaldate2tuple(answer)
        if parsed:
            return datetime.fromtimestamp(mktime(parsed), UTC)
    return datetime.now(UTC)
