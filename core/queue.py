"""Waking people up: jobs by name, sent after the commit. The database stays the truth.

A job lost on its way is found again by the sweeper, so losing the broker loses nothing.
"""

import json
import socket
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import Any, TypeVar

from celery import Celery
from kombu.exceptions import OperationalError
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.ids import new_id
from core.log import log
from core.settings import settings

DEFAULT = "default"
EVENTS = "events"
"""The Celery queue of what providers posted. A worker takes from its queues in turn, so thousands
of events that wait hold up neither answers nor the clock."""
KNOWLEDGE = "knowledge"
"""The Celery queue of jobs that need the index; consumed by the process that owns it."""


_jobs: dict[str, tuple[Callable[..., None], float | None]] = {}

_unbegun: set[str] = set()
"""Jobs that wait in this process, where there is no broker. Under load a sweeper finds the same
things again and again long before their first job begins: one job is enough for them all."""
_lock = threading.Lock()


@lru_cache
def celery() -> Celery:
    app = Celery("onethread", broker=settings().broker_url or "memory://localhost/")
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=4,
        broker_connection_retry_on_startup=True,
        broker_transport_options=_transport(),
        task_routes={
            "event.*": {"queue": EVENTS},
            "knowledge.*": {"queue": KNOWLEDGE},
            "turn.*": {"queue": KNOWLEDGE},
        },
        task_default_queue=DEFAULT,
        worker_hijack_root_logger=False,
        timezone="UTC",
    )
    for name, (function, expires) in _jobs.items():
        app.task(name=name, expires=expires)(function)
    _unbegun.clear()
    return app


def node_name(role: str) -> str:
    """What a worker calls itself on the broker. RabbitMQ refuses two of one name."""
    return f"{role}-{new_id()}@{socket.gethostname()}"


def _transport() -> dict[str, float]:
    return {} if settings().broker_url else {"polling_interval": 0.01}


def enqueue(session: Session, name: str, *args: Any) -> None:
    """Run the job `name` (registered in jobs/) with JSON arguments once this commits."""
    session.info.setdefault("jobs", []).append((name, args))


@event.listens_for(Session, "after_commit")
def _send(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for name, args in session.info.pop("jobs", []):
        wake(name, *args)


@event.listens_for(Session, "after_transaction_end")
def _drop(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop("jobs", None)


def wake(name: str, *args: Any) -> None:
    """Send a job now, unless the same one waits here already: it will find all there is. A broker
    that is down is logged, never raised: the sweeper catches up."""
    app = celery()
    if _stays_here(name) and not _is_first(_key(name, args)):
        return
    try:
        app.send_task(name, args=args, retry=False)
    except (OperationalError, *app.connection().recoverable_connection_errors):
        log.warning("job_not_sent", job=name)


def _stays_here(name: str) -> bool:
    """Whether it waits in this process until it begins. One that may expire need never begin."""
    return not settings().broker_url and name in _jobs and _jobs[name][1] is None


def _is_first(key: str) -> bool:
    with _lock:
        is_known = key in _unbegun
        _unbegun.add(key)
    return not is_known


def _key(name: str, args: Sequence[Any]) -> str:
    """As the job sees its arguments when it has been through JSON."""
    return f"{name} {json.dumps(args)}"


def _begun(name: str, function: Callable[..., None]) -> Callable[..., None]:
    """From here on a job of the same name is another one: this one may miss what comes now."""

    @wraps(function)
    def run(*args: Any) -> None:
        _unbegun.discard(_key(name, args))
        function(*args)

    return run


Job = TypeVar("Job", bound=Callable[..., None])


def job(name: str, *, expires: float | None = None) -> Callable[[Job], Job]:
    """Register a function in jobs/ under the name that `enqueue` and the schedule use.

    `expires`: seconds after which a run that nobody took is pointless.
    """

    def register(function: Job) -> Job:
        _jobs[name] = (_begun(name, function), expires)
        if celery.cache_info().currsize:
            celery().task(name=name, expires=expires)(_jobs[name][0])
        return function

    return register
