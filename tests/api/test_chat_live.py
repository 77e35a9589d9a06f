"""A visitor's live stream: everything said in their chat, once, wherever it broke off."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from httpx_sse import EventSource, connect_sse
from sqlalchemy import select

from core import events
from core.db import reading, transaction
from core.settings import Settings
from delivery import inbound, receive
from desk import conversations, inboxes, messages
from desk.messages import Author, Message
from tests.api.conftest import serving


@dataclass
class Widget:
    """One browser's chat on a running service."""

    client: httpx.Client

    def writes(self, text: str) -> None:
        body = {"client_id": str(uuid4()), "text": text}
        self.client.post("messages", json=body).raise_for_status()
        with reading() as session:
            waiting = select(inbound.Event.id).where(inbound.Event.done_at.is_(None))
            event_ids = session.scalars(waiting).all()
        for event_id in event_ids:
            receive.receive(event_id)

    def reads(self) -> int:
        """The chat so far; the number to listen on from."""
        return int(self.client.get("messages").raise_for_status().json()["last"])

    @contextmanager
    def listens(self, last: int) -> Iterator[Iterator[tuple[str, Any]]]:
        with connect_sse(
            self.client, "GET", "live", headers={"Last-Event-ID": str(last)}
        ) as source:
            told = _told(source)
            assert next(told)[0] == "ready"
            yield told


def _told(source: EventSource) -> Iterator[tuple[str, Any]]:
    for event in source.iter_sse():
        if event.event not in ("ping", "typing"):
            yield event.event, json.loads(event.data)


@pytest.fixture
def widget(installation: Settings, app: FastAPI) -> Iterator[Widget]:
    """A visitor who has written "Hello"."""
    with transaction() as session:
        inbox = inboxes.open_inbox(session, "web", "Chat")
    with serving(app) as url:
        yield from _visitor(f"{url}/chat/{inbox.id}/")


def _visitor(base: str) -> Iterator[Widget]:
    with httpx.Client(base_url=base, timeout=10, trust_env=False) as client:
        token = client.post("session", json={}).raise_for_status().json()["visitor_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        widget = Widget(client)
        widget.writes("Hello")
        yield widget


def begins_to_answer(text: str) -> str:
    with transaction() as session:
        asked = session.scalars(
            select(Message).where(Message.text == "Hello").order_by(Message.id)
        ).first()
        assert asked
        conversation = conversations.lock(session, asked.conversation_id)
        thread = messages.thread_to_answer(session, conversation.id)
        assert thread
        return messages.write(
            session, conversation, thread, text, author=Author.ASSISTANT, speaking=True
        ).id


def goes_on(message_id: str, text: str) -> None:
    with transaction() as session:
        message = session.get_one(Message, message_id)
        message.text += text
        events.append(session, "message.piece", message.conversation_id, message=message_id)


def test_an_answer_is_told_whole_at_first_and_then_in_pieces(widget: Widget) -> None:
    with widget.listens(widget.reads()) as told:
        answer = begins_to_answer("We ship.")
        assert _texts(told, 1) == [("message", "We ship.")]
        goes_on(answer, " To Norway, too.")
        assert _texts(told, 1) == [("piece", " To Norway, too.")]


def test_what_is_said_between_reading_and_listening_is_told(widget: Widget) -> None:
    answer = begins_to_answer("We ship.")
    last = widget.reads()
    goes_on(answer, " To Norway, too.")
    with widget.listens(last) as told:
        assert _texts(told, 2)[-1] == ("message", "We ship. To Norway, too.")


def test_who_comes_back_after_reading_everything_is_told_only_what_is_new(widget: Widget) -> None:
    answer = begins_to_answer("We ship.")
    with widget.listens(widget.reads()) as told:
        goes_on(answer, " To Norway, too.")
        assert _texts(told, 1) == [("piece", " To Norway, too.")]


def test_nobody_hears_another_visitors_chat(widget: Widget) -> None:
    for other in _visitor(str(widget.client.base_url)):
        with other.listens(other.reads()) as told:
            begins_to_answer("Only for the first one.")
            other.writes("Me again")
            assert _texts(told, 1) == [("message", "Me again")]


def _texts(told: Iterator[tuple[str, Any]], count: int) -> list[tuple[str, str]]:
    heard = [next(told) for _ in range(count)]
    return [(name, data["text"]) for name, data in heard]
