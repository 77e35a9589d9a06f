"""How fast one visitor may write, and one address begin chats: a bucket each, in the process
that serves them."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request

from api.chat.visitors import Present, Visitor
from core.errors import OneThreadError

AT_ONCE = 120
A_SECOND = 2.0
MOST_VISITORS = 10_000
"""Buckets kept; beyond that whoever was quiet longest starts with a full one again."""


class TooFast(OneThreadError):
    code = "too_fast"
    status = 429


@dataclass
class Pace:
    """Token buckets: `at_once` requests, and then `a_second` more each second."""

    at_once: float = AT_ONCE
    a_second: float = A_SECOND
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, who: str, at: float) -> None:
        """One more request, `at` this second of a clock. Raises TooFast when none is left."""
        with self._lock:
            left, since = self._left.pop(who, (self.at_once, at))
            left = min(self.at_once, left + (at - since) * self.a_second)
            allowed = left >= 1
            self._left[who] = (left - 1 if allowed else left, at)
            if len(self._left) > MOST_VISITORS:
                self._left.popitem(last=False)
        if not allowed:
            raise TooFast("Too much at once. Please wait a few seconds.")


_pace = Pace()


def chats_begun() -> Pace:
    """How fast chats may begin from one address, which a whole office may share."""
    return Pace(at_once=60, a_second=1.0)


def _begins(request: Request) -> None:
    begun: Pace = request.app.state.chats_begun
    begun.count(_neighbourhood(request.client.host if request.client else ""), time.monotonic())


def _neighbourhood(address: str) -> str:
    """One customer's line has a whole /64 of IPv6 addresses."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else address


Begins = Depends(_begins)
"""Counts a request that begins a chat."""


def _paced(visitor: Present) -> Visitor:
    _pace.count(visitor.id, time.monotonic())
    return visitor


Paced = Annotated[Visitor, Depends(_paced)]
"""The visitor of a request that writes."""
