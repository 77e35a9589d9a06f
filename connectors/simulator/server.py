"""What every simulated provider is made of: a server that takes sends, a courier of webhooks."""

import asyncio
import heapq
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Generic, TypeVar

import httpx
import uvicorn
from starlette.types import ASGIApp

from connectors.simulator.weather import CALM, Dice, Weather

Item = TypeVar("Item")


class _AtOnce(uvicorn.Server):
    """Stops when it is told to: nobody's answers are waited for, and no clock ticks."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        await self._over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for task in list(self.server_state.tasks):
            task.cancel()
        await self.lifespan.shutdown()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)


class Server:
    """An app on a port of its own, in a thread of its own."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        self.host, self.port = host, port
        config = uvicorn.Config(app, host=host, port=port, log_level="critical")
        self._server = _AtOnce(config)
        self._thread = threading.Thread(target=self._server.run, name="simulator", daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Returns once it answers; `port` is then the real one."""
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise OSError(f"The simulator could not listen on {self.host}:{self.port}.")
            time.sleep(0.01)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.stop()
        self._thread.join(10)


@dataclass(frozen=True)
class Post:
    """A webhook ready to go out."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""
    """Where to, if not to the courier's address."""


class Courier(Generic[Item]):
    """Brings what happened to our service, each item until it is taken, as providers do.

    `pack` makes one signed webhook of one or more items, anew for each try; `arrived` hears what
    was taken. `url` may be set later. On a calm day all goes one by one and in order; `weather`
    says how it goes otherwise.
    """

    def __init__(
        self,
        pack: Callable[[Sequence[Item]], Post],
        url: str = "",
        weather: Weather = CALM,
        name: str = "courier",
        arrived: Callable[[Sequence[Item]], None] = lambda items: None,
    ) -> None:
        self.url = url
        self.answers: list[int] = []
        """The HTTP statuses our service answered with; 0: no answer."""
        self.given_up: list[Item] = []
        """What our service never took."""
        self._pack, self._arrived = pack, arrived
        self._weather, self._dice = weather, Dice(weather, name)
        self._due: list[tuple[float, int, Item]] = []
        self._count, self._in_hand, self._stopping = 0, 0, False
        self._changed = threading.Condition()
        self._threads = [
            threading.Thread(target=self._work, name=name, daemon=True)
            for _ in range(weather.lanes)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def put(self, item: Item) -> None:
        """Bring it soon, unless there is nowhere to bring it to."""
        with self._changed:
            for delay in self._dice.arrivals():
                self._count += 1
                heapq.heappush(self._due, (time.monotonic() + delay, self._count, item))
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many deliveries are still to be made."""
        with self._changed:
            return len(self._due) + self._in_hand

    def settle(self) -> None:
        """Wait until everything was brought or given up."""
        with self._changed:
            self._changed.wait_for(lambda: not self._due and not self._in_hand)

    def stop(self) -> None:
        self.settle()
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(10)

    def _work(self) -> None:
        with httpx.Client(timeout=10, trust_env=False) as http:
            while batch := self._next():
                if self._bring(http, batch):
                    self._arrived(batch)
                else:
                    self.given_up += batch
                with self._changed:
                    self._in_hand -= len(batch)
                    self._changed.notify_all()

    def _next(self) -> list[Item]:
        """What is due now, as much as goes into one webhook; empty once all is over."""
        with self._changed:
            while not self._stopping and (wait := self._until_due()) != 0:
                self._changed.wait(wait)
            size = self._dice.batch_size()
            batch: list[Item] = []
            while self._due and len(batch) < size and self._due[0][0] <= time.monotonic():
                batch.append(heapq.heappop(self._due)[2])
            self._in_hand += len(batch)
            return batch

    def _until_due(self) -> float | None:
        """Seconds until there is something to bring; None: nobody knows."""
        return max(0.0, self._due[0][0] - time.monotonic()) if self._due else None

    def _bring(self, http: httpx.Client, batch: Sequence[Item]) -> bool:
        """Try until it is taken, or the provider's patience is at its end."""
        deadline = time.monotonic() + self._weather.patience
        if self._dice.breaks():
            self._try(http, batch, timeout=0.02)
        for wait in chain((0.1, 0.5), repeat(2.0)):
            if 200 <= self._try(http, batch, timeout=10) < 300:
                return True
            if time.monotonic() + wait > deadline:
                return False
            time.sleep(wait)
        return False

    def _try(self, http: httpx.Client, batch: Sequence[Item], timeout: float) -> int:
        """What was answered; 0: nothing. What has nowhere to go needs no answer."""
        try:
            post = self._pack(batch)
            if not (url := post.url or self.url):
                return 204
            answer = http.post(url, content=post.body, headers=post.headers, timeout=timeout)
            code = answer.status_code
        except httpx.HTTPError:
            code = 0
        self.answers.append(code)
        return code
