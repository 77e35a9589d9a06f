"""Codes that go to a phone: by text or WhatsApp, whichever reaches it."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from connectors.simulator.twilio import FakeTwilio
from core.clock import now
from core.db import reading, transaction
from core.settings import Settings
from delivery import codes
from desk import identities, inboxes
from desk.conversations import Thread
from desk.customers import Customer
from desk.envelope import Address, Strength
from desk.messages import Message
from tests.agent.proving import asks_for_code, desk, mails, same, turn_of
from tests.delivery.conftest import Desk

PHONE = "+4915112345678"
__all__ = ["desk"]


@pytest.fixture
def known(desk: Desk) -> Desk:
    """Ada is a customer whom the shop knows by her phone."""
    with transaction() as session:
        ada = Customer(name="Ada Writer", merchant_id="C-1")
        session.add(ada)
        session.flush()
        identities.assign(session, ada, Address("phone", PHONE, Strength.SIGNED, "the shop"))
    return desk


@pytest.fixture
def texts(known: Desk, installation: Settings) -> Iterator[FakeTwilio]:
    """The shop sends texts, too."""
    with FakeTwilio(statuses=()) as twilio:
        config = {"account_sid": twilio.account_sid, "number": twilio.number}
        config["api_base"] = twilio.base_url
        with transaction() as session:
            inboxes.open_inbox(
                session, "sms", "Texts", config=config, secrets={"auth_token": twilio.auth_token}
            )
        yield twilio


def _code(text: str) -> str:
    found = re.search(r"code is (\d{6})", text)
    assert found
    return found.group(1)


def test_a_code_goes_out_as_a_text(known: Desk, texts: FakeTwilio) -> None:
    known.chats("v1", f"My number is {PHONE}. Where is my order?")
    asks_for_code(known)
    (sent,) = texts.sent
    assert sent.value("To") == PHONE
    known.chats("v1", _code(sent.value("Body")))

    assert turn_of(known).proof == Strength.VERIFIED
    assert same(("visitor", "v1"), ("phone", PHONE))


def test_a_number_that_is_not_on_record_gets_no_text(known: Desk, texts: FakeTwilio) -> None:
    known.chats("v1", "My number is +4915187654321. Where is my order?")
    assert re.fullmatch(r"\d\d", asks_for_code(known))
    assert texts.sent == []


def test_a_code_goes_to_whatsapp_while_its_window_is_open(known: Desk) -> None:
    known.writes_on_whatsapp(PHONE, "Do you ship to Norway?")
    known.chats("v1", f"My number is {PHONE}. Where is my order?")
    asks_for_code(known, -1)
    (sent,) = known.meta.sent
    known.chats("v1", _code(sent.payload["text"]["body"]))

    assert turn_of(known, -1).proof == Strength.VERIFIED
    assert same(("visitor", "v1"), ("phone", PHONE))


def test_once_the_window_is_closed_whatsapp_gets_none_and_nobody_can_tell(known: Desk) -> None:
    known.writes_on_whatsapp(PHONE, "Do you ship to Norway?")
    with transaction() as session:
        old = now().replace(year=now().year - 1)
        session.execute(update(Thread).values(customer_wrote_at=old))
    known.chats("v1", f"My number is {PHONE}. Where is my order?")
    assert re.fullmatch(r"\d\d", asks_for_code(known, -1))
    assert known.meta.sent == []
    assert mails(known) == []


def test_a_number_that_two_people_share_gets_no_code(known: Desk, texts: FakeTwilio) -> None:
    with transaction() as session:
        row = identities.find(session, "phone", PHONE)
        assert row is not None
        row.shared = True
    known.chats("v1", f"My number is {PHONE}. Where is my order?")
    asks_for_code(known)
    assert texts.sent == []


def test_what_is_kept_of_a_text_hides_the_code(known: Desk, texts: FakeTwilio) -> None:
    known.chats("v1", f"My number is {PHONE}.")
    asks_for_code(known)
    code = _code(texts.sent[0].value("Body"))
    with reading() as session:
        kept = session.scalars(select(Message.text)).all()
    assert any(codes.HIDDEN in text for text in kept)
    assert not any(code in text for text in kept)
