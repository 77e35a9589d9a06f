"""The Celery app with every job registered. Run it as `celery -A jobs.app worker`."""

from core.queue import celery
from jobs import knowledge, mail, messages, turns, visitors

app = celery()

MODULES = (knowledge, mail, messages, turns, visitors)
