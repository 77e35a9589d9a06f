"""Ids that sort by the time they were made (UUID version 7, RFC 9562), as text."""

import secrets
import threading
import time

RANDOM = 74
"""Random bits of an id, beside its millisecond, its version and its variant."""

_last = 0
_lock = threading.Lock()


def new_id() -> str:
    """36 characters. Of two that one process makes, the later compares greater, even within a
    millisecond or after the clock was put back: what was written first goes first."""
    global _last
    with _lock:
        drawn = (int(time.time() * 1000) << RANDOM) | secrets.randbits(RANDOM)
        # By a random step: two processes forked from one don't go on with the same ids.
        _last = drawn if drawn > _last else _last + 1 + secrets.randbits(32)
        number = _last
    head, middle, tail = number >> RANDOM, (number >> 62) & 0xFFF, number & (2**62 - 1)
    text = f"{(head << 80) | (0x7 << 76) | (middle << 64) | (0x2 << 62) | tail:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
