"""When somebody speaks: by loudness over the line's own noise, and by how the sound swings."""

from collections import deque
from dataclasses import dataclass
from enum import Enum

import numpy as np

from connectors.speech.sound import FRAME_SECONDS, samples, seconds

QUIETEST = 0.006
"""Of full scale: nobody speaks below that on a telephone."""
OVER_NOISE = 3.0
OVER_NOISE_WHILE_WE_SPEAK = 4.5
"""What we say comes back as an echo on many lines; it is no interruption."""
MOST_SWINGS = 0.4
"""Crossings of zero per sample: white noise has half of one, voices far fewer."""
BEGINS_AFTER, BEGINS_WITHIN = 6, 10
"""So many frames of speech among so many are somebody speaking, and no click."""
ENDS_AFTER = 0.7
LEAD = 0.3
"""Kept from before speech was sure: the first sound of a word is often soft."""
LONGEST = 30.0
FLOOR_RISES, FLOOR_FALLS = 0.02, 0.3


class Turn(Enum):
    BEGAN = "began"
    ENDED = "ended"


@dataclass(frozen=True)
class Heard:
    turn: Turn
    sound: bytes = b""
    """The whole utterance, once it has ended."""


class Activity:
    """Fed one frame of 20 ms after the other; says when an utterance begins and ends."""

    def __init__(self) -> None:
        self.we_speak = False
        self._noise = QUIETEST / OVER_NOISE
        self._before: deque[bytes] = deque(maxlen=round(LEAD / FRAME_SECONDS) + BEGINS_WITHIN)
        self._lately: deque[bool] = deque(maxlen=BEGINS_WITHIN)
        self._spoken = bytearray()
        self._quiet = 0.0

    @property
    def speaking(self) -> bool:
        return bool(self._spoken)

    def feed(self, frame: bytes) -> Heard | None:
        is_speech = self._is_speech(frame)
        self._lately.append(is_speech)
        if not self.speaking:
            self._before.append(frame)
            if sum(self._lately) < BEGINS_AFTER:
                return None
            self._spoken += b"".join(self._before)
            self._quiet = 0.0
            return Heard(Turn.BEGAN)
        self._spoken += frame
        self._quiet = 0.0 if is_speech else self._quiet + FRAME_SECONDS
        if self._quiet < ENDS_AFTER and seconds(bytes(self._spoken)) < LONGEST:
            return None
        return self._end()

    def forget(self) -> None:
        """What was going on is nobody speaking: a key's tone, say."""
        self._spoken.clear()
        self._before.clear()
        self._lately.clear()

    def _end(self) -> Heard:
        heard = Heard(Turn.ENDED, bytes(self._spoken))
        self.forget()
        return heard

    def _is_speech(self, frame: bytes) -> bool:
        values = samples(frame)
        if not len(values):
            return False
        values = values - values.mean()
        loudness = float(np.sqrt(np.mean(values**2)))
        swings = float(np.mean(np.signbit(values[1:]) != np.signbit(values[:-1])))
        over = OVER_NOISE_WHILE_WE_SPEAK if self.we_speak else OVER_NOISE
        loud = loudness > max(QUIETEST, over * self._noise)
        self._learn(loudness, loud)
        return loud and swings < MOST_SWINGS

    def _learn(self, loudness: float, loud: bool) -> None:
        """The line's noise: falls at once, rises slowly, slower still while somebody speaks."""
        rises = FLOOR_RISES / 10 if loud else FLOOR_RISES
        share = FLOOR_FALLS if loudness < self._noise else rises
        self._noise += share * (loudness - self._noise)
