"""Live updates: tell whoever listens that there is news. What the news is, the database says.

Within one process by default; over Redis pub/sub where several processes serve.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

import redis

from core.log import log
from core.settings import settings

LOG = "log"
"""The topic of the event log."""
TYPING = "typing"
"""A visitor is typing; the message is the conversation's id."""
ASSISTANT_TYPING = "assistant_typing"
"""The assistant or a teammate is about to answer; the message is the conversation's id."""

Listener = Callable[[str], None]

_listeners: dict[str, set[Listener]] = {}
_lock = threading.Lock()


def publish(topic: str, message: str = "") -> None:
    """Wake the listeners of a topic. Never raises: news that gets lost is found by looking."""
    if not settings().redis_url:
        return _deliver(topic, message)
    try:
        _redis().publish(f"onethread:{topic}", message)
    except redis.RedisError:
        log.warning("live_update_not_sent")
        _deliver(topic, message)


@contextmanager
def listening(topic: str, listener: Listener) -> Iterator[None]:
    """Call `listener` with each message, from another thread, as long as the block runs."""
    if settings().redis_url:
        _relay()
    with _lock:
        _listeners.setdefault(topic, set()).add(listener)
    try:
        yield
    finally:
        with _lock:
            _listeners[topic].discard(listener)
            if not _listeners[topic]:
                del _listeners[topic]


def _deliver(topic: str, message: str) -> None:
    with _lock:
        listeners = list(_listeners.get(topic, ()))
    for listener in listeners:
        listener(message)


@lru_cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings().redis_url, decode_responses=True)


@lru_cache
def _relay() -> threading.Thread:
    thread = threading.Thread(target=_relay_forever, name="live-relay", daemon=True)
    thread.start()
    return thread


def _relay_forever() -> None:
    pause = threading.Event()
    while True:
        try:
            # redis leaves this method untyped.
            subscription = _redis().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
            subscription.psubscribe("onethread:*")
            for message in subscription.listen():
                _deliver(message["channel"].removeprefix("onethread:"), message["data"])
        except redis.RedisError:
            log.warning("live_updates_interrupted")
            pause.wait(1)
