"""A teammate writes first: where the customer has no thread yet, within window and consent."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.clock import now
from core.db import reading, transaction
from core.errors import Conflict, Invalid
from delivery import first_words, outbox
from delivery.first_words import Letter, Offer
from desk import consents, customers, identities, teams
from desk.consents import Purpose
from desk.conversations import Thread
from desk.envelope import DeliveryState
from desk.messages import Message
from desk.teams import Role
from tests.delivery.conftest import Desk

ADA = "+4915112345678"
MAIL = "ada@example.org"
SAID = "said so on the phone"


@pytest.fixture
def ben(desk: Desk) -> str:
    with transaction() as session:
        return teams.add_teammate(
            session, "ben@shop.example", "Ben", "a long password", Role.AGENT
        ).id


def offers(desk: Desk, conversation_id: str | None = None) -> list[Offer]:
    with reading() as session:
        customer = customers.find(session, desk.conversations()[0].customer_id)
        return list(first_words.offers(session, customer, conversation_id))


def write(desk: Desk, by: str, **letter: Any) -> Message:
    with transaction() as session:
        customer = customers.find(session, desk.conversations()[0].customer_id)
        message_id = first_words.write(session, customer, Letter(**letter), by).id
    outbox.send(message_id)
    return desk.message(message_id)


def test_a_known_number_is_written_to_in_a_new_conversation(desk: Desk, ben: str) -> None:
    """The window is the customer's: they wrote a moment ago, in another conversation."""
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    [offer] = offers(desk)
    assert (offer.thread, offer.objection) == (None, "")
    assert offer.free_until is not None
    assert offer.free_until > now()

    sent = write(
        desk, ben, inbox_id=desk.whatsapp.id, identity_id=offer.identity.id, text="Good news."
    )
    assert sent.state == DeliveryState.SENT
    assert len(desk.conversations()) == 2
    assert len(desk.meta.sent) == 1


def test_an_address_that_is_entered_goes_on_in_the_same_conversation(desk: Desk, ben: str) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    [here] = desk.conversations()
    letter = {
        "inbox_id": desk.email.id,
        "address": "Ada@Example.org ",
        "conversation_id": here.id,
        "subject": "Your order",
        "text": "The papers follow by mail.",
        "consent": SAID,
    }
    sent = write(desk, ben, **letter)
    assert (sent.state, sent.conversation_id) == (DeliveryState.SENT, here.id)
    [_, mail] = sorted(offers(desk, here.id), key=lambda one: one.inbox.kind != "whatsapp")
    assert (mail.identity.value, mail.identity.strength) == (MAIL, "claimed")
    assert mail.thread is not None
    assert mail.thread.subject == "Your order"
    with reading() as session:
        [word] = consents.history(session, here.customer_id)
    assert (word.source, word.granted, word.channel) == (SAID, True, "email")


def test_nobody_is_written_to_first_who_has_not_agreed(desk: Desk, ben: str) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    with pytest.raises(Conflict, match="no consent"):
        write(desk, ben, inbox_id=desk.email.id, address=MAIL, subject="Hi", text="Hello")
    assert [one.inbox.kind for one in offers(desk)] == ["whatsapp"]


def test_a_no_is_not_talked_away(desk: Desk, ben: str) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    [offer] = offers(desk)
    with transaction() as session:
        consents.record(
            session,
            offer.identity.customer_id,
            Purpose.SERVICE,
            False,
            source="Asked us to stop.",
            by="customer",
            at=now() + timedelta(seconds=1),
            channel="whatsapp",
        )
    [refused] = offers(desk)
    assert "Asked us to stop." in refused.objection
    assert not refused.asks_consent
    letter = {"inbox_id": desk.whatsapp.id, "identity_id": offer.identity.id}
    with pytest.raises(Conflict, match="Asked us to stop"):
        write(desk, ben, **letter, text="Hello", consent=SAID)


def test_after_the_window_free_text_is_refused_before_it_is_sent(desk: Desk, ben: str) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    with transaction() as session:
        session.execute(update(Thread).values(customer_wrote_at=now() - timedelta(days=2)))
    [offer] = offers(desk)
    assert offer.free_until is not None
    assert offer.free_until < now()
    letter = {"inbox_id": desk.whatsapp.id, "identity_id": offer.identity.id}
    with pytest.raises(Conflict, match="24 hours"):
        write(desk, ben, **letter, text="Hello")
    assert desk.meta.sent == []


def test_an_address_of_somebody_else_is_not_taken_over(desk: Desk, ben: str) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    desk.writes_mail("grace@example.org", "Hello", "It is me.")
    letter = {"inbox_id": desk.email.id, "address": "grace@example.org", "subject": "Hi"}
    with pytest.raises(Conflict, match="another customer's"):
        write(desk, ben, **letter, text="Hello", consent=SAID)
    with reading() as session:
        grace = identities.find(session, "email", "grace@example.org")
        assert grace
        assert grace.customer_id != desk.conversations()[0].customer_id


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [("whatsapp", "0151 1234567", "with its country"), ("email", "ada", "no email address")],
)
def test_what_is_no_address_is_said_to_be_none(
    desk: Desk, ben: str, kind: str, address: str, words: str
) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    inbox = desk.whatsapp if kind == "whatsapp" else desk.email
    with pytest.raises(Invalid, match=words):
        write(desk, ben, inbox_id=inbox.id, address=address, text="Hello", consent=SAID)
