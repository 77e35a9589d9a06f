"""The signature on raw mail that comes in over HTTP."""

import hashlib
import hmac
from collections.abc import Mapping

HEADER = "x-onethread-signature"
TOLERANCE = 300
"""Seconds a signature may be old or early."""


def sign(secret: str, body: bytes, at: int) -> str:
    """The header's value for a body signed at unix time `at`."""
    return f"t={at},v1={_digest(secret, str(at), body)}"


def is_signed(secret: str, body: bytes, headers: Mapping[str, str], now: float) -> bool:
    """Whether the header fits the raw body and is fresh. Without a secret nothing is."""
    fields = [field.partition("=") for field in headers.get(HEADER, "").split(",")]
    stamp = next((value.strip() for name, _, value in fields if name.strip() == "t"), "")
    if not secret or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 12:
        return False
    if abs(now - int(stamp)) > TOLERANCE:
        return False
    expected = _digest(secret, stamp, body).encode()
    given = [value.strip().encode() for name, _, value in fields if name.strip() == "v1"]
    return any(hmac.compare_digest(expected, value) for value in given)


def _digest(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
