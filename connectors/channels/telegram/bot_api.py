"""Calls to the Bot API, and what their failures allow."""

from typing import Any

import httpx

from connectors.base import Account
from connectors.json_values import Json, child, text
from connectors.refused import Refused, failed, post, unknown
from desk.envelope import Concerns

API_BASE = "https://api.telegram.org"


def call(http: httpx.Client, account: Account, method: str, fields: Json, **request: Any) -> Json:
    """The `result` of a method, {"value": ...} where that is no object. Raises Refused."""
    sent = request or {"json": fields}
    answer = post(http, "Telegram", address(account, method), **sent)
    whole = data(answer)
    if answer.is_success and whole.get("ok") is True:
        result = whole.get("result")
        return result if isinstance(result, dict) else {"value": result}
    raise judge(answer.status_code, whole)


def address(account: Account, method: str) -> str:
    return f"{_base(account)}/bot{token(account)}/{method}"


def file_address(account: Account, path: str) -> str:
    return f"{_base(account)}/file/bot{token(account)}/{path}"


def _base(account: Account) -> str:
    return (account.config.get("api_base") or API_BASE).rstrip("/")


def token(account: Account) -> str:
    return account.secrets.get("bot_token", "").strip()


def bot_id(account: Account) -> str:
    """A token starts with its bot's id."""
    return token(account).partition(":")[0]


def data(answer: httpx.Response) -> Json:
    """The JSON object in an answer, {} when it is none."""
    try:
        whole = answer.json()
    except (ValueError, RecursionError):
        return {}
    return whole if isinstance(whole, dict) else {}


def judge(status: int, whole: Json) -> Refused:
    """Telegram states an HTTP-like code and a description; only the code is made for programs."""
    code, said = text(whole, "error_code") or str(status), text(whole, "description")
    if code == "429":
        wait = text(child(whole, "parameters"), "retry_after")
        return failed(
            code,
            _words("Telegram asks to send more slowly.", said),
            retry_after=max(1.0, float(wait)) if wait.replace(".", "", 1).isdigit() else 30,
            concerns=Concerns.INBOX,
        )
    if code in ("401", "404"):
        words = (
            "Telegram does not know this bot token. Put the one BotFather shows into the settings."
        )
        return failed(code, _words(words, said), concerns=Concerns.INBOX)
    if not code.startswith("4"):
        return unknown(code, _words("Telegram failed; the message may have arrived.", said))
    return failed(code, _words(_meaning(said), said), concerns=_concerns(said))


MEANINGS = {
    "bot was blocked": "The customer has blocked the bot.",
    "user is deactivated": "The customer has deleted their Telegram account.",
    "can't initiate conversation": "On Telegram a customer has to write to the bot first.",
    "chat not found": "Telegram knows no such chat: the customer has to write to the bot first.",
    "upgraded to a supergroup": "The group has become another chat.",
    "business connection": "The business account no longer lets the bot answer in this chat.",
    "request entity too large": "The file is larger than Telegram takes.",
    "file is too big": "The file is larger than the 20 MB that Telegram hands out to bots.",
}
ABOUT_THE_RECIPIENT = (
    "bot was blocked",
    "user is deactivated",
    "can't initiate conversation",
    "chat not found",
    "upgraded to a supergroup",
)


def _meaning(said: str) -> str:
    known = (words for part, words in MEANINGS.items() if part in said.lower())
    return next(known, "Telegram refused the message.")


def _concerns(said: str) -> Concerns:
    """Never the inbox: one refused message says nothing about the others."""
    personal = any(part in said.lower() for part in ABOUT_THE_RECIPIENT)
    return Concerns.RECIPIENT if personal else Concerns.MESSAGE


def _words(words: str, said: str) -> str:
    """Plain words, then what Telegram said, for the teammate who looks at the message."""
    return f"{words} ({said})" if said else words
