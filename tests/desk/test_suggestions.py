""" "Same person?": what makes a pair, what a teammate decides, and what can't flood the queue."""

import pytest

from core.db import reading, transaction
from core.settings import Settings
from desk import customers, identities, merges, suggestions
from desk.customers import Customer
from desk.suggestions import Reason, State, Why
from tests.delivery.conftest import Desk

ADA = "+4915112345678"


def _people(count: int) -> list[str]:
    with transaction() as session:
        rows = [Customer(name=f"Person {place}") for place in range(count)]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def _suggest(
    one: str, other: str, why: Why = Why.CLAIM, address: str = "email a@b.example"
) -> None:
    with transaction() as session:
        suggestions.suggest(session, one, other, Reason(why, "words", address))


def _waiting() -> list[tuple[str, int, int]]:
    with reading() as session:
        return [(r.id, r.score, len(r.evidence)) for r in suggestions.waiting(session)]


def test_the_same_reason_twice_is_one_reason(installation: Settings) -> None:
    one, other = _people(2)
    _suggest(one, other)
    _suggest(other, one)

    [(_, _, reasons)] = _waiting()
    assert reasons == 1


def test_a_dismissed_pair_comes_back_only_with_new_evidence(installation: Settings) -> None:
    one, other = _people(2)
    _suggest(one, other)
    with transaction() as session:
        [row] = suggestions.waiting(session)
        suggestions.dismiss(session, row, by="lea")
    _suggest(one, other)
    assert _waiting() == []

    _suggest(one, other, Why.CONFLICT)
    assert len(_waiting()) == 1


def test_merged_by_a_click_and_taken_back(installation: Settings) -> None:
    one, other = _people(2)
    _suggest(one, other)
    with transaction() as session:
        [row] = suggestions.waiting(session)
        suggestions.accept(session, row, other, by="lea")
    with transaction() as session:
        assert customers.current_id(session, one) == other
        row = suggestions.find(session, row.id)
        assert row.state == State.MERGED
        suggestions.reopen(session, row, by="lea")

    with reading() as session:
        assert customers.current_id(session, one) == one
    assert len(_waiting()) == 1


def test_a_pair_that_became_one_elsewhere_waits_no_more(installation: Settings) -> None:
    one, other, third = _people(3)
    _suggest(one, other)
    with transaction() as session:
        for merged in (one, other):
            merges.merge(session, merged, third, source="s", strength="x", by="lea")
    assert _waiting() == []


def test_a_stranger_who_types_a_thousand_addresses_makes_three_pairs(
    installation: Settings,
) -> None:
    stranger, *others = _people(41)
    for place, other in enumerate(others):
        _suggest(stranger, other, address=f"email {place}@mail.example")
    assert len(_waiting()) == suggestions.MOST_OPEN


def test_a_thousand_strangers_who_type_one_address_make_three_pairs(
    installation: Settings,
) -> None:
    ada, *strangers = _people(21)
    for stranger in strangers:
        _suggest(stranger, ada)
    assert len(_waiting()) == suggestions.MOST_OPEN


def test_an_email_typed_in_chat_suggests_and_joins_nobody(desk: Desk) -> None:
    desk.writes_mail("ada@mail.example", "Grinder", "Where is it?")
    desk.chats("visitor-1", "I am ada@mail.example, what did I order?")

    assert len(desk.conversations()) == 2
    with reading() as session:
        [row] = suggestions.waiting(session)
        visitor = identities.customer_of(session, "visitor", "visitor-1")
        ada = identities.customer_of(session, "email", "ada@mail.example")
        assert set(suggestions.pair(session, row)) == {visitor, ada}
        assert visitor != ada
        assert row.evidence[0]["why"] == Why.CLAIM


@pytest.mark.parametrize("number", ["A-10042", "9-10042"])
def test_a_namesake_who_names_the_order_number(desk: Desk, number: str) -> None:
    with transaction() as session:
        orders = [{"number": "A-10042"}]
        session.add(Customer(name="Ada Writer", merchant_id="C-1", attributes={"orders": orders}))
    desk.writes_on_whatsapp(ADA, f"Where is order {number}?")

    with reading() as session:
        found = [row.evidence[0]["why"] for row in suggestions.waiting(session)]
    assert found == (["order"] if number == "A-10042" else [])
