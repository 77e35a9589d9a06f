"""An open AudioSocket: what comes becomes events, what is said keeps the pace of speech."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from api.voice.asterisk.sockets import Sockets
from api.voice.asterisk.talk import Talk
from connectors.channels.asterisk.audiosocket import Frame, Frames, Kind
from connectors.speech.activity import Heard, Turn
from connectors.speech.sound import beep, frames
from tests.connectors.speech.test_activity import hiss, voice

Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def _line() -> AsyncIterator[tuple[Talk, Wire]]:
    """Our side of a call's sound, and Asterisk's."""
    sockets = Sockets()
    server = await sockets.listen("127.0.0.1:0")
    port = server.sockets[0].getsockname()[1]
    with sockets.expected() as (sound_id, came):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(Frame(Kind.CALL, UUID(sound_id).bytes).written())
        talk = await asyncio.wait_for(came, 5)
    listening = asyncio.create_task(talk.listen())
    yield talk, (reader, writer)
    writer.close()
    listening.cancel()
    server.close()


def _with_a_line(story: Callable[[Talk, Wire], Awaitable[None]]) -> None:
    async def tell() -> None:
        async with _line() as (talk, wire):
            await story(talk, wire)

    asyncio.run(tell())


def test_what_is_said_arrives_whole_at_the_pace_of_speech() -> None:
    async def story(talk: Talk, wire: Wire) -> None:
        started = time.monotonic()
        assert await talk.play(beep(length=0.5)) == 1.0
        assert time.monotonic() - started > 0.4
        came = list(Frames().feed(await wire[0].read(100_000)))
        assert b"".join(frame.payload for frame in came) == beep(length=0.5)

    _with_a_line(story)


def test_a_voice_breaks_in_and_is_heard_to_its_end_though_nothing_follows_it() -> None:
    async def story(talk: Talk, wire: Wire) -> None:
        saying = asyncio.create_task(talk.play(beep(length=3), interruptible=True))
        for frame in frames(hiss(0.5, 0.001) + voice(0.8)):
            wire[1].write(Frame(Kind.SOUND, frame).written())
        assert await saying < 0.5
        assert await talk.news(1) == Heard(Turn.BEGAN)
        ended = await talk.news(3)
        assert isinstance(ended, Heard)
        assert ended.turn == Turn.ENDED

    _with_a_line(story)


def test_keys_break_in_and_silence_is_nothing() -> None:
    async def story(talk: Talk, wire: Wire) -> None:
        assert await talk.news(0.2) is None
        wire[1].write(Frame(Kind.KEY, b"5").written())
        assert await talk.news(2) == "5"

    _with_a_line(story)


def test_nobody_is_let_in_without_a_calls_id() -> None:
    async def tell() -> None:
        server = await Sockets().listen("127.0.0.1:0")
        port = server.sockets[0].getsockname()[1]
        for said in (
            Frame(Kind.CALL, bytes(16)).written(),
            Frame(Kind.SOUND, bytes(320)).written(),
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            with suppress(ConnectionResetError):
                assert await asyncio.wait_for(reader.read(), 5) == b""
            writer.close()
        server.close()

    asyncio.run(tell())
