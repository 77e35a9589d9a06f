"""Somebody speaks, or it is only the line: a voice's sound is made of pulses, not of hiss."""

import math
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.speech import espeak
from connectors.speech.activity import ENDS_AFTER, LONGEST, Activity, Heard, Turn
from connectors.speech.sound import RATE, frames, packed, seconds

SENTENCE = "How long does shipping to Norway take?"


def _silence(length: float) -> bytes:
    return bytes(int(RATE * length) * 2)


def hiss(length: float, loudness: float, seed: int = 1) -> bytes:
    drawn = np.random.default_rng(seed).normal(0, loudness, int(RATE * length))
    return packed(drawn.astype(np.float32))


def voice(length: float, loudness: float = 0.2, pitch: float = 130) -> bytes:
    """A vowel: a pitch with its overtones, swelling four times a second as syllables do."""
    moments = np.arange(int(RATE * length)) / RATE
    tone = sum(np.sin(2 * math.pi * pitch * n * moments) / n for n in range(1, 9))
    swell = 0.6 + 0.4 * np.sin(2 * math.pi * 4 * moments)
    return packed((loudness * swell * np.asarray(tone) / 2).astype(np.float32))


def _heard(sound: bytes, activity: Activity | None = None) -> list[Heard]:
    listening = activity or Activity()
    return [news for frame in frames(sound) if (news := listening.feed(frame))]


@given(st.floats(0, 0.3), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_silence_and_hiss_of_any_loudness_are_nobody(loudness: float, seed: int) -> None:
    assert _heard(_silence(1) + hiss(3, loudness, seed)) == []


@given(st.floats(0.05, 0.6), st.floats(85, 260), st.floats(0.5, 3))
@settings(max_examples=40, deadline=None)
def test_a_voice_is_one_utterance_with_all_of_it(
    loudness: float, pitch: float, length: float
) -> None:
    began, ended = _heard(hiss(1, 0.002) + voice(length, loudness, pitch) + hiss(1.5, 0.002))
    assert (began.turn, ended.turn) == (Turn.BEGAN, Turn.ENDED)
    assert length <= seconds(ended.sound) <= length + ENDS_AFTER + 0.7


def test_a_click_is_nobody_and_a_pause_within_a_sentence_does_not_end_it() -> None:
    assert _heard(_silence(0.5) + voice(0.06) + _silence(2)) == []
    sentence = voice(0.6) + _silence(0.4) + voice(0.6) + _silence(1.5)
    assert [news.turn for news in _heard(_silence(0.5) + sentence)] == [Turn.BEGAN, Turn.ENDED]


def test_somebody_on_a_noisy_line_is_heard_above_the_noise() -> None:
    noisy = np.frombuffer(voice(2, 0.3), "<i2") // 2 + np.frombuffer(hiss(2, 0.02), "<i2") // 2
    news = _heard(hiss(3, 0.01) + noisy.astype("<i2").tobytes() + hiss(1.5, 0.01))
    assert [one.turn for one in news] == [Turn.BEGAN, Turn.ENDED]


def test_a_soft_echo_of_ours_is_no_interruption_but_a_voice_is() -> None:
    line = hiss(2, 0.004)
    for loudness, expected in ((0.03, []), (0.3, [Turn.BEGAN])):
        activity = Activity()
        _heard(line, activity)
        activity.we_speak = True
        assert [one.turn for one in _heard(voice(0.6, loudness), activity)] == expected


def test_nobody_speaks_for_ever() -> None:
    news = _heard(voice(LONGEST + 3))
    assert [one.turn for one in news][:2] == [Turn.BEGAN, Turn.ENDED]


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs the Debian package of espeak-ng")
def test_a_spoken_sentence_is_heard_whole() -> None:
    speaker = espeak.installed()
    assert speaker is not None
    sentence = speaker.synthesise(SENTENCE, "en-US")
    news = _heard(hiss(1, 0.002) + sentence + hiss(1.5, 0.002))
    assert [one.turn for one in news] == [Turn.BEGAN, Turn.ENDED]
    assert seconds(news[1].sound) > seconds(sentence) * 0.9
