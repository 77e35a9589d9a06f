"""While the assistant thinks the customer sees it; tokens that run out are told in time."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.simulator.faults import Fault
from core.clock import now
from core.db import reading, transaction
from core.events import LogEntry
from delivery import tokens, trial, typing
from desk import inboxes
from desk.envelope import Address
from tests.delivery.conftest import Desk

ADA = "+4915112345678"


def test_the_customers_message_is_read_and_an_answer_is_shown_coming(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    [asked] = desk.messages()
    with transaction() as session:
        row = session.get_one(type(asked), asked.id)
        row.provider_id = "wamid.Q"
    typing.show(desk.conversations()[0].id)

    [shown] = desk.meta.marked_read
    assert shown["message_id"] == "wamid.Q"
    assert shown["typing_indicator"] == {"type": "text"}
    assert desk.meta.sent == []


def test_an_indicator_that_cannot_be_shown_fails_nothing(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    for fault in (Fault(status=500), Fault(drop=True), Fault(status=401, code=190)):
        desk.meta.action_faults.append(fault)
        typing.show(desk.conversations()[0].id)
    assert desk.meta.marked_read == []


def test_a_channel_without_an_indicator_shows_none(desk: Desk) -> None:
    desk.writes_mail("ada@example.org", "Hello", "Where is it?")
    typing.show(desk.conversations()[0].id)


@pytest.mark.parametrize(("days", "warned"), [(13, True), (15, False)])
def test_two_weeks_before_a_token_runs_out_people_are_warned(
    desk: Desk, days: int, warned: bool
) -> None:
    desk.meta.token_expires_at = time.time() + timedelta(days=days).total_seconds()
    for _ in range(2):
        tokens.look(desk.whatsapp.id)
    with reading() as session:
        inbox = inboxes.find(session, desk.whatsapp.id)
        told = session.scalars(
            select(LogEntry.name).where(LogEntry.name == "inbox.token_ends")
        ).all()
    assert bool(tokens.warning(inbox)) is warned
    assert len(told) == int(warned)


def test_a_system_users_token_never_runs_out(desk: Desk) -> None:
    tokens.look(desk.whatsapp.id)
    with reading() as session:
        assert inboxes.find(session, desk.whatsapp.id).token_expires_at is None


def test_a_token_that_has_run_out_is_said_to_have(desk: Desk) -> None:
    with transaction() as session:
        inbox = inboxes.find(session, desk.whatsapp.id)
        inbox.token_expires_at = now() - timedelta(days=1)
    assert "has run out" in tokens.warning(inbox)


def test_whatsapp_is_among_those_whose_token_is_looked_at(desk: Desk) -> None:
    assert desk.whatsapp.id in tokens.expiring()
    assert desk.email.id not in tokens.expiring()


def test_a_trial_says_what_was_sent_and_that_nothing_came_back(desk: Desk) -> None:
    sent, heard = trial.send_and_wait(desk.whatsapp, Address("phone", ADA), seconds=0.5)
    assert sent.ok
    assert not heard.ok
    assert "webhook address" in heard.message


def test_a_trial_that_is_refused_says_why(desk: Desk) -> None:
    desk.meta.faults.append(Fault(status=401, code=190))
    [sent] = trial.send_and_wait(desk.whatsapp, Address("phone", ADA), seconds=0.5)
    assert not sent.ok
    assert "token has expired" in sent.message


def test_a_trial_hears_back_through_the_webhook(desk: Desk) -> None:
    """The provider's report arrives while the trial waits."""
    found: list[bool] = []
    waiting = threading.Thread(
        target=lambda: found.extend(
            check.ok
            for check in trial.send_and_wait(desk.whatsapp, Address("phone", ADA), seconds=20)
        )
    )
    waiting.start()
    while not desk.meta.sent:
        time.sleep(0.01)
    desk.post(desk.whatsapp, *_report(desk))
    waiting.join(30)
    assert found == [True, True]


def _report(desk: Desk) -> tuple[bytes, dict[str, str]]:
    post = desk.meta.report(desk.meta.sent[0], "delivered")
    return post.body, post.headers
