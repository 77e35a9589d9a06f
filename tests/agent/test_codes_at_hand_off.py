"""Somebody unproven asks for what is theirs, and a person takes over: proof is one step away."""

import pytest
from sqlalchemy import select, update

from agent import respond
from core.clock import now
from core.db import reading, transaction
from delivery import codes, outbox
from desk import messages
from desk.conversations import Conversation
from desk.inboxes import Inbox, Policy
from desk.messages import Message
from retrieval.library import Library
from tests.agent.proving import MAIL, code_in_mail, desk, mails, same, shop
from tests.delivery.conftest import Desk

__all__ = ["desk", "shop"]


@pytest.fixture
def handed_over(shop: Desk, library: Library) -> Desk:
    """A visitor asked for something private, and the assistant could not answer."""
    with transaction() as session:
        session.execute(update(Inbox).values(policy=Policy.THRESHOLD))
    _asks(shop, f"I am {MAIL}. Where is my order?", library)
    assert shop.conversations()[0].with_person
    return shop


def _asks(shop: Desk, text: str, library: Library) -> None:
    shop.chats("v1", text)
    with transaction() as session:
        session.execute(update(Conversation).values(turn_due_at=now()))
    respond.respond(shop.conversations()[0].id, library)


def _send_all() -> None:
    with reading() as session:
        waiting = session.scalars(select(Message.id).where(Message.state == "pending")).all()
    for message_id in waiting:
        outbox.send(message_id)


def _offer(shop: Desk) -> codes.Offer | None:
    """What the teammate sees."""
    with reading() as session:
        thread = messages.thread_to_answer(session, shop.conversations()[0].id)
        assert thread is not None
        return codes.offer(session, thread)


def test_the_customer_is_offered_a_code_with_the_hand_off(handed_over: Desk) -> None:
    assert "send code" in handed_over.texts()[1]
    assert _offer(handed_over) == codes.Offer("a•••@mail.example", waiting=False)


def test_who_takes_it_up_proves_themselves_while_a_person_has_it(handed_over: Desk) -> None:
    waiting_since = handed_over.conversations()[0].waiting_since
    handed_over.chats("v1", "send code, please")
    _send_all()
    assert _offer(handed_over) == codes.Offer("a•••@mail.example", waiting=True)
    code = code_in_mail(handed_over)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    handed_over.chats("v1", wrong)
    assert "isn't right" in handed_over.texts()[-1]
    handed_over.chats("v1", code)

    conversation = handed_over.conversations()[0]
    told = [text for text in handed_over.texts(conversation) if "right code" in text]
    noted = [text for text in handed_over.texts(conversation) if "by a one-time code" in text]
    assert (len(told), len(noted)) == (1, 1)
    assert same(("visitor", "v1"), ("email", MAIL))
    assert _offer(handed_over) is None
    assert conversation.with_person
    assert conversation.waiting_since == waiting_since


def test_whatever_else_they_write_is_for_the_person(handed_over: Desk) -> None:
    before = len(handed_over.texts())
    handed_over.chats("v1", "No thanks, I'd rather wait.")
    handed_over.chats("v1", "Yes please")
    _send_all()
    assert len(handed_over.texts()) == before + 3, "the offer stands until something else is said"
    handed_over.chats("v1", "send code")
    assert len(handed_over.texts()) == before + 4
    assert len(mails(handed_over)) == 1


def test_who_asks_nothing_private_is_offered_none(shop: Desk, library: Library) -> None:
    _asks(shop, "Do you sell left-handed mugs?", library)
    assert shop.conversations()[0].with_person
    assert "send code" not in shop.texts()[1]


def test_a_proven_customer_needs_none(shop: Desk, library: Library) -> None:
    shop.writes_mail(MAIL, "My order", "Where is my order?")
    assert _offer(shop) is None


def test_a_forged_sender_is_offered_one(shop: Desk) -> None:
    shop.writes_mail(MAIL, "My order", "Where is my order?", forged=True)
    found = _offer(shop)
    assert found is not None
    assert found.to in ("", "a•••@mail.example")
