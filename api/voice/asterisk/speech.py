"""Hearing and speaking beside the lines: engines take their time, the lines don't wait."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from connectors.speech.engines import engines
from connectors.speech.sound import RATE

LONGEST = 40.0
AT_ONCE = 4
KEPT = 200
"""Set phrases are synthesised once."""
LONGEST_MESSAGE = 60 * RATE * 2


@lru_cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "speech")


def can_converse(languages: Sequence[str]) -> bool:
    return engines().hears(languages[0]) and engines().speaks(languages[0])


def speaks(language: str) -> bool:
    return engines().speaks(language)


async def said(text: str, language: str) -> bytes:
    """Raises OSError when it can't be said."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads(), _say, text, language)


@lru_cache(maxsize=KEPT)
def _say(text: str, language: str) -> bytes:
    voice = engines().say
    return voice.synthesise(text, language) if voice and voice.speaks(language) else b""


async def heard(sound: bytes, language: str) -> str:
    """Raises OSError when nothing can hear."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads(), _hear, sound, language)


def _hear(sound: bytes, language: str) -> str:
    ear = engines().hear
    if ear is None or not ear.understands(language):
        raise OSError("Nothing here recognises speech in this language.")
    return ear.recognise(sound, language)


async def message(sound: bytes, language: str) -> str:
    """What a voicemail says, "" where it can't be written down: the recording is there."""
    try:
        return await heard(sound[:LONGEST_MESSAGE], language)
    except OSError:
        return ""


def warm_up() -> None:
    """The first caller shall not wait for a model to be read."""
    _threads().submit(_try_out)


def _try_out() -> None:
    ear = engines().hear
    if ear and ear.understands("en-US"):
        ear.recognise(bytes(RATE), "en-US")
