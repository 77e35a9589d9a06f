"""Calls to Twilio's REST API, and what their failures allow."""

from collections.abc import Sequence
from urllib.parse import urlencode

import httpx

from connectors import refused
from connectors.base import Account
from connectors.channels.twilio.errors import Then, explain, meaning
from connectors.channels.twilio.signature import auth_tokens
from connectors.json_values import Json, text
from connectors.refused import Refused
from core.settings import settings

API_BASE = "https://api.twilio.com"


def post(http: httpx.Client, account: Account, path: str, form: Sequence[tuple[str, str]]) -> Json:
    """The answer of POST {base}/2010-04-01/Accounts/{sid}/{path}. Raises Refused, with `unknown`
    whenever Twilio may have acted although we cannot see it."""
    answer = refused.post(
        http,
        "Twilio",
        url(account, path),
        content=urlencode(form),
        headers={"content-type": "application/x-www-form-urlencoded"},
        auth=credentials(account),
    )
    if answer.is_success:
        return data(answer)
    raise judge(answer)


def url(account: Account, path: str) -> str:
    base = (account.config.get("api_base") or API_BASE).rstrip("/")
    sid = account.config.get("account_sid", "")
    return f"{base}/2010-04-01/Accounts/{sid}{path}"


def credentials(account: Account) -> tuple[str, str]:
    """The first token is the one in force; a second one only still verifies what comes in."""
    return account.config.get("account_sid", ""), next(iter(auth_tokens(account)), "")


def webhook_url(account: Account) -> str:
    """Where Twilio reaches this inbox."""
    base = account.config.get("public_url") or settings().url
    return f"{base.rstrip('/')}/webhooks/{account.inbox_id}"


def data(answer: httpx.Response) -> Json:
    """The JSON object in an answer, {} when it is none."""
    try:
        whole = answer.json()
    except (ValueError, RecursionError):
        return {}
    return whole if isinstance(whole, dict) else {}


def judge(answer: httpx.Response) -> Refused:
    """What an answer other than 2xx means for what was sent."""
    code, detail = text(data(answer), "code"), text(data(answer), "message")
    if answer.status_code >= 500:
        return refused.unknown(code, f"Twilio failed while it took this ({answer.status_code}).")
    if answer.status_code == 429 and meaning(code).then is not Then.TRY_LATER:
        code = "20429"
    if answer.status_code == 401 and not code:
        code = "20003"
    known = meaning(code)
    wait = _wait(answer, known.wait) if known.then is Then.TRY_LATER else None
    code = code or str(answer.status_code)
    return refused.failed(code, explain(code, detail), retry_after=wait, concerns=known.concerns)


def _wait(answer: httpx.Response, otherwise: float | None) -> float | None:
    try:
        return max(1.0, float(answer.headers.get("retry-after", "")))
    except ValueError:
        return otherwise
