"""A website chat as it happens: server-sent events, resumed where they broke off."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.chat.rating import ChatRating, asked
from api.chat.shapes import ChatMessage, shown
from api.chat.visitors import Present, Visitor, identity_of, threads_of
from api.live import LONGEST_SECONDS, PING_SECONDS, Hub, entries
from api.problems import problems
from core import events, live
from core.db import reading
from core.events import LogEntry

router = APIRouter(prefix="/chat/{inbox_id}", tags=["chat"], responses=problems(401, 404))


@router.get(
    "/live",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Event stream"}},
)
async def watch_chat(
    request: Request,
    visitor: Present,
    last_event_id: Annotated[str, Header()] = "",
    after: Annotated[int | None, Query(ge=0)] = None,
) -> EventSourceResponse:
    """`message` {a whole ChatMessage, new or changed}, `piece` {id, text}, `typing` {who},
    `rating` {a ChatRating, or null while the chat goes on}.

    Resumes after the header Last-Event-ID, else after the number in the query, else from now on.
    """
    resumed = last_event_id.isascii() and last_event_id.isdigit()
    start = int(last_event_id) if resumed else after
    hub: Hub = request.app.state.hub
    return EventSourceResponse(_stream(hub, visitor, start), ping=PING_SECONDS, send_timeout=30)


async def _stream(hub: Hub, visitor: Visitor, start: int | None) -> AsyncIterator[ServerSentEvent]:
    with suppress(TimeoutError), hub.joined() as connection:
        async with asyncio.timeout(LONGEST_SECONDS):
            await hub.ready.wait()
            watcher = await run_in_threadpool(_begin, visitor, start)
            yield ServerSentEvent("{}", event="ready", id=str(watcher.number))
            for event in await run_in_threadpool(watcher.changes):
                yield event
            async for item in _merged(entries(connection, watcher.number)):
                for event in await run_in_threadpool(watcher.hear, item):
                    yield event


@dataclass(frozen=True)
class Typing:
    """Somebody is about to answer in this conversation."""

    conversation_id: str


async def _merged(log: AsyncIterator[LogEntry]) -> AsyncIterator[LogEntry | Typing]:
    """The log, and between its entries who is typing."""
    queue: asyncio.Queue[LogEntry | Typing | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def on_typing(conversation_id: str) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, Typing(conversation_id))

    async def pump() -> None:
        async for entry in log:
            queue.put_nowait(entry)
        queue.put_nowait(None)

    with live.listening(live.ASSISTANT_TYPING, on_typing):
        pumping = asyncio.create_task(pump())
        try:
            while (item := await queue.get()) is not None:
                yield item
        finally:
            pumping.cancel()


@dataclass
class _Watcher:
    """What one connection has been told already."""

    visitor: Visitor
    number: int
    identity_id: str | None = None
    conversations: set[str] = field(default_factory=set)
    told: dict[str, ChatMessage] = field(default_factory=dict)
    rating: ChatRating | None = None

    def hear(self, item: LogEntry | Typing) -> list[ServerSentEvent]:
        """What to tell the visitor about this entry; nothing when it isn't about their chat."""
        if isinstance(item, Typing):
            known = item.conversation_id in self.conversations
            return [self._event("typing", json.dumps({"who": "assistant"}))] if known else []
        self.number = item.number or self.number
        return self.changes() if self._is_ours(item) else []

    def changes(self) -> list[ServerSentEvent]:
        """Everything that differs from what was told: spoken text in pieces, the rest whole."""
        with reading() as session:
            self._look_who_we_are(session)
            messages, rating = shown(session, self.visitor), asked(session, self.visitor)
        told = [event for message in messages for event in self._tell(message)]
        return told + self._tell_rating(rating)

    def remember(self) -> None:
        """Take what the widget has just read as told."""
        with reading() as session:
            self._look_who_we_are(session)
            self.told = {message.id: message for message in shown(session, self.visitor)}
            self.rating = asked(session, self.visitor)

    def _is_ours(self, entry: LogEntry) -> bool:
        if entry.conversation_id in self.conversations:
            return True
        if entry.name != "message.received":
            return False
        return self.identity_id is None or entry.data.get("identity") == self.identity_id

    def _look_who_we_are(self, session: Session) -> None:
        identity = identity_of(session, self.visitor)
        self.identity_id = identity.id if identity else None
        threads = threads_of(session, self.visitor)
        self.conversations = {thread.conversation_id for thread in threads}

    def _tell(self, message: ChatMessage) -> list[ServerSentEvent]:
        before = self.told.get(message.id)
        self.told[message.id] = message
        if before == message:
            return []
        if message.streaming and before and message.text.startswith(before.text):
            more = message.text[len(before.text) :]
            return [self._event("piece", json.dumps({"id": message.id, "text": more}))]
        return [self._event("message", message.model_dump_json(by_alias=True))]

    def _tell_rating(self, rating: ChatRating | None) -> list[ServerSentEvent]:
        if rating == self.rating:
            return []
        self.rating = rating
        return [self._event("rating", rating.model_dump_json() if rating else "null")]

    def _event(self, name: str, data: str) -> ServerSentEvent:
        return ServerSentEvent(data, event=name, id=str(self.number))


def _begin(visitor: Visitor, start: int | None) -> _Watcher:
    """Without a start the widget has just read everything; with one it is told what it missed."""
    watcher = _Watcher(visitor, 0)
    # Read before the number is: what is said in between is then told, not taken as told.
    watcher.remember()
    watcher.number = events.last_number()
    if start is not None and start < watcher.number:
        watcher.told.clear()
        watcher.rating = None
    return watcher
