"""What somebody who wants another's business might try with one-time codes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from connectors.simulator.mail_customer import signed_headers
from core.clock import now
from core.db import reading, transaction
from delivery import codes
from delivery.inbound import Event
from desk import inboxes, proofs
from desk.conversations import Thread
from desk.messages import Message
from desk.proofs import ProofRequest
from tests.agent.proving import (
    MAIL,
    asks_for_code,
    code_in_mail,
    desk,
    mails,
    same,
    shop,
    thread_of,
    turn_of,
)
from tests.delivery.conftest import TRUSTED, Desk

__all__ = ["desk", "shop"]


def _wrong(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 1_000_000:06d}"


def _guess(thread_id: str, text: str) -> bool:
    """One guess, in a transaction of its own as each message is."""
    with transaction() as session:
        tried = codes.typed(session, session.get_one(Thread, thread_id), text)
    return bool(tried and tried.right)


def test_guesses_at_once_are_no_more_than_guesses_in_a_row(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    code, thread = code_in_mail(shop), thread_of(shop)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda by: _guess(thread.id, _wrong(code, by)), range(1, 13)))
    with reading() as session:
        assert session.scalars(select(ProofRequest)).one().tries == proofs.MOST_TRIES
    assert not _guess(thread.id, code)


def test_the_right_code_sent_many_times_at_once_is_taken_once(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    code, thread = code_in_mail(shop), thread_of(shop)
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda _: _guess(thread.id, code), range(6)))
    assert taken.count(True) == 1


def test_many_codes_in_one_message_are_one_guess(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    code = code_in_mail(shop)
    shop.chats("v1", f"{_wrong(code)} {code}")
    assert turn_of(shop).code == "wrong"
    assert not same(("visitor", "v1"), ("email", MAIL))


def test_a_code_is_worth_nothing_in_another_conversation(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    shop.chats("v2", code_in_mail(shop))
    shop.writes_mail("bo@mail.example", "Code", code_in_mail(shop))
    assert not same(("visitor", "v2"), ("email", MAIL))
    assert not same(("email", "bo@mail.example"), ("email", MAIL))


def test_a_newer_code_ends_the_older(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    older = code_in_mail(shop)
    asks_for_code(shop)
    shop.chats("v1", older)
    assert not same(("visitor", "v1"), ("email", MAIL))
    shop.chats("v1", code_in_mail(shop))
    assert same(("visitor", "v1"), ("email", MAIL))


def test_asking_at_once_sends_no_more_than_asking_in_a_row(shop: Desk) -> None:
    for visitor in range(8):
        shop.chats(f"v{visitor}", f"I am {MAIL}")
    with reading() as session:
        threads = session.scalars(select(Thread.id)).all()

    def ask(thread_id: str) -> None:
        with transaction() as session:
            codes.request(session, session.get_one(Thread, thread_id), by="assistant")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, threads))
    with reading() as session:
        sent = select(func.count(Message.id)).where(Message.text.contains("Your code is"))
        assert session.scalar(sent) == proofs.MOST_TO_ADDRESS


def test_an_address_that_gets_no_more_codes_answers_like_one_that_does_not_exist(
    shop: Desk,
) -> None:
    for visitor in range(proofs.MOST_TO_ADDRESS + 1):
        shop.chats(f"v{visitor}", f"I am {MAIL}")
        asks_for_code(shop, visitor if visitor == 0 else -1)
    shop.chats("unknown", "I am nobody@mail.example")
    asks_for_code(shop, -1)
    assert len(mails(shop)) == proofs.MOST_TO_ADDRESS
    for name in (f"v{proofs.MOST_TO_ADDRESS}", "unknown"):
        shop.chats(name, "000 000")
    places = [place for place, row in enumerate(shop.conversations()) if row.turn_due_at]
    answers = [turn_of(shop, place).code for place in places[-2:]]
    assert answers == ["wrong", "wrong"]


def test_the_same_work_is_looked_up_for_an_address_that_exists_and_one_that_does_not(
    shop: Desk,
) -> None:
    """The row that waits for a code, its tries and its end are the same."""
    shop.chats("known", f"I am {MAIL}")
    asks_for_code(shop)
    shop.chats("unknown", "I am nobody@mail.example")
    asks_for_code(shop, -1)
    with reading() as session:
        rows = session.scalars(select(ProofRequest).order_by(ProofRequest.id)).all()
        seen = [(bool(row.target_id), row.tries, row.closed_at) for row in rows]
    assert seen == [(True, 0, None), (False, 0, None)]
    for _ in range(proofs.MOST_TRIES):
        shop.chats("known", _wrong(code_in_mail(shop)))
        shop.chats("unknown", "123 456")
    with reading() as session:
        rows = session.scalars(select(ProofRequest).order_by(ProofRequest.id)).all()
        assert [row.tries for row in rows] == [proofs.MOST_TRIES] * 2
        assert all(row.closed_at for row in rows)


@pytest.mark.parametrize("right", [True, False])
def test_a_typed_code_stays_in_no_event(shop: Desk, right: bool) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    code = code_in_mail(shop)
    typed = code if right else _wrong(code)
    shop.chats("v1", f"it is {typed[:3]} {typed[3:]}")
    with reading() as session:
        bodies = session.scalars(select(Event.body)).all()
    assert sorted(bool(body) for body in bodies) == [False, True]


def test_a_code_in_a_mail_stays_in_none_of_the_mailboxes_it_went_to(shop: Desk) -> None:
    shop.writes_mail("bo@mail.example", "Hi", f"I am {MAIL}")
    asks_for_code(shop)
    code = code_in_mail(shop)
    raw = shop.writes_mail("bo@mail.example", "Hi", f"süß: {code}", html=f"<p>{code}</p>")
    with transaction() as session:
        other = inboxes.open_inbox(
            session,
            "email",
            "Sales",
            config={"address": "sales@shop.example", "trusted_authserv": TRUSTED},
            secrets={"inbound_secret": "inbound-secret"},
        )
    shop.post(other, raw, signed_headers(raw, "inbound-secret"))
    shop.receive_all()
    with reading() as session:
        bodies = [event.body for event in session.scalars(select(Event))]
    assert [bool(body) for body in bodies].count(False) == 2
    assert same(("email", "bo@mail.example"), ("email", MAIL))


def test_a_link_outlives_neither_its_time_nor_its_code(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    number = asks_for_code(shop)
    with transaction() as session:
        row = session.scalars(select(ProofRequest)).one()
        token = proofs.link_token(row)
        assert proofs.of_link(session, token) is row
        assert proofs.of_link(session, token.replace(row.id, "0" * len(row.id))) is None
        session.execute(update(ProofRequest).values(expires_at=now()))
    with transaction() as session:
        assert proofs.of_link(session, token) is None
        assert len(number) == 2
