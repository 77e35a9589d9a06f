"""What is wrong with inboxes is told to people, and no more once it is mended."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from connectors.simulator.faults import Fault
from core.clock import now
from core.db import reading, transaction
from delivery import holds, outbox, trouble
from delivery.holds import Hold
from delivery.trouble import What
from desk import conversations, inboxes, messages
from desk.messages import Author
from tests.delivery.conftest import Desk

ADA = "+4915112345678"


def troubles() -> list[trouble.Trouble]:
    with reading() as session:
        return trouble.troubles(session)


def answer(desk: Desk) -> str:
    """An answer that is about to be sent."""
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    with transaction() as session:
        conversation = conversations.lock(session, desk.conversations()[0].id)
        thread = messages.thread_to_answer(session, conversation.id)
        assert thread is not None
        return messages.write(
            session, conversation, thread, "On its way.", author=Author.ASSISTANT
        ).id


def test_where_nothing_is_wrong_nothing_is_told(desk: Desk) -> None:
    assert troubles() == []


def test_a_refused_token_is_told_with_what_waits_until_it_works_again(desk: Desk) -> None:
    message = answer(desk)
    desk.meta.faults.append(Fault(status=401, code=190))
    outbox.send(message)
    [wrong] = troubles()
    assert (wrong.inbox.id, wrong.what, wrong.waiting) == (desk.whatsapp.id, What.BROKEN, 1)
    assert "token has expired" in wrong.words
    assert wrong.since is not None
    assert now() - wrong.since < timedelta(minutes=1)

    with transaction() as session:
        holds.mended(session, desk.whatsapp.id)
    outbox.send(message)
    assert troubles() == []


def test_a_provider_that_slows_us_down_is_told_after_a_minute(desk: Desk) -> None:
    message = answer(desk)
    desk.meta.faults.append(Fault(status=400, code=4, retry_after="30"))
    outbox.send(message)
    assert troubles() == []

    with transaction() as session:
        session.execute(update(Hold).values(refused_since=now() - timedelta(minutes=2)))
    [wrong] = troubles()
    assert wrong.what == What.HELD
    assert wrong.words.startswith("The provider holds messages back. ")

    with transaction() as session:
        holds.mended(session, desk.whatsapp.id)
    outbox.send(message)
    assert troubles() == []


@pytest.mark.parametrize(("days", "told"), [(13, True), (15, False)])
def test_a_token_that_runs_out_is_told_two_weeks_before(desk: Desk, days: int, told: bool) -> None:
    with transaction() as session:
        inbox = inboxes.find(session, desk.whatsapp.id)
        inbox.token_expires_at = now() + timedelta(days=days)
    assert [one.what for one in troubles()] == [What.TOKEN] * told


def test_an_inbox_that_is_off_troubles_nobody(desk: Desk) -> None:
    with transaction() as session:
        inboxes.mark_broken(session, desk.email.id, "The IMAP server can't be reached.")
        inboxes.find(session, desk.email.id).enabled = False
    assert troubles() == []
