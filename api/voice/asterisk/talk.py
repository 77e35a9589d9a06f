"""One call's sound: what is heard becomes events, what is said goes out at the speed of speech."""

import asyncio
from collections import deque

from connectors.channels.asterisk.audiosocket import Frame, Frames, Kind
from connectors.speech.activity import Activity, Heard, Turn
from connectors.speech.sound import FRAME_BYTES, FRAME_SECONDS, frames

AHEAD = 3
"""Frames sent before their time, so that a busy moment here is no gap there."""
MOST_WAITING = 20
NOTHING_CAME = 0.1


class Talk:
    """An open AudioSocket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._activity = Activity()
        self._rest = b""
        self._news: deque[Heard | str] = deque(maxlen=MOST_WAITING)
        self._is_news = asyncio.Event()
        self.keys_only = False
        """Whether speech is ignored: a teammate who is to press a key may well say hello."""
        self.recorded: bytearray | None = None

    async def listen(self) -> None:
        """Until the line is dead."""
        reader = Frames()
        try:
            while received := await self._received():
                for frame in reader.feed(received):
                    if frame.kind == Kind.HANG_UP:
                        return
                    if frame.kind == Kind.SOUND:
                        self._hear(frame.payload)
                    elif frame.kind == Kind.KEY and frame.key:
                        self.press(frame.key)
        except OSError:
            return
        finally:
            self.close()

    async def _received(self) -> bytes:
        """What came; phones that send nothing while nobody speaks are heard as silent."""
        while True:
            try:
                return await asyncio.wait_for(self._reader.read(4096), NOTHING_CAME)
            except TimeoutError:
                self._hear(bytes(round(NOTHING_CAME / FRAME_SECONDS) * FRAME_BYTES))

    def _hear(self, sound: bytes) -> None:
        if self.recorded is not None:
            self.recorded += sound
        self._rest += sound
        while len(self._rest) >= FRAME_BYTES:
            frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
            heard = self._activity.feed(frame)
            if heard and not self.keys_only:
                self._tell(heard)

    def press(self, key: str) -> None:
        """A key; its tone is no speech."""
        self._activity.forget()
        while self._news and self._news[-1] == Heard(Turn.BEGAN):
            self._news.pop()
        self._tell(key)

    def _tell(self, news: Heard | str) -> None:
        self._news.append(news)
        self._is_news.set()

    def forget(self) -> None:
        """What was heard until now is not meant for what comes."""
        self._news.clear()

    async def play(self, sound: bytes, *, interruptible: bool = False) -> float:
        """Say it; returns how much of it was said: less than 1.0 when the caller broke in."""
        if not sound:
            return 1.0
        clock = asyncio.get_running_loop().time
        started, all_of_it = clock(), -(-len(sound) // FRAME_BYTES)
        self._activity.we_speak = True
        try:
            for number, frame in enumerate(frames(sound)):
                if interruptible and self._news:
                    return max(0.0, (number - AHEAD) / all_of_it)
                self._writer.write(Frame(Kind.SOUND, frame).written())
                early = started + (number - AHEAD) * FRAME_SECONDS - clock()
                if early > 0:
                    await self._writer.drain()
                    await asyncio.sleep(early)
            await asyncio.sleep(AHEAD * FRAME_SECONDS)
        finally:
            self._activity.we_speak = False
        return 1.0

    async def news(self, patience: float) -> Heard | str | None:
        """The next key or utterance; None once nothing was heard for so many seconds."""
        deadline = asyncio.get_running_loop().time() + patience
        while not self._news:
            self._is_news.clear()
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 and not self._activity.speaking:
                return None
            try:
                await asyncio.wait_for(self._is_news.wait(), max(left, 0.1))
            except TimeoutError:
                continue
        return self._news.popleft()

    def close(self) -> None:
        self._writer.close()
