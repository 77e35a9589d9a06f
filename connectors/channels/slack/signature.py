"""Is this request from Slack? A signature over time and raw bytes, and the check of an address."""

import hashlib
import hmac
import json
import time

from connectors.base import Account, Request
from connectors.json_values import text

SIGNATURE, TIMESTAMP = "x-slack-signature", "x-slack-request-timestamp"
WINDOW = 300
"""Seconds. What was signed longer ago, or later than now, may be a replay."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of X-Slack-Signature for these bytes at this time."""
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_authentic(account: Account, request: Request) -> bool:
    secret = account.secrets.get("signing_secret", "").strip()
    timestamp = request.headers.get(TIMESTAMP, "")
    given = request.headers.get(SIGNATURE, "").encode("utf-8", "replace")
    if not secret or not _is_recent(timestamp):
        return False
    return hmac.compare_digest(sign(secret, timestamp, request.body).encode(), given)


def _is_recent(timestamp: str) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit()):
        return False
    return abs(time.time() - int(timestamp)) <= WINDOW


def handshake(request: Request) -> str | None:
    """The challenge of `url_verification`, None for everything else."""
    try:
        whole = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(whole, dict) or whole.get("type") != "url_verification":
        return None
    return text(whole, "challenge")
