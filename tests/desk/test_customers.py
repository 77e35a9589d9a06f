"""Merges are rows: whatever is merged on top of one, undoing it gives back exactly what was."""

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import reading, transaction
from core.errors import Conflict, NotFound
from core.settings import Settings
from desk import customers, identities, merges, placing, recognition
from desk.customers import Customer, Merge
from desk.envelope import Address, Strength


def _people(*names: str) -> list[str]:
    """One customer each, with a phone number of their own."""
    ids = []
    with transaction() as session:
        for place, name in enumerate(names):
            address = Address("phone", f"+49151000000{place}", Strength.ASSERTED, "WhatsApp")
            ids.append(recognition.recognise(session, [address], name).customer_id)
    return ids


def _merge(merged: str, into: str) -> str:
    with transaction() as session:
        return merges.merge(
            session, merged, into, source="same order number", strength="verified", by="lea"
        ).id


def _undo(merge_id: str) -> None:
    with transaction() as session:
        merges.undo(session, merge_id, by="lea", why="two people, one address")


def _same(customer_id: str) -> set[str]:
    with reading() as session:
        return set(customers.all_ids(session, customer_id))


def test_a_merge_joins_the_history_and_leaves_every_id_in_place(installation: Settings) -> None:
    ada, bo = _people("Ada", "Bo")
    _merge(ada, bo)

    assert _same(ada) == _same(bo) == {ada, bo}
    with reading() as session:
        assert customers.find(session, ada).name == "Bo"
        theirs = identities.of_customer(session, bo)
        assert {identity.customer_id for identity in theirs} == {ada, bo}
        assert {row.id for row in session.scalars(select(Customer))} == {ada, bo}


def test_undoing_the_first_of_three_merges_leaves_the_later_two(installation: Settings) -> None:
    a, b, c, d = _people("A", "B", "C", "D")
    first = _merge(a, b)
    _merge(b, c)
    _merge(d, a)
    assert _same(a) == {a, b, c, d}

    _undo(first)

    assert _same(a) == {a}
    assert _same(b) == {b, c, d}


def test_undone_in_any_order_everybody_is_alone_again(installation: Settings) -> None:
    a, b, c = _people("A", "B", "C")
    merges = [_merge(a, b), _merge(c, a)]
    for merge_id in merges:
        _undo(merge_id)

    assert [_same(one) for one in (a, b, c)] == [{a}, {b}, {c}]
    with reading() as session:
        assert {i.customer_id for i in identities.of_customer(session, a)} == {a}


def test_current_ids_agree_with_following_each_merge(installation: Settings) -> None:
    a, b, c, d = _people("A", "B", "C", "D")
    _merge(a, b)
    _merge(b, c)

    with reading() as session:
        together = customers.current_ids(session, [a, b, c, d])
        one_by_one = {one: customers.current_id(session, one) for one in (a, b, c, d)}
    assert together == one_by_one == {a: c, b: c, c: c, d: d}


def test_a_merge_can_neither_repeat_nor_close_a_circle(installation: Settings) -> None:
    a, b, c = _people("A", "B", "C")
    _merge(a, b)
    _merge(b, c)
    for merged, into in ((a, b), (c, a), (b, b)):
        with pytest.raises(Conflict):
            _merge(merged, into)


def test_an_undone_merge_cannot_be_undone_again(installation: Settings) -> None:
    a, b = _people("A", "B")
    merge_id = _merge(a, b)
    _undo(merge_id)
    with pytest.raises(NotFound):
        _undo(merge_id)


def test_a_merge_and_its_end_are_in_the_audit_with_who_and_why(installation: Settings) -> None:
    a, b = _people("A", "B")
    _undo(_merge(a, b))

    with reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        kept = session.scalars(select(Merge)).one()
    assert {(entry.action, entry.actor, entry.why) for entry in entries} == {
        ("customer.merged", "lea", "same order number"),
        ("customer.merge_undone", "lea", "two people, one address"),
    }
    assert kept.undone_by == "lea"


def test_within_one_transaction_a_merge_and_its_end_are_seen_at_once(
    installation: Settings,
) -> None:
    one, other = _people("One", "Other")
    with transaction() as session:
        assert customers.current_id(session, one) == one
        assert customers.all_ids(session, other) == [other]
        row = merges.merge(session, one, other, source="s", strength="verified", by="lea")
        assert customers.current_id(session, one) == other
        assert set(customers.all_ids(session, other)) == {one, other}
        merges.undo(session, row.id, by="lea")
        assert customers.current_id(session, one) == one
        assert customers.all_ids(session, other) == [other]


def test_a_merge_taken_back_with_its_savepoint_is_forgotten(installation: Settings) -> None:
    one, other = _people("One", "Other")
    with transaction() as session:
        savepoint = session.begin_nested()
        merges.merge(session, one, other, source="s", strength="verified", by="lea")
        assert customers.current_id(session, one) == other
        savepoint.rollback()
        assert customers.current_id(session, one) == one


@pytest.mark.parametrize("installation", ["postgres"], indirect=True)
def test_once_nobody_else_may_change_who_is_whom_their_merges_are_seen(
    installation: Settings,
) -> None:
    one, other = _people("One", "Other")
    with transaction() as session:
        assert customers.current_id(session, one) == one
        _merge(one, other)
        placing.unchanging(session)
        assert customers.current_id(session, one) == other
