"""Calls to the Graph API, and what their failures allow."""

from typing import Any

import httpx

from connectors.base import Account
from connectors.channels.whatsapp.errors import Then, explain, meaning
from connectors.json_values import Json, child, text
from desk.envelope import DeliveryState, Receipt

API_BASE = "https://graph.facebook.com"
API_VERSION = "v25.0"
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""With these the request never left us, so it may be tried again."""


class Refused(Exception):
    """A call that did not work; `receipt` says what is known about it."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.error)
        self.receipt = receipt


def post(http: httpx.Client, account: Account, path: str, **request: Any) -> Json:
    """The answer of POST {base}/{version}/{path}. Raises Refused, with `unknown` whenever Meta
    may have acted although we cannot see it."""
    try:
        answer = http.post(url(account, path), headers=bearer(account), **request)
    except NOT_SENT as error:
        raise Refused(failed("", _unreachable(error), retry_after=15)) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError) as error:
        words = "The API address or access token in the settings is not valid."
        raise Refused(failed("", words)) from error
    except httpx.HTTPError as error:
        raise Refused(unknown("", f"WhatsApp did not answer ({type(error).__name__}).")) from error
    if answer.is_success:
        return data(answer)
    raise Refused(_judge(answer))


def url(account: Account, path: str) -> str:
    base = account.config.get("api_base") or API_BASE
    version = account.config.get("api_version") or API_VERSION
    return f"{base.rstrip('/')}/{version}/{path}"


def bearer(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.secrets.get('access_token', '')}"}


def data(answer: httpx.Response) -> Json:
    """The JSON object in an answer, {} when it is none."""
    try:
        whole = answer.json()
    except (ValueError, RecursionError):
        return {}
    return whole if isinstance(whole, dict) else {}


def problem(answer: httpx.Response) -> tuple[str, str]:
    """Meta's error code and words for an answer, "" where it gave none."""
    error = child(data(answer), "error")
    words = text(child(error, "error_data"), "details") or text(error, "message")
    return text(error, "code"), words


def _judge(answer: httpx.Response) -> Receipt:
    code, detail = problem(answer)
    known = meaning(code)
    if known.then is Then.TRY_LATER:
        return failed(code, explain(code, detail), retry_after=_wait(answer, known.wait))
    if answer.status_code == 429:
        return failed(code, explain("130429", detail), retry_after=_wait(answer, 30))
    if known.then is Then.UNKNOWN or answer.status_code >= 500:
        return unknown(code, explain(code if known.then is Then.UNKNOWN else "1", detail))
    return failed(code or str(answer.status_code), explain(code, detail))


def _wait(answer: httpx.Response, otherwise: float | None) -> float | None:
    try:
        return max(1.0, float(answer.headers.get("retry-after", "")))
    except ValueError:
        return otherwise


def _unreachable(error: Exception) -> str:
    return f"WhatsApp could not be reached ({type(error).__name__}); nothing was sent."


def failed(code: str, words: str, retry_after: float | None = None) -> Receipt:
    return Receipt(DeliveryState.FAILED, error_code=code, error=words, retry_after=retry_after)


def unknown(code: str, words: str) -> Receipt:
    return Receipt(DeliveryState.UNKNOWN, error_code=code, error=words)
