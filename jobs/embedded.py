"""The worker and the schedule inside this process."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from celery.beat import Service

from core.errors import OneThreadError
from core.log import log
from core.queue import DEFAULT, EVENTS, KNOWLEDGE, celery, node_name
from core.settings import settings
from delivery.watching import Watchers
from jobs.app import app as registered
from jobs.schedule import beat_schedule

THREADS = 4


class JobsEnded(OneThreadError):
    """The worker or the clock ended though nobody had stopped it."""

    code = "jobs_ended"


class Watch:
    """Runs parts in threads of their own, and tells when one ends by itself."""

    def __init__(self, when_ended: Callable[[], None]) -> None:
        self.stopping = False
        self.ended: list[str] = []
        self._when_ended = when_ended

    def start(self, name: str, run: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(name, run), name=name, daemon=True)
        thread.start()
        return thread

    def _run(self, name: str, run: Callable[[], None]) -> None:
        try:
            run()
        except Exception:
            log.exception("jobs_broken", part=name)
        if not self.stopping:
            self.ended.append(name)
            log.error("jobs_ended", part=name)
            self._when_ended()


def queues_served_here() -> Sequence[str]:
    """Without a broker every job runs here; with one, those that need the index we own."""
    if not settings().broker_url:
        return (DEFAULT, EVENTS, KNOWLEDGE)
    return () if settings().qdrant_url else (KNOWLEDGE,)


@contextmanager
def worker_and_schedule(when_ended: Callable[[], None]) -> Iterator[None]:
    """Run jobs and the clock in the background while the block runs.

    When either ends by itself, `when_ended` is called, so that the block can end; JobsEnded is
    raised then: a service without jobs looks well and answers nobody.
    """
    assert registered
    app = celery()
    app.conf.beat_schedule = beat_schedule()
    app.conf.beat_max_loop_interval = 0.25
    watch = Watch(when_ended)
    queues = queues_served_here()
    worker = _start_worker(app, watch, queues) if queues else None
    clock = Service(app, scheduler_cls="celery.beat:Scheduler")
    watch.start("clock", clock.start)
    mailboxes = Watchers()
    watch.start("mailboxes", mailboxes.run)
    try:
        yield
    finally:
        watch.stopping = True
        mailboxes.stop()
        if "clock" not in watch.ended:
            clock.stop(wait=True)
        if worker:
            # Ends once the jobs in hand have. Its thread takes nothing more; it still listens to
            # the broker, for two seconds at most, and is not waited for.
            worker.stop(in_sighandler=False)
        log.info("jobs_stopped")
    if watch.ended:
        raise JobsEnded(
            f"The {' and the '.join(watch.ended)} of the jobs ended by itself, so the service has "
            "stopped too. The log says why; start the service again."
        )


def _start_worker(app: Any, watch: Watch, queues: Sequence[str]) -> Any:
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
    watch.start("worker", controller.start)
    return controller
