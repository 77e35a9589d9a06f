"""Several messages of one customer that are received in the same moment, by several threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from core.db import reading, transaction
from delivery import inbound, receive
from desk import customers, recognition
from desk.customers import Customer
from desk.envelope import Address, Strength
from desk.messages import Message
from tests.delivery.conftest import Desk

PHONES = [f"+49151{40_000_000 + number}" for number in range(12)]
AT_ONCE = 4
"""First messages of each."""


def _write_at_once(desk: Desk) -> None:
    for phone in PHONES:
        for number in range(AT_ONCE):
            desk.posts(desk.phone(phone).text(f"question {number}"))
    with reading() as session:
        ids = session.scalars(select(inbound.Event.id).order_by(inbound.Event.id)).all()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(receive.receive, ids))


def _assert_one_conversation_each(desk: Desk) -> None:
    with reading() as session:
        assert session.scalar(select(func.count(Message.id))) == AT_ONCE * len(PHONES)
        assert session.scalar(select(func.count(Customer.id))) == len(PHONES)
    assert len(desk.conversations()) == len(PHONES)


def test_first_messages_of_a_known_customer_open_one_conversation(desk: Desk) -> None:
    with transaction() as session:
        for phone in PHONES:
            ids = (("whatsapp", desk.phone(phone).business_scoped_id), ("phone", phone))
            recognition.recognise(
                session,
                [Address(kind, value, Strength.ASSERTED, "WhatsApp") for kind, value in ids],
            )
    _write_at_once(desk)
    _assert_one_conversation_each(desk)


def test_first_messages_of_a_stranger_make_one_customer_and_one_conversation(desk: Desk) -> None:
    _write_at_once(desk)
    _assert_one_conversation_each(desk)


def test_a_message_waits_for_another_of_the_same_customer(desk: Desk) -> None:
    """So that the second finds the conversation which the first opened."""
    desk.writes_on_whatsapp(PHONES[0], "hello")
    customer_id = desk.conversations()[0].customer_id
    desk.posts(desk.phone(PHONES[0]).text("and another thing"))
    with ThreadPoolExecutor(1) as threads:
        with transaction() as session:
            customers.lock(session, customer_id)
            received = threads.submit(desk.receive_all)
            with pytest.raises(TimeoutError):
                received.result(0.5)
        received.result(20)
    assert desk.texts() == ["hello", "and another thing"]
