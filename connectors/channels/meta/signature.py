"""Is this request from Meta? Signatures over the raw bytes, and the subscription handshake."""

import hashlib
import hmac
from collections.abc import Mapping

from connectors.base import Account, Request

HEADER = "x-hub-signature-256"


def sign(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256 for these bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_authentic(account: Account, request: Request) -> bool:
    """True when one of the account's app secrets (several during a rotation) signed the body."""
    given = request.headers.get(HEADER, "").strip().lower().encode()
    matches = [
        hmac.compare_digest(sign(secret, request.body).encode(), given)
        for secret in app_secrets(account)
    ]
    return any(matches)


def app_secrets(account: Account) -> list[str]:
    parts = account.secrets.get("app_secret", "").split(",")
    return [part.strip() for part in parts if part.strip()]


def handshake(account: Account, query: Mapping[str, str]) -> str | None:
    """The challenge to echo, None when mode or verify token are not ours."""
    expected = account.secrets.get("verify_token", "")
    given = query.get("hub.verify_token", "")
    right = hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))
    if not expected or not right or query.get("hub.mode") != "subscribe":
        return None
    return query.get("hub.challenge", "")
