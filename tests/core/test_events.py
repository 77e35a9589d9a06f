"""The log's promise: whoever reads "after number n" misses nothing, whatever commits when."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import events, live
from core.db import engine, reading, transaction
from core.events import LogEntry
from core.settings import Settings


def _read_all(start: int = 0) -> list[str]:
    """What a reader sees that takes small pages and resumes by number."""
    seen = []
    while page := events.after(start, limit=2):
        seen += [entry.name for entry in page]
        start = page[-1].number or start
    return seen


def _at_once(threads: int, work: Callable[[], None]) -> None:
    started = [threading.Thread(target=work) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def _fails_after(name: str) -> None:
    with transaction() as session:
        events.append(session, name)
        session.flush()
        raise ArithmeticError(name)


def test_a_reader_gets_everything_in_order_page_by_page(installation: Settings) -> None:
    for name in ("one", "two", "three", "four", "five"):
        with transaction() as session:
            events.append(session, name)

    assert _read_all() == ["one", "two", "three", "four", "five"]
    assert _read_all(events.last_number()) == []


@pytest.mark.parametrize("installation", ["postgres"], indirect=True)
def test_an_older_entry_that_commits_later_is_not_missed(installation: Settings) -> None:
    """On PostgreSQL only: SQLite has one writer at a time, so its commits can't interleave."""
    with Session(engine()) as slow:
        events.append(slow, "slow")
        slow.flush()
        with transaction() as quick:
            events.append(quick, "quick")
        first = events.after(0)
        slow.commit()
    second = events.after(first[-1].number or 0)

    assert [entry.name for entry in first] == ["quick"]
    assert [entry.name for entry in second] == ["slow"]
    assert second[0].id < first[0].id


def test_numbers_are_dense_even_where_ids_are_not(installation: Settings) -> None:
    for step in range(3):
        with pytest.raises(ArithmeticError):
            _fails_after(f"failed {step}")
        with transaction() as session:
            events.append(session, f"kept {step}")
    events.last_number()

    with reading() as session:
        numbers = session.scalars(select(LogEntry.number).order_by(LogEntry.number)).all()
    assert numbers == [1, 2, 3]


def test_readers_that_number_at_the_same_time_agree(installation: Settings) -> None:
    with transaction() as session:
        for step in range(50):
            events.append(session, f"step {step}")
    _at_once(4, events.number_new_entries)

    with reading() as session:
        numbers = set(session.scalars(select(LogEntry.number)))
        count = session.scalar(select(func.count(LogEntry.id)))
    assert numbers == set(range(1, 51))
    assert count == 50


def test_listeners_wake_after_the_commit_and_not_for_a_rollback(installation: Settings) -> None:
    heard: list[int] = []
    with live.listening(live.LOG, lambda _: heard.append(events.last_number())):
        with transaction() as session:
            events.append(session, "kept")
            assert heard == []
        with pytest.raises(ArithmeticError):
            _fails_after("dropped")

    assert heard == [1]


def test_a_savepoint_wakes_nobody_before_its_transaction_commits(installation: Settings) -> None:
    heard: list[int] = []
    with live.listening(live.LOG, lambda _: heard.append(1)), transaction() as session:
        events.append(session, "outer")
        with session.begin_nested():
            events.append(session, "inner")
        before = list(heard)

    assert before == []
    assert _read_all() == ["outer", "inner"]
