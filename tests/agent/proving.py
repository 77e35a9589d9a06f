"""Customers who prove by a code who they are, and what tests look at."""

import re
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, update

from agent.gather import claim_turn
from agent.turn import Turn
from core.clock import now
from core.db import reading, transaction
from delivery import codes, outbox
from desk import identities
from desk.conversations import Conversation, Thread
from desk.customers import Customer
from desk.envelope import Address, Strength
from desk.messages import Message
from tests.delivery.conftest import Desk, desk

MAIL = "ada@mail.example"
__all__ = ["desk", "shop"]


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """Ada is a customer whom the shop knows by her mail."""
    with transaction() as session:
        ada = Customer(name="Ada Writer", merchant_id="C-1")
        session.add(ada)
        session.flush()
        identities.assign(session, ada, Address("email", MAIL, Strength.SIGNED, "the shop"))
    return desk


def thread_of(shop: Desk, place: int = 0) -> Thread:
    conversation = shop.conversations()[place]
    with reading() as session:
        return session.scalars(
            select(Thread).where(Thread.conversation_id == conversation.id)
        ).one()


def asks_for_code(shop: Desk, place: int = 0) -> str:
    """The two digits shown; whatever is to be sent has been sent."""
    thread = thread_of(shop, place)
    with transaction() as session:
        number = codes.request(session, session.get_one(Thread, thread.id), by="assistant")
        waiting = list(session.scalars(select(Message.id).where(Message.state == "pending")))
    for message_id in waiting:
        outbox.send(message_id)
    return number


def mails(shop: Desk) -> list[str]:
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        .get_body(("plain",))
        .get_content()  # type: ignore[union-attr]
        for path in sorted(p for p in (shop.folder / "sent").rglob("*") if p.is_file())
    ]


def code_in_mail(shop: Desk) -> str:
    found = re.search(r"code is (\d{6})", mails(shop)[-1])
    assert found
    return found.group(1)


def turn_of(shop: Desk, place: int = 0) -> Turn:
    conversation = shop.conversations()[place]
    with transaction() as session:
        session.execute(update(Conversation).values(turn_due_at=now(), turn_claimed_until=None))
    with transaction() as session:
        turn = claim_turn(session, conversation.id)
    assert turn is not None
    return turn


def same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    with reading() as session:
        return identities.customer_of(session, *one) == identities.customer_of(session, *other)
