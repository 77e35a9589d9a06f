"""The Celery app with every job registered. Run it as `celery -A jobs.app worker`."""

from core.queue import celery
from jobs import (
    calls,
    hooks,
    knowledge,
    mail,
    messages,
    templates,
    tokens,
    transcripts,
    turns,
    visitors,
)

app = celery()

MODULES = (
    calls,
    hooks,
    knowledge,
    mail,
    messages,
    templates,
    tokens,
    transcripts,
    turns,
    visitors,
)
