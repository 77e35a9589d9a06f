"""Hearing and speaking by any server that speaks OpenAI's audio API."""

from typing import Any

import httpx

from connectors.speech.sound import from_wave, to_wave

TIMEOUT = httpx.Timeout(15, connect=3)
LARGEST_ANSWER = 20 * 1024 * 1024


class SpeechEndpoint:
    """One server for both; what languages it knows is its own affair."""

    def __init__(self, base_url: str, api_key: str, *, hears: str, speaks: str, voice: str) -> None:
        self.name = base_url
        self._hears, self._speaks, self._voice = hears, speaks, voice
        self._http = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/",
            timeout=TIMEOUT,
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
        )

    def understands(self, language: str) -> bool:
        return bool(self._hears)

    def speaks(self, language: str) -> bool:
        return bool(self._speaks)

    def recognise(self, sound: bytes, language: str) -> str:
        answer = self._post(
            "audio/transcriptions",
            data={"model": self._hears, "language": language.split("-")[0].lower()},
            files={"file": ("speech.wav", to_wave(sound), "audio/wav")},
        )
        try:
            text = answer.json()["text"]
        except (ValueError, KeyError, TypeError) as wrong:
            raise OSError("The speech server answered something unreadable.") from wrong
        return str(text).strip()

    def synthesise(self, text: str, language: str) -> bytes:
        wanted = {
            "model": self._speaks,
            "voice": self._voice,
            "input": text,
            "response_format": "wav",
        }
        return from_wave(self._post("audio/speech", json=wanted).content)

    def _post(self, path: str, **content: Any) -> httpx.Response:
        try:
            answer = self._http.post(path, **content)
            answer.raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as wrong:
            raise OSError(f"The speech server failed ({type(wrong).__name__}).") from wrong
        if len(answer.content) > LARGEST_ANSWER:
            raise OSError("The speech server's answer is too large.")
        return answer
