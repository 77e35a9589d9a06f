"""A small support desk with people in it, and browsers that are signed in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp

from api.app import create_app
from connectors.simulator.server import Server
from core.clock import now
from core.db import transaction
from core.settings import Settings
from desk import conversations, inboxes, messages, recognition, teams
from desk.conversations import Thread
from desk.envelope import Address, Strength
from desk.messages import Author, Direction, Message
from desk.teams import Role, Teammate

PASSWORD = "correct horse battery"

# As little work as argon2 allows: what a sign-in costs is not what these tests are about.
_QUICK_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

Browser = TestClient


@dataclass
class Desk:
    """What a test needs of the desk: people, one inbox, and customers who write."""

    inbox_id: str

    def customer_writes(
        self, text: str, *, name: str = "Ines Aster", phone: str = "+4915112345601"
    ) -> str:
        """A message on a new conversation; returns the conversation's id."""
        with transaction() as session:
            address = Address("phone", phone, Strength.ASSERTED, "WhatsApp webhook")
            identity = recognition.recognise(session, [address], name)
            conversation = conversations.open_for(session, identity.customer_id)
            thread = Thread(
                conversation_id=conversation.id,
                inbox_id=self.inbox_id,
                identity_id=identity.id,
                customer_wrote_at=now(),
            )
            session.add(thread)
            session.flush()
            self._receive(session, conversation, thread, text)
            return conversation.id

    def customer_adds(self, conversation_id: str, text: str) -> str:
        with transaction() as session:
            conversation = conversations.lock(session, conversation_id)
            thread = session.query(Thread).filter_by(conversation_id=conversation_id).one()
            return self._receive(session, conversation, thread, text)

    def assistant_drafts(self, conversation_id: str, text: str) -> str:
        with transaction() as session:
            conversation = conversations.lock(session, conversation_id)
            thread = session.query(Thread).filter_by(conversation_id=conversation_id).one()
            draft = messages.write(
                session, conversation, thread, text, author=Author.ASSISTANT, draft=True
            )
            return draft.id

    @staticmethod
    def _receive(session: Any, conversation: Any, thread: Any, text: str) -> str:
        moment = now()
        message = Message(
            conversation_id=conversation.id,
            thread_id=thread.id,
            inbox_id=thread.inbox_id,
            identity_id=thread.identity_id,
            direction=Direction.IN,
            author=Author.CUSTOMER,
            at=moment,
            text=text,
        )
        session.add(message)
        conversation.last_at = conversation.waiting_since = moment
        conversation.revision += 1
        session.flush()
        return message.id


@pytest.fixture
def desk(installation: Settings) -> Desk:
    return open_desk()


def open_desk() -> Desk:
    with transaction() as session:
        for name, role in (
            ("Ada", Role.ADMIN),
            ("Lea", Role.LEAD),
            ("Ben", Role.AGENT),
            ("Cem", Role.AGENT),
        ):
            email = f"{name}@shop.example".lower()
            session.add(Teammate(email=email, name=name, role=role, password_hash=_QUICK_HASH))
        teams.fallback_queue(session)
        inbox = inboxes.open_inbox(session, "web", "Shop chat")
        return Desk(inbox.id)


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return create_app()


@pytest.fixture
def browser(app: FastAPI, desk: Desk) -> Iterator[Callable[..., Browser]]:
    """Opens a browser in which this teammate is signed in; without a name nobody is."""
    opened: list[Browser] = []

    def open_browser(name: str = "") -> Browser:
        opened.append(browser_of(app, name))
        return opened[-1]

    yield open_browser
    for client in opened:
        client.close()


def browser_of(app: FastAPI, name: str = "") -> Browser:
    client = TestClient(
        app, base_url="http://desk.example", headers={"X-Requested-With": "onethread"}
    )
    if name:
        credentials = {"email": f"{name}@shop.example", "password": PASSWORD}
        assert client.post("/api/sign-in", json=credentials).status_code == 200
    return client


@pytest.fixture
def ada(browser: Callable[..., Browser]) -> Browser:
    """An admin's browser."""
    return browser("Ada")


@pytest.fixture
def lea(browser: Callable[..., Browser]) -> Browser:
    """A lead's browser."""
    return browser("Lea")


@pytest.fixture
def ben(browser: Callable[..., Browser]) -> Browser:
    """An agent's browser."""
    return browser("Ben")


@pytest.fixture
def cem(browser: Callable[..., Browser]) -> Browser:
    """Another agent's browser."""
    return browser("Cem")


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The app on a real port: a stream never ends, so it needs a real connection."""
    server = Server(app)
    server.start()
    yield server.base_url
    server.stop()
