"""Which engines there are: the server that is set, else what is installed here, else none."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from connectors.speech import espeak, whisper
from connectors.speech.base import Hear, Say
from connectors.speech.endpoint import SpeechEndpoint
from core.settings import settings


@dataclass(frozen=True)
class Engines:
    hear: Hear | None
    say: Say | None

    def hears(self, language: str) -> bool:
        return self.hear is not None and self.hear.understands(language)

    def speaks(self, language: str) -> bool:
        return self.say is not None and self.say.speaks(language)


def engines() -> Engines:
    chosen = settings()
    return _engines(
        chosen.speech_url,
        chosen.speech_api_key,
        chosen.speech_hears,
        chosen.speech_speaks,
        chosen.speech_voice,
        chosen.speech_model,
    )


@lru_cache(maxsize=4)
def _engines(url: str, key: str, hears: str, speaks: str, voice: str, model: str) -> Engines:
    server = SpeechEndpoint(url, key, hears=hears, speaks=speaks, voice=voice) if url else None
    return Engines(
        hear=server if server and hears else whisper.installed(Path(model) if model else None),
        say=server if server and speaks else espeak.installed(),
    )
