"""Signed posts after the Standard Webhooks specification (standardwebhooks.com), in and out."""

import base64
import hashlib
import hmac
import os
import time
from collections.abc import Iterable, Mapping

TOLERANCE = 5 * 60
"""Seconds that the clocks of both sides may differ, and that a signature is good for."""
PREFIX = "whsec_"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def new_secret() -> str:
    return PREFIX + base64.b64encode(os.urandom(32)).decode()


def secrets_in(value: str) -> list[str]:
    """Several secrets, while one replaces another, stand with commas between."""
    return [part.strip() for part in value.split(",") if part.strip()]


def sign(
    secrets: Iterable[str], webhook_id: str, body: bytes, at: int | None = None
) -> dict[str, str]:
    """The headers of a post, signed with each secret."""
    stamp = str(int(time.time()) if at is None else at)
    marks = " ".join(f"v1,{_mark(secret, webhook_id, stamp, body)}" for secret in secrets)
    return {ID: webhook_id, TIMESTAMP: stamp, SIGNATURE: marks}


def is_authentic(secrets: Iterable[str], headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of the secrets signed this body lately; header names in lower case."""
    webhook_id, stamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not webhook_id or not _is_recent(stamp):
        return False
    given = [
        mark.removeprefix("v1,").encode("utf-8", "replace")
        for mark in headers.get(SIGNATURE, "").split()
        if mark.startswith("v1,")
    ]
    matches = [
        hmac.compare_digest(_mark(secret, webhook_id, stamp, body).encode(), mark)
        for secret in secrets
        for mark in given
    ]
    return any(matches)


def _is_recent(stamp: str) -> bool:
    if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12:
        return False
    return abs(time.time() - int(stamp)) <= TOLERANCE


def _mark(secret: str, webhook_id: str, stamp: str, body: bytes) -> str:
    signed = f"{webhook_id}.{stamp}.".encode("utf-8", "replace") + body
    return base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    """The bytes behind whsec_..., which are base64; any other text is a key as it stands."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        return secret.encode()
