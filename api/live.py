"""Live updates of the console: the event log as server-sent events, resumable by number.

However many browsers listen, each wake costs one look at the database.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.auth import Actor, Agent, actor_of
from api.problems import problems
from core import events, live
from core.events import LogEntry
from core.log import log

router = APIRouter(prefix="/api", tags=["live"], responses=problems(401))

PING_SECONDS = 15
LOOK_ANYWAY_SECONDS = 30
"""A wake can get lost between processes; nobody waits longer than this for news."""
LONGEST_SECONDS = 30 * 60
"""Then the browser comes back by itself, and shows its session again."""
MOST_WAITING = 1000
TOO_FAR_BEHIND = 2000
"""Beyond this a browser is told to load afresh instead of hearing everything it missed."""
_ABOUT_SESSIONS = ("teammate.signed_out", "teammate.changed")


@router.get(
    "/live",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Event stream"}},
)
async def follow_live(
    request: Request,
    actor: Agent,
    last_event_id: Annotated[str, Header()] = "",
    after: Annotated[int | None, Query(ge=0)] = None,
) -> EventSourceResponse:
    """`log` events {name, conversation_id, data}; `ping`; `reload` after too long an absence.

    Resumes after the header Last-Event-ID, else after the number in the query, else from now on.
    """
    start = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else after
    hub: Hub = request.app.state.hub
    return EventSourceResponse(
        _stream(hub, actor, start),
        ping=PING_SECONDS,
        ping_message_factory=lambda: ServerSentEvent("{}", event="ping"),
        send_timeout=30,
    )


async def _stream(hub: "Hub", actor: Actor, start: int | None) -> AsyncIterator[ServerSentEvent]:
    with suppress(TimeoutError), hub.joined() as connection:
        async with asyncio.timeout(LONGEST_SECONDS):
            await hub.ready.wait()
            number, first = await _beginning(start)
            yield first
            async for entry in entries(connection, number):
                yield _event(entry)
                if _is_about(entry, actor) and not await _may_stay(actor):
                    return


async def _beginning(start: int | None) -> tuple[int, ServerSentEvent]:
    """The number to go on from, and a first event that tells it to the browser."""
    last = await run_in_threadpool(events.last_number)
    number = last if start is None or start > last else start
    if last - number > TOO_FAR_BEHIND:
        return last, ServerSentEvent("{}", event="reload", id=str(last))
    return number, ServerSentEvent("{}", event="ping", id=str(number))


async def entries(connection: "Connection", number: int) -> AsyncIterator[LogEntry]:
    """What was missed, then what happens, each once and in order."""
    while missed := await run_in_threadpool(events.after, number):
        for entry in missed:
            number = entry.number or number
            yield entry
    while (news := await connection.next()) is not None:
        if news.number and news.number > number:
            number = news.number
            yield news


def _event(entry: LogEntry) -> ServerSentEvent:
    told = {"name": entry.name, "conversation_id": entry.conversation_id, "data": entry.data}
    return ServerSentEvent(json.dumps(told), event="log", id=str(entry.number))


def _is_about(entry: LogEntry, actor: Actor) -> bool:
    return entry.name in _ABOUT_SESSIONS and entry.data.get("teammate") == actor.id


async def _may_stay(actor: Actor) -> bool:
    return await run_in_threadpool(actor_of, actor.sign_in_id) is not None


@dataclass(eq=False)
class Connection:
    """One browser's place in the hub."""

    waiting: asyncio.Queue[LogEntry] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    lost: bool = False
    """It reads too slowly; it is let go, and resumes where it was when it comes back."""

    async def next(self) -> LogEntry | None:
        if self.lost and self.waiting.empty():
            return None
        return await self.waiting.get()


class Hub:
    """Reads the log once per wake and hands the news to every connection of this process.

    It reads only while somebody listens.
    """

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self._connections: set[Connection] = set()
        self._reader: asyncio.Task[None] | None = None

    @property
    def is_reading(self) -> bool:
        return self._reader is not None

    @contextmanager
    def joined(self) -> Iterator[Connection]:
        connection = Connection()
        self._connections.add(connection)
        if self._reader is None:
            self.ready = asyncio.Event()
            self._reader = asyncio.create_task(self._read())
        try:
            yield connection
        finally:
            self._connections.discard(connection)
            if not self._connections and self._reader:
                self._reader.cancel()
                self._reader = None

    async def _read(self) -> None:
        news, loop = asyncio.Event(), asyncio.get_running_loop()

        def wake(_: str) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(news.set)

        with live.listening(live.LOG, wake):
            number = await self._start()
            self.ready.set()
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), LOOK_ANYWAY_SECONDS)
                news.clear()
                number = await self._spread(number)

    async def _start(self) -> int:
        while True:
            try:
                return await run_in_threadpool(events.last_number)
            except Exception:
                log.exception("live_log_not_read")
                await asyncio.sleep(1)

    async def _spread(self, number: int) -> int:
        """Hand on what came after `number`; a database that is away is asked again later."""
        try:
            while fresh := await run_in_threadpool(events.after, number):
                for entry in fresh:
                    self._hand_out(entry)
                number = fresh[-1].number or number
        except Exception:
            log.exception("live_log_not_read")
        return number

    def _hand_out(self, entry: LogEntry) -> None:
        for connection in list(self._connections):
            try:
                connection.waiting.put_nowait(entry)
            except asyncio.QueueFull:
                connection.lost = True
                self._connections.discard(connection)
