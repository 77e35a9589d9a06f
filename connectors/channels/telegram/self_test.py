"""Do these settings work? Asked of Telegram itself, which can also be told where to post."""

import re

import httpx

from connectors.base import Account, Check
from connectors.channels.telegram import bot_api
from connectors.json_values import Json, moment, text
from connectors.refused import Refused

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
    "callback_query",
    "my_chat_member",
]
"""Reactions only come when they are asked for."""


def check(http: httpx.Client, account: Account) -> tuple[Check, ...]:
    """The token first; the webhook can only be asked about with one that works."""
    bot = _bot(http, account)
    return (bot, _secret(account), *([_webhook(http, account)] if bot.ok else []))


def _bot(http: httpx.Client, account: Account) -> Check:
    try:
        me = bot_api.call(http, account, "getMe", {})
    except Refused as refused:
        return Check("Bot token", False, refused.receipt.error)
    return Check("Bot token", True, f"{text(me, 'first_name')} (@{text(me, 'username')}) answers.")


def _secret(account: Account) -> Check:
    secret = account.secrets.get("webhook_secret", "")
    if not secret:
        return Check("Webhook secret", False, "Choose one: without it every update is refused.")
    if not SECRET.fullmatch(secret):
        words = "Use letters, digits, _ and - only, at most 256: Telegram takes nothing else."
        return Check("Webhook secret", False, words)
    return Check("Webhook secret", True, "Set.")


def _webhook(http: httpx.Client, account: Account) -> Check:
    """Set each time where the public address is known: Telegram never tells which secret it
    sends, and the one in the settings may be new."""
    wanted = account.config.get("webhook_url", "").strip()
    try:
        if wanted:
            set_webhook(http, account, wanted)
        return _state(bot_api.call(http, account, "getWebhookInfo", {}))
    except Refused as refused:
        return Check("Webhook", False, refused.receipt.error)


def set_webhook(http: httpx.Client, account: Account, url: str) -> None:
    """Raises Refused. What waits at Telegram is kept and comes to the new address."""
    fields = {
        "url": url,
        "secret_token": account.secrets.get("webhook_secret", ""),
        "allowed_updates": ALLOWED_UPDATES,
    }
    bot_api.call(http, account, "setWebhook", fields)


def _state(found: Json) -> Check:
    url, waiting = text(found, "url"), text(found, "pending_update_count") or "0"
    if not url:
        words = (
            "Telegram posts nowhere yet. Enter this inbox's public webhook address and test again."
        )
        return Check("Webhook", False, words)
    said, at = text(found, "last_error_message"), moment(found.get("last_error_date"))
    if said and waiting != "0":
        when = f" at {at:%Y-%m-%d %H:%M} UTC" if at else ""
        words = f"{waiting} updates wait; Telegram's last try at {url} failed{when}: {said}"
        return Check("Webhook", False, words)
    return Check("Webhook", True, f"Telegram posts to {url}; {waiting} updates wait.")
