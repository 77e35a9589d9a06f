"""Watching mailboxes: new mail is fetched the moment its server announces it.

One thread per inbox, in one process at a time by lease. Polling goes on beside it: whatever ends
a watch only makes mail some seconds slower.
"""

import threading
from time import monotonic
from typing import cast

from connectors.base import Account, Watchable
from core import holder
from core.db import reading, transaction
from core.log import about, log
from delivery import mailboxes
from delivery.accounts import account_of, channel_of
from desk import inboxes

LOOK_AGAIN = 2.0
"""Seconds between looks for inboxes that nobody watches."""
RENEW = 20.0
"""Seconds between renewals of the lease, at which changed settings are noticed, too."""
PAUSE, LONGEST_PAUSE = 2.0, 60.0
"""Seconds before a broken connection is tried again, doubled each time."""
NO_IDLE = 600.0
"""Seconds until a server that can't announce mail is asked again whether it can."""


class Watchers:
    """The watches of this process."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads: dict[str, threading.Thread] = {}

    def run(self) -> None:
        """Watch every mailbox that no other process watches, until stopped."""
        while not self._stop.wait(LOOK_AGAIN if self._threads else 0.2):
            try:
                self._look()
            except Exception:
                log.exception("mailboxes_not_looked_at")

    def stop(self, patience: float = 2.0) -> None:
        """End all watches; a server that doesn't let go in time is left."""
        self._stop.set()
        for thread in list(self._threads.values()):
            thread.join(patience)
        with transaction() as session:
            inboxes.end_claims(session, [holder.this_process()])

    def _look(self) -> None:
        self._threads = {k: thread for k, thread in self._threads.items() if thread.is_alive()}
        for inbox_id in mailboxes.to_poll():
            if inbox_id not in self._threads and _lease(inbox_id):
                name = f"mailbox-{inbox_id}"
                thread = threading.Thread(
                    target=self._watch, args=(inbox_id,), name=name, daemon=True
                )
                self._threads[inbox_id] = thread
                thread.start()

    def _watch(self, inbox_id: str) -> None:
        pause = PAUSE
        with about(inbox=inbox_id):
            while not self._stop.is_set() and _lease(inbox_id):
                try:
                    heard = self._listen(inbox_id)
                    pause = PAUSE if heard else NO_IDLE
                except OSError as wrong:
                    log.warning("watch_broke", error=type(wrong).__name__)
                    pause = min(pause * 2, LONGEST_PAUSE)
                except Exception:
                    log.exception("watch_failed")
                    pause = LONGEST_PAUSE
                self._rest(inbox_id, pause)

    def _listen(self, inbox_id: str) -> bool:
        """Fetch whenever there is news, until the lease or the settings change. False: the server
        can't announce mail."""
        with reading() as session:
            inbox = inboxes.find(session, inbox_id)
        channel, account = cast(Watchable, channel_of(inbox)), account_of(inbox)
        leased = _Leased(inbox_id, account, self._stop)
        heard = False
        for _ in channel.news(account, leased.ended):
            heard = True
            while mailboxes.poll(inbox_id) and not self._stop.is_set():
                pass
        return heard

    def _rest(self, inbox_id: str, seconds: float) -> None:
        """Wait, and stay the one who watches."""
        for _ in range(max(1, round(seconds / RENEW))):
            if self._stop.wait(min(seconds, RENEW)) or not _lease(inbox_id):
                return


class _Leased:
    """Whether a watch should end: asked often, looks into the database seldom."""

    def __init__(self, inbox_id: str, account: Account, stop: threading.Event) -> None:
        self._inbox_id, self._account, self._stop = inbox_id, account, stop
        self._due = monotonic() + RENEW

    def ended(self) -> bool:
        if self._stop.is_set():
            return True
        if monotonic() < self._due:
            return False
        self._due = monotonic() + RENEW
        return not (_lease(self._inbox_id) and self._is_unchanged())

    def _is_unchanged(self) -> bool:
        with reading() as session:
            return _settings(account_of(inboxes.find(session, self._inbox_id))) == _settings(
                self._account
            )


def _settings(account: Account) -> tuple[object, ...]:
    """All but the token, whose renewal doesn't end a connection that is open."""
    secrets = account.secrets
    return account.config, secrets.get("password"), secrets.get("oauth_client_secret")


def _lease(inbox_id: str) -> bool:
    with transaction() as session:
        return inboxes.watch(session, inbox_id, holder.this_process())
