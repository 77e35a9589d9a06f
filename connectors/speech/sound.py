"""Sound as telephones carry it: 8,000 samples a second, 16 bit, little-endian, one channel."""

import io
import math
import wave
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

RATE = 8000
FRAME_SECONDS = 0.02
FRAME_BYTES = int(RATE * FRAME_SECONDS) * 2
_FULL = 32768.0


def seconds(sound: bytes) -> float:
    return len(sound) / 2 / RATE


def frames(sound: bytes) -> Iterator[bytes]:
    """Twenty milliseconds each; the last one is filled up with silence."""
    for start in range(0, len(sound), FRAME_BYTES):
        yield sound[start : start + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")


def samples(sound: bytes) -> NDArray[np.float32]:
    """Between -1 and 1; half a sample at the end is dropped."""
    whole = np.frombuffer(sound[: len(sound) // 2 * 2], dtype="<i2")
    return whole.astype(np.float32) / _FULL


def at_rate(values: NDArray[np.float32], have: int, want: int) -> NDArray[np.float32]:
    if have == want or not len(values):
        return values
    from scipy.signal import resample_poly  # a second of start-up that only calls need

    common = math.gcd(have, want)
    changed: NDArray[np.float32] = resample_poly(values, want // common, have // common)
    return changed.astype(np.float32)


def packed(values: NDArray[np.float32]) -> bytes:
    return (np.clip(values, -1.0, 1.0) * (_FULL - 1)).astype("<i2").tobytes()


def to_wave(sound: bytes) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound)
    return written.getvalue()


def from_wave(file: bytes) -> bytes:
    """Any 16-bit WAV, as a telephone carries it. Raises OSError when it is none."""
    try:
        with wave.open(io.BytesIO(file)) as opened:
            if opened.getsampwidth() != 2:
                raise OSError("The sound is not 16 bit.")
            channels, rate = opened.getnchannels(), opened.getframerate()
            # Programs that write to a pipe leave a made-up length in the header.
            values = samples(opened.readframes(opened.getnframes()))
    except (wave.Error, EOFError) as wrong:
        raise OSError("This is no WAV file.") from wrong
    values = values[: len(values) // channels * channels].reshape(-1, channels).mean(axis=1)
    return packed(at_rate(values, rate, RATE))


def beep(hertz: int = 1000, length: float = 0.4) -> bytes:
    moments = np.arange(int(RATE * length)) / RATE
    return packed((0.3 * np.sin(2 * math.pi * hertz * moments)).astype(np.float32))
