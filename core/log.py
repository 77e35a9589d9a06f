"""Structured logs: one JSON object a line, with the ids at hand, without anybody's words.

Fields are ids, counts, codes and durations. Message text, addresses and secrets never go in.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

_context: ContextVar[dict[str, str] | None] = ContextVar("log_context", default=None)


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """Everything logged inside carries these ids (request, conversation, job)."""
    token = _context.set({**(_context.get() or {}), **ids})
    try:
        yield
    finally:
        _context.reset(token)


class Log:
    def __init__(self) -> None:
        self._logger = logging.getLogger("onethread")

    def info(self, event: str, **fields: Any) -> None:
        self._logger.info(event, extra={"fields": fields})

    def warning(self, event: str, **fields: Any) -> None:
        self._logger.warning(event, extra={"fields": fields})

    def error(self, event: str, **fields: Any) -> None:
        self._logger.error(event, extra={"fields": fields})

    def exception(self, event: str, **fields: Any) -> None:
        """Called in an except block: names the error's type and place, not its text."""
        self._logger.error(event, extra={"fields": {**fields, **_where()}})


log = Log()


def _where() -> dict[str, str]:
    kind, _, trace = sys.exc_info()
    while trace and trace.tb_next:
        trace = trace.tb_next
    if kind is None or trace is None:
        return {}
    code = trace.tb_frame.f_code
    return {"error": kind.__name__, "at": f"{code.co_filename}:{trace.tb_lineno} {code.co_name}"}


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **(_context.get() or {}),
            **getattr(record, "fields", {}),
        }
        return json.dumps(line, default=str, ensure_ascii=False)


def start_logging(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("alembic", "celery", "httpcore", "httpx", "kombu", "mail", "pdfminer", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
