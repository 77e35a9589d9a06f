"""All phone lines over Asterisk, beside the API: a loop and a thread of their own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from api.voice.asterisk import speech
from api.voice.asterisk.exchange import Exchange
from api.voice.asterisk.sockets import Sockets
from core.db import reading
from core.errors import Invalid
from core.log import log
from desk import inboxes
from desk.inboxes import Inbox

LOOK_EVERY = 5.0
STOPS_WITHIN = 8.0


@contextmanager
def phone_lines(app: FastAPI, address: str) -> Iterator[None]:
    """Take calls as long as this is open. Raises Invalid when the address can't be listened at."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="asterisk", daemon=True)
    thread.start()
    sockets = Sockets()
    try:
        server = asyncio.run_coroutine_threadsafe(sockets.listen(address), loop).result(10)
    except (OSError, ValueError) as wrong:
        loop.call_soon_threadsafe(loop.stop)
        raise Invalid(
            f"ONETHREAD_AUDIOSOCKET is {address}, where no sound can be taken: {wrong}."
        ) from wrong
    speech.warm_up()
    serving = asyncio.run_coroutine_threadsafe(_serve(app, sockets), loop)
    try:
        yield
    finally:
        serving.cancel()
        stopping = asyncio.run_coroutine_threadsafe(_stopped(server), loop)
        with _whatever_happens():
            stopping.result(STOPS_WITHIN)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(STOPS_WITHIN)


@contextmanager
def _whatever_happens() -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("phone_lines_not_stopped")


async def _serve(app: FastAPI, sockets: Sockets) -> None:
    """One exchange for each inbox; started anew when its settings change."""
    running: dict[str, tuple[str, Exchange, asyncio.Task[None]]] = {}
    while True:
        wanted = {one.id: one for one in await asyncio.to_thread(_inboxes)}
        for inbox_id, (settings, exchange, task) in list(running.items()):
            inbox = wanted.get(inbox_id)
            # Nobody is thrown off the line because somebody edits a setting.
            changed = inbox is not None and _settings(inbox) != settings and not exchange.lines
            if task.done() or inbox is None or changed:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                del running[inbox_id]
        for inbox in wanted.values():
            if inbox.id not in running:
                exchange = Exchange(app, inbox, sockets)
                serving = asyncio.create_task(exchange.serve())
                running[inbox.id] = (_settings(inbox), exchange, serving)
        await asyncio.sleep(LOOK_EVERY)


def _inboxes() -> list[Inbox]:
    with reading() as session:
        return inboxes.of_kind(session, "asterisk")


def _settings(inbox: Inbox) -> str:
    return repr((sorted(inbox.config.items()), sorted(inbox.secrets.items()), inbox.disclosure))


async def _stopped(server: asyncio.Server) -> None:
    """Everything that runs here has ended."""
    server.close()
    mine = asyncio.current_task()
    others = [one for one in asyncio.all_tasks() if one is not mine]
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
