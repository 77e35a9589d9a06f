"""Jobs wake people up only for what is in the database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.db import transaction
from core.installation import installation as at
from core.queue import celery, enqueue, job, wake
from core.settings import Settings
from jobs.embedded import worker_and_schedule

ran: list[str] = []
_done = threading.Event()
_slow_began, _slow_may_end = threading.Event(), threading.Event()


@job("tests.note")
def note(name: str) -> None:
    ran.append(name)


@job("tests.slow")
def slow(name: str) -> None:
    ran.append(name)
    _slow_began.set()
    _slow_may_end.wait(10)


@job("tests.last")
def last() -> None:
    _done.set()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    celery().control.purge()
    ran.clear()
    yield
    celery().control.purge()


@contextmanager
def _all_run() -> Iterator[None]:
    """The block's jobs go through a real worker; at the end all that were sent have run."""
    _done.clear()
    with worker_and_schedule(when_ended=lambda: None):
        yield
        wake("tests.last")
        assert _done.wait(30)


def test_a_job_runs_after_the_commit_and_not_before(installation: Settings) -> None:
    with _all_run(), transaction() as session:
        enqueue(session, "tests.note", "first")
        enqueue(session, "tests.note", "second")
        session.flush()
        assert (_waiting(), ran) == (0, [])
    assert sorted(ran) == ["first", "second"]


def test_a_rollback_drops_its_jobs(small_installation: Settings) -> None:
    with pytest.raises(ArithmeticError):
        _fails_after("dropped")
    with transaction() as session:
        enqueue(session, "tests.note", "kept")
    assert _taken() == ["kept"]


def test_a_rolled_back_savepoint_leaves_the_other_jobs_alone(installation: Settings) -> None:
    with transaction() as session:
        enqueue(session, "tests.note", "before")
        inner = session.begin_nested()
        inner.rollback()
        enqueue(session, "tests.note", "after")
    assert _taken() == ["before", "after"]


def test_a_savepoint_that_ends_well_sends_nothing_yet(installation: Settings) -> None:
    with pytest.raises(ArithmeticError):
        _fails_after("dropped", nested=True)
    assert _taken() == []

    with transaction() as session:
        with session.begin_nested():
            enqueue(session, "tests.note", "inner")
        assert _waiting() == 0
    assert _taken() == ["inner"]


def test_a_job_that_waits_already_is_not_sent_again(small_installation: Settings) -> None:
    with _all_run():
        for _ in range(50):
            wake("tests.slow", "first")
        assert _slow_began.wait(10)
        for _ in range(50):
            wake("tests.slow", "first")
        _slow_may_end.set()
    assert ran == ["first", "first"], "once, and once more for what came while it ran"


def test_a_broker_that_is_away_never_fails_the_transaction(small_installation: Settings) -> None:
    settings = small_installation.model_copy(update={"broker_url": "redis://127.0.0.1:1/0"})
    with at(settings), transaction() as session:
        enqueue(session, "tests.note", "lost, and found again by the sweeper")


def _fails_after(name: str, nested: bool = False) -> None:
    with transaction() as session:
        if nested:
            with session.begin_nested():
                enqueue(session, "tests.note", name)
        else:
            enqueue(session, "tests.note", name)
        raise ArithmeticError(name)


def _waiting() -> int:
    with celery().connection() as connection:
        return int(connection.default_channel.queue_declare("default").message_count)


def _taken() -> list[str]:
    """The names that wait on the broker, in order; empties it."""
    found = []
    with celery().connection() as connection, connection.SimpleQueue("default") as queue:
        for _ in range(queue.qsize()):
            message = queue.get(timeout=1)
            message.ack()
            found.append(message.payload[0][0])
    return found
