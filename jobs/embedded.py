"""The worker and the schedule inside this process."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from celery.beat import EmbeddedService

from core.log import log
from core.queue import KNOWLEDGE, celery, node_name
from core.settings import settings
from jobs.app import app as registered
from jobs.schedule import beat_schedule

THREADS = 4


def queues_served_here() -> Sequence[str]:
    """Without a broker every job runs here; with one, those that need the index we own."""
    if not settings().broker_url:
        return ("default", KNOWLEDGE)
    return () if settings().qdrant_url else (KNOWLEDGE,)


@contextmanager
def worker_and_schedule() -> Iterator[None]:
    """Run jobs and the clock in the background while the block runs."""
    assert registered
    app = celery()
    app.conf.beat_schedule = beat_schedule()
    app.conf.beat_max_loop_interval = 0.25
    app.conf.beat_schedule_filename = str(settings().data / "schedule")
    stops = [_start_worker(app, queues) for queues in (queues_served_here(),) if queues]
    beat = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
    beat.start()
    try:
        yield
    finally:
        beat.stop()
        for controller, thread in stops:
            controller.stop(in_sighandler=False)
            thread.join(timeout=10)
        log.info("jobs_stopped")


def _start_worker(app: Any, queues: Sequence[str]) -> tuple[Any, threading.Thread]:
    controller = app.WorkController(
        app=app,
        hostname=node_name("service"),
        pool_cls="threads",
        concurrency=THREADS,
        queues=list(queues),
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )
    thread = threading.Thread(target=controller.start, name="jobs", daemon=True)
    thread.start()
    return controller, thread
