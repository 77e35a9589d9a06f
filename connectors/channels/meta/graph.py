"""Calls to the Graph API, and what their failures allow."""

from dataclasses import dataclass
from typing import Any

import httpx

from connectors.base import Account
from connectors.channels.meta.errors import ErrorTable, Then
from connectors.json_values import Json, child, text
from desk.envelope import Concerns, DeliveryState, Receipt

API_BASE = "https://graph.facebook.com"
API_VERSION = "v25.0"
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""With these the request never left us, so it may be tried again."""


class Refused(Exception):
    """A call that did not work; `receipt` says what is known about it."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.error)
        self.receipt = receipt


@dataclass(frozen=True)
class Graph:
    """The Graph API as one product uses it."""

    errors: ErrorTable
    base: str = API_BASE

    def post(self, http: httpx.Client, account: Account, path: str, **request: Any) -> Json:
        """The answer of POST {base}/{version}/{path}. Raises Refused, with `unknown` whenever
        Meta may have acted although we cannot see it."""
        name = self.errors.name
        try:
            answer = http.post(self.url(account, path), headers=bearer(account), **request)
        except NOT_SENT as error:
            words = f"{name} could not be reached ({type(error).__name__}); nothing was sent."
            raise Refused(failed("", words, retry_after=15)) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError) as error:
            words = "The API address or access token in the settings is not valid."
            raise Refused(failed("", words)) from error
        except httpx.HTTPError as error:
            words = f"{name} did not answer ({type(error).__name__})."
            raise Refused(unknown("", words)) from error
        if answer.is_success:
            return data(answer)
        raise Refused(self._judge(answer))

    def url(self, account: Account, path: str) -> str:
        base = account.config.get("api_base") or self.base
        version = account.config.get("api_version") or API_VERSION
        return f"{base.rstrip('/')}/{version}/{path}"

    def _judge(self, answer: httpx.Response) -> Receipt:
        errors = self.errors
        code, detail = problem(answer)
        subcode = text(child(data(answer), "error"), "error_subcode")
        code = errors.most_precise(code, subcode)
        known = errors.meaning(code)
        if known.then is Then.TRY_LATER:
            wait = _wait(answer, known.wait)
            return failed(code, errors.explain(code, detail), wait, known.concerns)
        if answer.status_code == 429:
            fast = errors.meaning(errors.too_fast)
            words = errors.explain(errors.too_fast, detail)
            return failed(code, words, _wait(answer, 30), fast.concerns)
        if known.then is Then.UNKNOWN or answer.status_code >= 500:
            told = code if known.then is Then.UNKNOWN else errors.failing
            return unknown(code, errors.explain(told, detail))
        words = errors.explain(code, detail)
        return failed(code or str(answer.status_code), words, concerns=known.concerns)


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


def _wait(answer: httpx.Response, otherwise: float | None) -> float | None:
    try:
        return max(1.0, float(answer.headers.get("retry-after", "")))
    except ValueError:
        return otherwise


def failed(
    code: str,
    words: str,
    retry_after: float | None = None,
    concerns: Concerns = Concerns.MESSAGE,
) -> Receipt:
    return Receipt(
        DeliveryState.FAILED,
        error_code=code,
        error=words,
        retry_after=retry_after,
        concerns=concerns,
    )


def unknown(code: str, words: str) -> Receipt:
    return Receipt(DeliveryState.UNKNOWN, error_code=code, error=words)
