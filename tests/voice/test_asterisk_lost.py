"""An Asterisk that is not there, or lets nobody in, is told; once it is there again all is well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from fastapi import FastAPI
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from api.voice.asterisk import exchange as module
from api.voice.asterisk.exchange import Exchange
from api.voice.asterisk.sockets import Sockets
from core.db import reading, transaction
from core.settings import Settings
from delivery import trouble
from desk import inboxes
from desk.inboxes import Inbox
from tests.lab.service import free_port


@pytest.fixture
def line(small_installation: Settings, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    """An inbox whose Asterisk would listen on a free port."""
    monkeypatch.setattr(module, "AGAIN_AFTER", 0.01)
    monkeypatch.setattr(module, "AGAIN_AT_MOST", 0.01)
    with transaction() as session:
        return inboxes.open_inbox(
            session,
            "asterisk",
            "Phone",
            config={"ari_url": f"http://127.0.0.1:{free_port()}", "ari_user": "onethread"},
            secrets={"ari_password": "wrong"},
        )


@asynccontextmanager
async def _exchange(inbox: Inbox) -> AsyncIterator[None]:
    serving = asyncio.create_task(Exchange(FastAPI(), inbox, Sockets()).serve())
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@asynccontextmanager
async def _asterisk(inbox: Inbox, status: HTTPStatus | None = None) -> AsyncIterator[None]:
    """Takes connections, or refuses them with this status."""

    def refuse(connection: ServerConnection, _request: Request) -> Response | None:
        return connection.respond(status, "") if status else None

    async def stay(connection: ServerConnection) -> None:
        await connection.wait_closed()

    port = int(inbox.config["ari_url"].rpartition(":")[2])
    async with serve(stay, "127.0.0.1", port, process_request=refuse):
        yield


async def _until(words: str) -> None:
    async with asyncio.timeout(10):
        while words not in _told():
            await asyncio.sleep(0.02)


async def _until_well() -> None:
    async with asyncio.timeout(10):
        while _told():
            await asyncio.sleep(0.02)


def _told() -> str:
    with reading() as session:
        return " ".join(one.words for one in trouble.troubles(session))


def test_one_that_is_not_there_is_told_until_it_is(line: Inbox) -> None:
    async def story() -> None:
        async with _exchange(line):
            await _until("can't be reached")
            async with _asterisk(line):
                await _until_well()

    asyncio.run(story())


def test_a_refused_password_is_named(line: Inbox) -> None:
    async def story() -> None:
        async with _asterisk(line, HTTPStatus.UNAUTHORIZED), _exchange(line):
            await _until("refuses the user name or password")

    asyncio.run(story())
