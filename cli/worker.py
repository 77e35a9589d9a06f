"""`onethread worker`: run jobs beside the service, on a broker."""

from typing import Annotated

import typer

from core.errors import OneThreadError
from core.log import start_logging
from core.queue import DEFAULT, EVENTS, KNOWLEDGE, celery, node_name
from core.settings import settings
from jobs.app import app as registered


def worker(
    concurrency: Annotated[int, typer.Option(help="Jobs at the same time.")] = 4,
) -> None:
    """Run jobs from the broker. The schedule stays with `onethread serve`."""
    if not settings().broker_url:
        raise OneThreadError(
            "A worker needs a broker: set ONETHREAD_BROKER_URL to redis://... or amqp://... for "
            "the service and its workers. Without one, `onethread serve` runs the jobs itself."
        )
    assert registered
    start_logging(settings().log_level)
    queues = [DEFAULT, EVENTS, *([KNOWLEDGE] if settings().qdrant_url else [])]
    celery().Worker(
        hostname=node_name("worker"),
        pool="threads",
        concurrency=concurrency,
        queues=queues,
        loglevel=settings().log_level,
    ).start()
