"""A website chat as it happens: server-sent events, resumed where they broke off."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.concurrency import run_in_threadpool
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.chat.shapes import ChatMessage, shown
from api.chat.visitors import Present, Visitor, threads_of
from api.problems import problems
from core import events, live
from core.db import reading

PING = 15
"""Seconds between signs of life; proxies close what stays silent for longer."""

router = APIRouter(prefix="/chat/{inbox_id}", tags=["chat"], responses=problems(401, 404))


@router.get("/live", response_class=EventSourceResponse)
async def watch(
    visitor: Present,
    last_event_id: Annotated[int | None, Header()] = None,
    after: Annotated[int | None, Query()] = None,
) -> EventSourceResponse:
    """Events: `message` (new or changed, whole), `piece` (more of one being spoken), `typing`."""
    start = last_event_id if last_event_id is not None else after
    return EventSourceResponse(_stream(visitor, start), ping=PING)


@dataclass
class _Watcher:
    """What one connection has been told already."""

    visitor: Visitor
    number: int
    texts: dict[str, str] = field(default_factory=dict)
    """The text of each message still being spoken, as far as it was sent."""
    told: dict[str, str] = field(default_factory=dict)

    def news(self) -> list[ServerSentEvent]:
        """What changed in this visitor's chat since the last look."""
        entries = events.after(self.number, limit=500)
        if not entries:
            return []
        self.number = entries[-1].number or self.number
        with reading() as session:
            ours = {thread.conversation_id for thread in threads_of(session, self.visitor)}
            if not any(entry.conversation_id in ours for entry in entries):
                return []
            messages = shown(session, self.visitor)
        return [event for message in messages for event in self.tell(message)]

    def tell(self, message: ChatMessage) -> list[ServerSentEvent]:
        """Spoken text goes out piece by piece, everything else whole, each change once."""
        body = message.model_dump_json(by_alias=True)
        if self.told.get(message.id) == body:
            return []
        self.told[message.id] = body
        said = self.texts.get(message.id)
        if message.streaming and said is not None and message.text.startswith(said):
            piece = message.text[len(said) :]
            self.texts[message.id] = message.text
            data = json.dumps({"id": message.id, "text": piece})
            return [self._event("piece", data)] if piece else []
        self.texts[message.id] = message.text
        return [self._event("message", body)]

    def _event(self, name: str, data: str) -> ServerSentEvent:
        return ServerSentEvent(data, event=name, id=str(self.number))


async def _stream(visitor: Visitor, start: int | None) -> AsyncIterator[ServerSentEvent]:
    loop, awake = asyncio.get_running_loop(), asyncio.Event()
    typing: list[str] = []

    def on_news(_: str) -> None:
        loop.call_soon_threadsafe(awake.set)

    def on_typing(conversation_id: str) -> None:
        typing.append(conversation_id)
        loop.call_soon_threadsafe(awake.set)

    with (
        live.listening(live.LOG, on_news),
        live.listening(live.ASSISTANT_TYPING, on_typing),
    ):
        watcher = await run_in_threadpool(_begin, visitor, start)
        awake.set()
        while True:
            await awake.wait()
            awake.clear()
            for event in await run_in_threadpool(watcher.news):
                yield event
            if await run_in_threadpool(_is_ours, visitor, typing):
                yield ServerSentEvent(json.dumps({"who": "assistant"}), event="typing")


def _begin(visitor: Visitor, start: int | None) -> _Watcher:
    """From `start` on; without it only what is new counts, the widget has just read the rest."""
    if start is not None:
        return _Watcher(visitor, start)
    watcher = _Watcher(visitor, events.last_number())
    with reading() as session:
        for message in shown(session, visitor):
            watcher.tell(message)
    return watcher


def _is_ours(visitor: Visitor, typing: list[str]) -> bool:
    heard, typing[:] = list(typing), []
    if not heard:
        return False
    with reading() as session:
        return any(thread.conversation_id in heard for thread in threads_of(session, visitor))
