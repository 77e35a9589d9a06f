"""Ids sort by the time they were made."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.ids import new_id


def test_later_ids_sort_behind_earlier_ones_even_within_a_millisecond() -> None:
    made = [new_id() for _ in range(5000)]
    assert made == sorted(made)


def test_ids_go_on_in_order_when_the_clock_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    assert before < new_id() < new_id()


def test_ids_are_uuids_of_version_7_and_never_the_same() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_id(), range(5000)))
    assert len(set(made)) == 5000
    assert {uuid.UUID(one).version for one in made} == {7}
    assert {uuid.UUID(one).variant for one in made} == {uuid.RFC_4122}
