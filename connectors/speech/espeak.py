"""Speaking by espeak-ng, a small program with voices for a hundred languages.

It is licensed under the GPL and runs as a program of its own; nothing of it is linked or shipped.
"""

import shutil
import subprocess
from functools import lru_cache

from connectors.speech.sound import from_wave

PROGRAM = "espeak-ng"
WORDS_A_MINUTE = "155"
MOST_SECONDS = 20


class Espeak:
    name = "espeak-ng"

    def __init__(self, program: str) -> None:
        self._program = program

    def speaks(self, language: str) -> bool:
        return bool(_voice(self._program, language))

    def synthesise(self, text: str, language: str) -> bytes:
        voice = _voice(self._program, language) or "en"
        command = [self._program, "-v", voice, "-s", WORDS_A_MINUTE, "--stdin", "--stdout"]
        try:
            done = subprocess.run(
                command, input=text.encode(), capture_output=True, timeout=MOST_SECONDS, check=True
            )
        except subprocess.SubprocessError as wrong:
            raise OSError(f"espeak-ng failed ({type(wrong).__name__}).") from wrong
        return from_wave(done.stdout)


def installed() -> Espeak | None:
    program = shutil.which(PROGRAM)
    return Espeak(program) if program else None


@lru_cache
def _voice(program: str, language: str) -> str:
    """The program's name of a voice for en-US, or for en at least; "" when it has none."""
    wanted = language.lower()
    known = _voices(program)
    return next((one for one in (wanted, wanted.split("-")[0]) if one in known), "")


@lru_cache
def _voices(program: str) -> frozenset[str]:
    command = [program, "--voices"]
    listed = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    rows = [line.split() for line in listed.stdout.splitlines()[1:]]
    return frozenset(row[1].lower() for row in rows if len(row) > 1)
