"""What can be made to happen to one send at a simulated provider."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.responses import StreamingResponse


@dataclass(frozen=True)
class Fault:
    """What happens to one send: an error answer, or a connection that drops.

    With `taken` the message was accepted all the same, as after a timeout on the way back; with
    the status 200 besides, it only took its time.
    """

    status: int = 500
    code: int = 131000
    """The provider's own error code."""
    words: str = ""
    """What it says instead, where it answers in words."""
    drop: bool = False
    taken: bool = False
    retry_after: str = ""
    delay: float = 0.0
    """Seconds between taking the message and answering."""


def dropped() -> StreamingResponse:
    """An answer that breaks off in the middle."""
    return StreamingResponse(_breaking(), headers={"content-length": "200"})


async def _breaking() -> AsyncIterator[bytes]:
    yield b"{"
    raise ConnectionResetError("simulated")
