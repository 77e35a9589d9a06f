"""A mailbox is watched: real mail is in the desk at once, without a poll in between."""

import threading
from collections.abc import Iterator
from email.message import EmailMessage
from time import monotonic

import pytest
from sqlalchemy import func, select

from core.db import reading, transaction
from core.settings import Settings
from delivery import inbound, mailboxes
from delivery.watching import Watchers
from desk import inboxes
from desk.inboxes import Inbox
from tests.lab.mail import MailLab, mail_lab, wait_for

__all__ = ["mail_lab"]


@pytest.fixture
def support(installation: Settings, mail_lab: MailLab) -> Inbox:
    account = mail_lab.account()
    with transaction() as session:
        inbox = inboxes.open_inbox(
            session, "email", "Support", config=dict(account.config), secrets=account.secrets
        )
    mailboxes.poll(inbox.id)
    return inbox


@pytest.fixture
def watchers(support: Inbox) -> Iterator[Watchers]:
    watchers = Watchers()
    thread = threading.Thread(target=watchers.run)
    thread.start()
    wait_for(lambda: _inbox(support).watched_by, "somebody to watch")
    yield watchers
    watchers.stop()
    thread.join()


def _inbox(inbox: Inbox) -> Inbox:
    with reading() as session:
        return inboxes.find(session, inbox.id)


def _write(lab: MailLab, number: int) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"] = "ana@client.test", "support@shop.test"
    letter["Message-ID"] = f"<watched-{number}@client.test>"
    letter.set_content("Hello?")
    lab.deliver(letter.as_bytes(), "ana@client.test", "support@shop.test")


def _stored(number: int) -> int:
    with reading() as session:
        wanted = inbound.Event.provider_id == f"<watched-{number}@client.test>"
        return session.scalar(select(func.count()).where(wanted)) or 0


@pytest.mark.usefixtures("watchers")
def test_new_mail_is_here_at_once(support: Inbox, mail_lab: MailLab) -> None:
    for number in range(3):
        _write(mail_lab, number)
        wait_for(lambda number=number: _stored(number), "the mail")  # type: ignore[misc]
    assert [_stored(number) for number in range(3)] == [1, 1, 1]


@pytest.mark.usefixtures("watchers")
def test_a_watch_outlives_its_server(support: Inbox, mail_lab: MailLab) -> None:
    mail_lab.stop_mailboxes()
    _write(mail_lab, 10)
    mail_lab.start_mailboxes()
    mail_lab.retry_queued()
    wait_for(lambda: _stored(10), "the mail that came meanwhile")
    _write(mail_lab, 11)
    wait_for(lambda: _stored(11), "the next mail")


def test_only_one_process_watches_and_another_goes_on_when_it_ends(
    support: Inbox, watchers: Watchers
) -> None:
    with transaction() as session:
        assert not inboxes.watch(session, support.id, "another process")
    began = monotonic()
    watchers.stop()
    assert monotonic() - began < 5
    with transaction() as session:
        assert inboxes.watch(session, support.id, "another process")
        assert not inboxes.watch(session, support.id, "a third")
        inboxes.end_claims(session, ["another process"])
        assert inboxes.watch(session, support.id, "a third")


def test_an_inbox_switched_off_is_watched_by_nobody(support: Inbox) -> None:
    with transaction() as session:
        inboxes.find(session, support.id).enabled = False
    with transaction() as session:
        assert not inboxes.watch(session, support.id, "somebody")
