"""What speaks and what hears, and what they do when they can't."""

import importlib.util
import io
import shutil
import wave
from collections.abc import Iterator

import numpy as np
import pytest
from fastapi import FastAPI, Request, Response
from hypothesis import given
from hypothesis import strategies as st

from connectors.speech import espeak, whisper
from connectors.speech.endpoint import SpeechEndpoint
from connectors.speech.sound import beep, from_wave, packed, samples, seconds, to_wave
from tests.api.conftest import serving


@given(st.binary(max_size=400).filter(lambda sound: len(sound) % 2 == 0))
def test_a_wave_file_carries_the_sound_unchanged(sound: bytes) -> None:
    assert np.abs(samples(from_wave(to_wave(sound))) - samples(sound)).max(initial=0) < 1e-4


@given(st.binary(max_size=200))
def test_what_is_no_wave_file_is_said_so(junk: bytes) -> None:
    with pytest.raises(OSError, match="WAV"):
        from_wave(junk)


def test_stereo_at_any_rate_comes_out_as_the_telephone_has_it() -> None:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(22050)
        file.writeframes(packed(np.zeros(2 * 22050, dtype=np.float32)))
    assert seconds(from_wave(written.getvalue())) == 1.0


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs the Debian package of espeak-ng")
def test_espeak_speaks_the_languages_it_has_voices_for() -> None:
    voice = espeak.installed()
    assert voice is not None
    assert [voice.speaks(one) for one in ("en-US", "de-DE", "xx-XX")] == [True, True, False]
    sound = voice.synthesise("We ship to Norway; -v is no option.", "en-US")
    assert 1.0 < seconds(sound) < 6.0
    assert np.abs(samples(sound)).max() > 0.1


@pytest.mark.slow
@pytest.mark.skipif(
    not importlib.util.find_spec("faster_whisper"), reason="needs the extra onethread[voice]"
)
@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs the Debian package of espeak-ng")
def test_whisper_hears_what_espeak_says_and_no_words_in_silence() -> None:
    voice, ear = espeak.installed(), whisper.installed(None)
    assert voice is not None
    assert ear is not None
    sound = voice.synthesise("I would like to return my order and get a refund please.", "en-US")
    heard = ear.recognise(sound, "en-US").lower()
    assert "return my order" in heard
    assert ear.recognise(bytes(16000), "en-US") == ""
    assert [ear.understands(one) for one in ("en-GB", "de-DE")] == [True, False]


@pytest.fixture
def server() -> Iterator[str]:
    """Speaks the audio API: hears how long a file is, and says a beep."""
    app = FastAPI()

    @app.post("/v1/audio/transcriptions")
    async def transcriptions(request: Request) -> dict[str, str]:
        form = await request.form()
        file = form["file"]
        assert not isinstance(file, str)
        sound = from_wave(await file.read())
        return {"text": f" {form['model']} {form['language']} {seconds(sound):.1f} "}

    @app.post("/v1/audio/speech")
    async def speech(request: Request) -> Response:
        wanted = await request.json()
        if wanted["input"] == "fail":
            return Response(status_code=500)
        assert wanted["response_format"] == "wav"
        return Response(to_wave(beep()))

    with serving(app) as url:
        yield f"{url}/v1"


def test_a_speech_server_hears_and_speaks(server: str) -> None:
    endpoint = SpeechEndpoint(server, "key", hears="ear-1", speaks="mouth-1", voice="alloy")
    assert endpoint.recognise(bytes(16000), "de-DE") == "ear-1 de 1.0"
    assert seconds(endpoint.synthesise("Hello", "de-DE")) == pytest.approx(seconds(beep()))


def test_a_speech_server_that_fails_or_is_gone_is_an_os_error(server: str) -> None:
    with pytest.raises(OSError, match="failed"):
        SpeechEndpoint(server, "", hears="", speaks="m", voice="v").synthesise("fail", "en")
    with pytest.raises(OSError, match="failed"):
        SpeechEndpoint("http://127.0.0.1:9/v1", "", hears="e", speaks="", voice="").recognise(
            bytes(100), "en"
        )
