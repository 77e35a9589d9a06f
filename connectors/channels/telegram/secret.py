"""Is this request from Telegram? It sends the secret that we gave it with the webhook."""

import hmac

from connectors.base import Account, Request

HEADER = "x-telegram-bot-api-secret-token"


def is_authentic(account: Account, request: Request) -> bool:
    expected = account.secrets.get("webhook_secret", "").encode()
    given = request.headers.get(HEADER, "").encode("utf-8", "replace")
    return bool(expected) and hmac.compare_digest(expected, given)
