"""Writers wait for one another, within the process and beside it."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from core import events
from core.db import reading, transaction
from core.events import LogEntry
from core.settings import Settings


@contextmanager
def _held_by_another(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("ROLLBACK")


def test_a_writer_waits_until_another_process_lets_go(small_installation: Settings) -> None:
    written = threading.Event()

    def write() -> None:
        with transaction() as session:
            events.append(session, "test.written")
        written.set()

    with _held_by_another(small_installation.data / "onethread.db") as other:
        writer = threading.Thread(target=write)
        writer.start()
        assert not written.wait(0.5)
        assert events.last_number() == 0, "readers are not held up"
        other.execute("ROLLBACK")
        assert written.wait(5)
    writer.join()
    assert events.last_number() == 1


def test_a_writer_that_fails_lets_the_next_one_in(installation: Settings) -> None:
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(LogEntry(name=None))
    began = time.monotonic()
    with transaction() as session:
        events.append(session, "test.written")

    assert time.monotonic() - began < 5
    with reading():
        assert events.last_number() == 1


def test_many_writers_at_once_all_get_through(installation: Settings) -> None:
    def write() -> None:
        for _ in range(10):
            with transaction() as session:
                events.append(session, "test.written")

    writers = [threading.Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert events.last_number() == 60
