"""Starting the assistant on a turn while the caller waits: here where the index is, else there."""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from fastapi import FastAPI

from agent import calls
from core.log import log
from core.queue import wake

AT_ONCE = 8
"""Turns thought about at the same time in this process."""


def think_about(app: FastAPI, call_id: str, turn: int) -> None:
    """Safe to call twice: a turn is claimed before it is thought about."""
    open_library = getattr(app.state, "library", None)
    if open_library is None:
        wake("turn.speak", call_id, turn)
    else:
        _threads().submit(_answer, app, call_id, turn)


@lru_cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "calls")


def _answer(app: FastAPI, call_id: str, turn: int) -> None:
    try:
        calls.answer(call_id, turn, app.state.library())
    except Exception:
        # The caller's own waiting ends this: with a person, once their patience is over.
        log.exception("call_not_answered")
