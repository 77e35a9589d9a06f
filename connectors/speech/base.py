"""What hearing and speaking are, whoever does it."""

from typing import Protocol


class Hear(Protocol):
    """Words out of sound."""

    name: str

    def understands(self, language: str) -> bool:
        """Whether it knows this language ("de-DE")."""

    def recognise(self, sound: bytes, language: str) -> str:
        """What was said in a stretch of telephone sound, "" for noise. Raises OSError."""


class Say(Protocol):
    """Sound out of words."""

    name: str

    def speaks(self, language: str) -> bool:
        """Whether it has a voice for this language."""

    def synthesise(self, text: str, language: str) -> bytes:
        """Telephone sound (8 kHz, 16 bit, one channel). Raises OSError."""
