"""Which installation this process works on: its settings, database and keys."""

from collections.abc import Iterator
from contextlib import contextmanager

from core import crypto, db, files, holder, queue
from core.settings import Settings, use_settings


@contextmanager
def installation(settings: Settings) -> Iterator[Settings]:
    """Work on another installation inside the block, e.g. a throw-away one for an evaluation.

    Process-wide: nothing of the former installation may run meanwhile.
    """
    former = use_settings(settings)
    _forget()
    try:
        yield settings
    finally:
        _forget()
        if former:
            use_settings(former)


def _forget() -> None:
    db.forget_connections()
    crypto.installation_key.cache_clear()
    files.place.cache_clear()
    queue.celery.cache_clear()
    holder.leave()
