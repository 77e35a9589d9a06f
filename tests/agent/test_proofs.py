"""A code to an address on record: who gets it, what it opens, and what it never tells."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from api.app import create_app
from core.clock import now
from core.db import reading, transaction
from delivery import codes
from delivery.wants_code import wants_code
from desk import customers, merges, proofs, suggestions
from desk.envelope import Strength
from desk.messages import Message
from desk.proofs import ProofRequest
from tests.agent.proving import MAIL, asks_for_code, code_in_mail, desk, mails, same, shop, turn_of
from tests.delivery.conftest import Desk

__all__ = ["desk", "shop"]


def test_the_right_code_raises_the_thread_and_joins_the_visitor(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}. Where is my order?")
    assert turn_of(shop).proof == Strength.OBSERVED
    asks_for_code(shop)
    shop.chats("v1", f"here: {code_in_mail(shop)}")

    turn = turn_of(shop)
    assert turn.proof == Strength.VERIFIED
    assert turn.code == "right"
    assert turn.customer_name == "Ada Writer"
    assert same(("visitor", "v1"), ("email", MAIL))


def test_the_code_stands_nowhere_in_our_records(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    code = code_in_mail(shop)
    shop.chats("v1", f"the code is {code[:3]} {code[3:]}!")

    with reading() as session:
        for message in session.scalars(select(Message)):
            digits = re.sub(r"\D", "", f"{message.text} {message.html} {message.quoted}")
            assert code not in digits
    assert any(codes.HIDDEN in text for text in shop.texts())


def test_the_proof_ends_with_its_session(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    shop.chats("v1", code_in_mail(shop))
    with transaction() as session:
        session.execute(update(ProofRequest).values(raised_until=now() - timedelta(seconds=1)))
    shop.chats("v1", "And what else did I order?")

    turn = turn_of(shop)
    assert turn.proof == Strength.OBSERVED
    assert turn.customer_name == ""


def test_a_code_works_once(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    code = code_in_mail(shop)
    shop.chats("v1", code)
    shop.chats("v2", code)
    shop.chats("v1", f"again {code}")

    assert not same(("visitor", "v2"), ("email", MAIL))
    with reading() as session:
        assert session.scalars(select(ProofRequest)).one().tries == 1


def test_five_wrong_tries_end_it(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    code = code_in_mail(shop)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(proofs.MOST_TRIES):
        shop.chats("v1", wrong)
        assert turn_of(shop).code == "wrong"
    shop.chats("v1", code)

    assert turn_of(shop).proof == Strength.OBSERVED
    assert not same(("visitor", "v1"), ("email", MAIL))


def test_a_late_code_proves_nothing(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    with transaction() as session:
        session.execute(update(ProofRequest).values(expires_at=now()))
    shop.chats("v1", code_in_mail(shop))

    assert turn_of(shop).proof == Strength.OBSERVED


def test_nobody_can_tell_whether_an_address_exists(shop: Desk) -> None:
    shop.chats("known", f"I am {MAIL}")
    shop.chats("unknown", "I am nobody@mail.example")
    numbers = [asks_for_code(shop, 0), asks_for_code(shop, 1)]

    assert all(re.fullmatch(r"\d\d", number) for number in numbers)
    assert len(mails(shop)) == 1
    shop.chats("known", "000 000")
    shop.chats("unknown", "000 000")
    assert turn_of(shop, 0).code == turn_of(shop, 1).code == "wrong"


def test_a_flood_of_requests_sends_a_few_codes(shop: Desk) -> None:
    for visitor in range(8):
        shop.chats(f"v{visitor}", f"I am {MAIL}")
    for place in range(8):
        asks_for_code(shop, [c.subject for c in shop.conversations()].index("") + place)
    assert len(mails(shop)) == proofs.MOST_TO_ADDRESS


def test_a_code_sent_to_a_mail_does_not_give_away_a_forged_sender(shop: Desk) -> None:
    shop.writes_mail("bo@mail.example", "Hello", f"I am {MAIL}", forged=True)
    asks_for_code(shop)
    shop.writes_mail("bo@mail.example", "Hello", f"{code_in_mail(shop)}", forged=True)

    assert not same(("email", "bo@mail.example"), ("email", MAIL))
    with reading() as session:
        assert suggestions.waiting(session)
        assert not any(
            proofs.is_raised(session, row.thread_id, row.identity_id)
            for row in session.scalars(select(ProofRequest))
        )


def test_once_the_merge_is_undone_the_code_vouches_no_more(shop: Desk) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    shop.chats("v1", code_in_mail(shop))
    with transaction() as session:
        merge = session.scalars(select(customers.Merge)).one()
        merges.undo(session, merge.id, by="lea")
    shop.chats("v1", "What did I order?")

    with reading() as session:
        row = session.scalars(select(ProofRequest)).one()
        assert not proofs.is_raised(session, row.thread_id, row.identity_id)


@pytest.fixture
def page(shop: Desk) -> Iterator[TestClient]:
    with TestClient(create_app()) as client:
        yield client


def _link(shop: Desk) -> str:
    found = re.search(r"(/prove/[\w.-]+)", mails(shop)[-1].replace("=\n", ""))
    assert found
    return found.group(1)


def test_a_mail_scanner_that_opens_the_link_uses_nothing_up(shop: Desk, page: TestClient) -> None:
    shop.chats("v1", f"I am {MAIL}")
    number = asks_for_code(shop)
    link = _link(shop)
    for _ in range(3):
        assert page.get(link).status_code == 200
    assert not same(("visitor", "v1"), ("email", MAIL))

    wrong = str((int(number) - 10 + 1) % 90 + 10)
    assert page.post(link, data={"number": wrong}).status_code == 422
    assert page.post(link, data={"number": number}).status_code == 200
    assert same(("visitor", "v1"), ("email", MAIL))
    assert page.post(link, data={"number": number}).status_code == 410


def test_whoever_did_not_ask_can_say_so(shop: Desk, page: TestClient) -> None:
    shop.chats("v1", f"I am {MAIL}")
    asks_for_code(shop)
    assert page.post(_link(shop), data={"verb": "deny"}).status_code == 200
    shop.chats("v1", code_in_mail(shop))

    assert not same(("visitor", "v1"), ("email", MAIL))
    assert page.get(_link(shop)[:-1] + "0").status_code == 410


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Send code", True),
        ("yes please", True),
        ("Ja, gerne", True),
        ("no thanks, please don't", False),
        ("How long does shipping take?", False),
    ],
)
def test_taking_up_the_offer(text: str, wanted: bool) -> None:
    assert wants_code(text) is wanted
