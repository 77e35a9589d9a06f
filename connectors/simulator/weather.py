"""What a provider's bad day is like: things come twice, late, mixed up; sends fail. All by seed."""

import asyncio
import threading
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.simulator.faults import Fault


@dataclass(frozen=True)
class Weather:
    """How rough it is. The shares are between 0 and 1; nothing given is a calm day."""

    redelivered: float = 0.0
    """Share of what happened that is brought to us once more."""
    batch: int = 1
    """At most so many in one webhook, where the provider batches."""
    span: float = 0.0
    """Seconds within which things arrive in any order."""
    broken: float = 0.0
    """Share of webhooks whose connection breaks before our answer is read: they come again."""
    failing: float = 0.0
    """Share of our sends that go wrong, one way or another."""
    patience: float = 3.0
    """Seconds for which a provider tries to bring a webhook that we don't take."""
    lanes: int = 1
    """Webhooks that a provider brings at the same time."""
    seed: int = 0


CALM = Weather()


class Dice:
    """The chances of one provider under some weather; safe to roll from several threads."""

    def __init__(self, weather: Weather, who: str) -> None:
        self._weather = weather
        self._random = Random(f"{weather.seed} {who}")
        self._lock = threading.Lock()

    def arrivals(self) -> Sequence[float]:
        """After how many seconds something is brought to us: once, or once more."""
        with self._lock:
            times = 2 if self._random.random() < self._weather.redelivered else 1
            return [self._random.uniform(0, self._weather.span) for _ in range(times)]

    def batch_size(self) -> int:
        with self._lock:
            return self._random.randint(1, self._weather.batch)

    def breaks(self) -> bool:
        with self._lock:
            return self._random.random() < self._weather.broken

    def trouble(self, kinds: Sequence[Fault]) -> Fault | None:
        """What goes wrong with a send; None: nothing."""
        with self._lock:
            wrong = self._random.random() < self._weather.failing
            return self._random.choice(kinds) if wrong else None


class Gate:
    """Stands before a fake's app: a share of its sends fails in one of the ways it knows.

    `sends` tells by the path which requests are sends; `answer` makes the provider's own error.
    """

    def __init__(
        self,
        app: ASGIApp,
        weather: Weather,
        kinds: Sequence[Fault],
        answer: Callable[[Fault], Response],
        sends: Callable[[str], bool] = lambda path: True,
    ) -> None:
        self._app, self._kinds, self._answer, self._sends = app, kinds, answer, sends
        self._dice = Dice(weather, "gate")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._dice.trouble(self._kinds) if self._is_send(scope) else None
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.taken:
            await self._app(scope, receive, _unheard)
        await asyncio.sleep(fault.delay)
        await self._answer(fault)(scope, receive, send)

    def _is_send(self, scope: Scope) -> bool:
        is_post = scope["type"] == "http" and scope["method"] == "POST"
        return is_post and self._sends(scope["path"])


async def _unheard(_message: MutableMapping[str, Any]) -> None:
    """The good answer never reaches us."""
