"""What the simulated providers share: a server that takes sends, its bad days, and reports."""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from starlette.responses import Response
from starlette.types import ASGIApp

from connectors.simulator.faults import Fault
from connectors.simulator.server import Courier, Post, Server
from connectors.simulator.weather import CALM, Gate, Weather


@dataclass(kw_only=True)
class Provider(ABC):
    """Start it (or use `with`), and point the account's `api_base` at it."""

    troubles: ClassVar[Sequence[Fault]]
    """How a send fails on a bad day."""
    sends_to: ClassVar[str]
    """What the path of a send contains."""

    host: str = "127.0.0.1"
    port: int = 0
    weather: Weather = CALM
    faults: deque[Fault | None] = field(default_factory=deque)
    """Used up one per send, oldest first; None lets one through."""
    action_faults: deque[Fault | None] = field(default_factory=deque)
    """The same for read marks and typing indicators."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        gate = Gate(self.app(), self.weather, self.troubles, self.faulty, self.is_send)
        self._server = Server(gate, self.host, self.port)

    @abstractmethod
    def app(self) -> ASGIApp:
        """The provider's API."""

    @abstractmethod
    def faulty(self, fault: Fault) -> Response:
        """A failure in the provider's own form."""

    def is_send(self, path: str) -> bool:
        return self.sends_to in path

    @property
    def base_url(self) -> str:
        return self._server.base_url

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Returns once it answers; `port` is then the real one."""
        self._server.start()
        self.port = self._server.port

    def stop(self) -> None:
        self._server.stop()

    async def answer(
        self,
        objection: Callable[[], Response | None],
        take: Callable[[], Response],
        *,
        action: bool = False,
    ) -> Response:
        """Take a send or an action, unless there is an objection or a fault is planned for it."""
        fault = self._next_fault(self.action_faults if action else self.faults)
        if fault and not fault.taken:
            return self.faulty(fault)
        if refused := objection():
            return refused
        good = take()
        if fault is None:
            return good
        await asyncio.sleep(fault.delay)
        return self.faulty(fault) if fault.drop or fault.status != 200 else good

    def _next_fault(self, planned: deque[Fault | None]) -> Fault | None:
        with self._lock:
            return planned.popleft() if planned else None


@dataclass(kw_only=True)
class ReportingProvider(Provider):
    """Tells besides, by webhook, what became of each send."""

    batches: ClassVar[bool] = True
    """Whether several reports go into one webhook."""

    callback_url: str = ""
    """Where reports are posted; empty: nowhere, unless a message says where."""

    def __post_init__(self) -> None:
        super().__post_init__()
        weather = self.weather if self.batches else replace(self.weather, batch=1)
        name = f"{type(self).__name__} reports"
        self._reports: Courier[Any] = Courier(self.pack, self.callback_url, weather, name)

    @abstractmethod
    def pack(self, reports: Sequence[Any]) -> Post:
        """What became of sends, as one signed webhook."""

    @property
    def callbacks(self) -> list[int]:
        """The answers our service gave to reports."""
        return self._reports.answers

    @property
    def waiting(self) -> int:
        """Reports still to be posted."""
        return self._reports.waiting

    def start(self) -> None:
        super().start()
        self._reports.start()

    def stop(self) -> None:
        self._reports.stop()
        super().stop()

    def settle(self) -> None:
        """Wait until every report was posted."""
        self._reports.settle()
