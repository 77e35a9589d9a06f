"""A call is one message: it opens the window and brings a person, unless we made it."""

import itertools
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.db import reading, transaction
from delivery import windows
from delivery.accounts import channel_of
from desk import conversations, teams
from desk.conversations import Thread
from desk.messages import Direction, Message
from escalation import called
from escalation.hand_off import latest
from jobs import messages as jobs
from tests.delivery.conftest import Desk

ADA = "+4915112345678"
ORDERS = sorted(set(itertools.permutations(["connect", "terminate", "terminate"])))


def _call(desk: Desk, event: str, call_id: str = "wacid.1", **more: str) -> None:
    desk.posts(desk.phone(ADA).call(call_id, event, **more))  # type: ignore[arg-type]
    desk.receive_all()


def _window_is_open(desk: Desk) -> bool:
    with reading() as session:
        thread = session.scalars(select(Thread)).one()
        return windows.is_open(channel_of(desk.whatsapp), thread)


def test_a_customers_call_is_one_message_that_opens_the_window(desk: Desk) -> None:
    _call(desk, "connect")
    _call(desk, "terminate", status="COMPLETED", duration="42")

    [message] = desk.messages()
    assert (message.kind, message.direction) == ("call", Direction.IN)
    assert message.details["stage"] == "ended"
    assert message.details["duration"] == "42"
    assert _window_is_open(desk)


def test_a_call_is_handed_to_people_once_and_the_assistant_stays_silent(desk: Desk) -> None:
    _call(desk, "connect")
    [message] = desk.messages()
    jobs.called(message.id)
    jobs.called(message.id)
    _call(desk, "terminate")

    [conversation] = desk.conversations()
    with reading() as session:
        handed = latest(session, conversation.id)
    assert handed is not None
    assert handed.reason == "called"
    assert (conversation.with_person, conversation.turn_due_at) == (True, None)
    assert conversation.queue_id == handed.queue_id
    assert sum("called" in text for text in desk.texts()) == 1


def test_a_call_silences_the_answer_that_was_due(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    before = desk.conversations()[0]
    _call(desk, "connect")

    [after] = desk.conversations()
    assert before.turn_due_at is not None
    assert (after.turn_due_at, after.with_person) == (None, True)
    assert after.revision > before.revision


def test_a_call_to_a_person_who_is_on_it_already_is_only_noted(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Hello")
    with transaction() as session:
        conversation = conversations.lock(session, desk.conversations()[0].id)
        lea = teams.add_teammate(session, "lea@shop.example", "Lea", "a long password")
        conversations.take(session, conversation, lea.id)
    _call(desk, "connect")
    call = next(message for message in desk.messages() if message.kind == "call")
    jobs.called(call.id)

    with reading() as session:
        assert latest(session, conversation.id) is None
    assert desk.texts()[-1] == "The customer called."


@pytest.mark.parametrize("order", ORDERS)
def test_reports_in_any_order_and_twice_end_in_the_same_message(
    desk: Desk, order: tuple[str, ...]
) -> None:
    start = time.time() - 60
    for event in order:
        facts = {"status": "COMPLETED", "duration": "5"} if event == "terminate" else {}
        at = start + 30 * (event == "terminate")
        desk.posts(desk.phone(ADA).call("wacid.1", event, at=at, **facts))
        desk.receive_all()

    [message] = desk.messages()
    assert (message.details["event"], message.details["duration"]) == ("terminate", "5")
    assert abs(message.at.timestamp() - start) < 2


def test_two_calls_are_two_messages(desk: Desk) -> None:
    _call(desk, "connect", "wacid.1")
    _call(desk, "connect", "wacid.2")
    assert [message.provider_id for message in desk.messages()] == ["wacid.1", "wacid.2"]


def test_our_own_call_opens_no_window_and_asks_for_nobody(desk: Desk) -> None:
    for event in ("connect", "terminate"):
        _call(desk, event, direction="BUSINESS_INITIATED")

    [message] = desk.messages()
    [conversation] = desk.conversations()
    assert (message.kind, message.direction) == ("call", Direction.OUT)
    assert not _window_is_open(desk)
    assert not conversation.with_person
    assert conversation.waiting_since is None
    with reading() as session:
        assert called.forgotten(session) == []


def test_a_call_whose_job_was_lost_is_found_by_the_sweeper(desk: Desk) -> None:
    _call(desk, "connect")
    [message] = desk.messages()
    with transaction() as session:
        session.execute(
            update(Message).values(created_at=message.created_at - timedelta(seconds=10))
        )
    with reading() as session:
        assert called.forgotten(session) == [message.id]

    jobs.called(message.id)
    with reading() as session:
        assert called.forgotten(session) == []
