"""Where Asterisk brings calls' sound: one port, a secret id for each call."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from api.voice.asterisk.talk import Talk
from connectors.channels.asterisk.audiosocket import Frames, Kind
from core.log import log

FIRST_FRAME = 3 + 16
SAYS_WHO_WITHIN = 5.0


class Sockets:
    def __init__(self) -> None:
        self._expected: dict[str, asyncio.Future[Talk]] = {}

    async def listen(self, address: str) -> asyncio.Server:
        """At host:port. Raises OSError when that is taken, ValueError when it is no address."""
        host, _, port = address.rpartition(":")
        return await asyncio.start_server(self._take, host or "127.0.0.1", int(port))

    @contextmanager
    def expected(self) -> Iterator[tuple[str, "asyncio.Future[Talk]"]]:
        """An id for Asterisk to come with, and the sound once it has."""
        sound_id = str(uuid4())
        came = self._expected[sound_id] = asyncio.get_running_loop().create_future()
        try:
            yield sound_id, came
        finally:
            self._expected.pop(sound_id, None)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Only whoever knows a call's id is let in."""
        try:
            async with asyncio.timeout(SAYS_WHO_WITHIN):
                head = await reader.readexactly(FIRST_FRAME)
        except (OSError, EOFError, TimeoutError):
            writer.close()
            return
        waiting = self._expected.get(_call(head))
        if waiting is None or waiting.done():
            log.warning("sound_of_no_call")
            writer.close()
            return
        waiting.set_result(Talk(reader, writer))


def _call(head: bytes) -> str:
    first = next(Frames().feed(head), None)
    return first.call if first and first.kind == Kind.CALL else ""
