"""AudioSocket, Asterisk's way to hand out a call's sound: small frames over TCP."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

_HEAD = struct.Struct(">BH")


class Kind(IntEnum):
    HANG_UP = 0x00
    CALL = 0x01
    """Whose sound this is: always the first frame, sixteen bytes."""
    KEY = 0x03
    SOUND = 0x10
    """8 kHz, 16 bit, one channel, little-endian."""
    TROUBLE = 0xFF


@dataclass(frozen=True)
class Frame:
    kind: int
    payload: bytes = b""

    def written(self) -> bytes:
        return _HEAD.pack(self.kind, len(self.payload)) + self.payload

    @property
    def call(self) -> str:
        """The call's id in a CALL frame, "" when it is none."""
        return str(UUID(bytes=self.payload)) if len(self.payload) == 16 else ""

    @property
    def key(self) -> str:
        """The pressed key in a KEY frame, "" when it is none."""
        key = self.payload.decode("ascii", "replace")
        return key if len(key) == 1 and key in "0123456789*#ABCD" else ""


class Frames:
    """Takes bytes as they come off the wire and gives the frames that are complete."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, received: bytes) -> Iterator[Frame]:
        self._waiting += received
        while len(self._waiting) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._waiting)
            end = _HEAD.size + length
            if len(self._waiting) < end:
                return
            payload = bytes(self._waiting[_HEAD.size : end])
            del self._waiting[:end]
            yield Frame(kind, payload)
