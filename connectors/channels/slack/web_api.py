"""Calls to the Web API, and what their failures allow."""

from typing import Any

import httpx

from connectors.base import Account
from connectors.json_values import Json, text
from connectors.refused import Refused, failed, post, unknown
from desk.envelope import Concerns

API_BASE = "https://slack.com/api"
LIMITED = ("ratelimited", "rate_limited", "message_limit_exceeded")
NOBODY_KNOWS = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")
ABOUT_THE_INBOX = {
    "access_denied": "Slack denies the app access to the workspace.",
    "account_inactive": "The app was removed from the workspace, or its bot user switched off.",
    "invalid_auth": "Slack does not accept the bot token. Put a new one into the settings.",
    "missing_scope": "The app lacks a permission (scope). Add it and install the app again.",
    "not_authed": "The bot token is missing. Enter it in the settings.",
    "org_login_required": "The workspace is being moved by Slack; it takes no messages now.",
    "team_access_not_granted": "The app has no access to this workspace.",
    "token_expired": "The bot token has expired. Put a new one into the settings.",
    "token_revoked": "The bot token was revoked. Install the app again and enter its new token.",
}
ABOUT_THE_RECIPIENT = {
    "cannot_dm_bot": "Another app cannot be written to.",
    "channel_not_found": "Slack knows no such channel, or the app is not in it.",
    "is_archived": "The channel is archived.",
    "messages_tab_disabled": "Direct messages to the app are switched off in its settings.",
    "not_in_channel": "The app is not in this channel: invite it there.",
    "restricted_action": "The workspace does not let the app post there.",
    "restricted_action_read_only_channel": "Only some people may post in this channel.",
    "user_disabled": "The customer's account is switched off.",
    "user_not_found": "Slack knows no such user.",
}
ABOUT_THE_MESSAGE = {
    "invalid_blocks": "Slack could not show this message's buttons.",
    "msg_blocks_too_long": "The message is too long for Slack.",
    "msg_too_long": "The message is too long for Slack.",
    "no_text": "The message is empty.",
    "too_many_attachments": "The message has too many attachments.",
}


def call(http: httpx.Client, account: Account, method: str, **request: Any) -> Json:
    """The answer of a method that worked. Raises Refused."""
    base = (account.config.get("api_base") or API_BASE).rstrip("/")
    answer = post(http, "Slack", f"{base}/{method}", headers=bearer(account), **request)
    whole = data(answer)
    if answer.is_success and whole.get("ok") is True:
        return whole
    raise _judge(answer, text(whole, "error"))


def bearer(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.secrets.get('bot_token', '').strip()}"}


def data(answer: httpx.Response) -> Json:
    """The JSON object in an answer, {} when it is none."""
    try:
        whole = answer.json()
    except (ValueError, RecursionError):
        return {}
    return whole if isinstance(whole, dict) else {}


def _judge(answer: httpx.Response, code: str) -> Refused:
    """Slack's own word decides; its limits count per channel."""
    if answer.status_code == 429 or code in LIMITED:
        words = _words("Slack asks to send more slowly.", code)
        wait = _wait(answer)
        return failed(code or "429", words, retry_after=wait, concerns=Concerns.RECIPIENT)
    if answer.status_code >= 500 or code in NOBODY_KNOWS or (answer.is_success and not code):
        words = _words("Slack failed; the message may have arrived.", code)
        return unknown(code or str(answer.status_code), words)
    code = code or str(answer.status_code)
    for table, concerns in (
        (ABOUT_THE_INBOX, Concerns.INBOX),
        (ABOUT_THE_RECIPIENT, Concerns.RECIPIENT),
    ):
        if code in table:
            return failed(code, _words(table[code], code), concerns=concerns)
    known = ABOUT_THE_MESSAGE.get(code, "Slack refused the message.")
    return failed(code, _words(known, code))


def _wait(answer: httpx.Response) -> float:
    try:
        return max(1.0, float(answer.headers.get("retry-after", "")))
    except ValueError:
        return 30


def _words(words: str, code: str) -> str:
    """Plain words, then Slack's, for the teammate who looks at the message."""
    return f"{words} ({code})" if code else words
