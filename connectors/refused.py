"""Calls that did not work, and what each of them allows."""

from dataclasses import replace
from typing import Any

import httpx

from desk.envelope import Concerns, DeliveryState, Receipt

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""With these the request never left us, so it may be tried again."""


class Refused(Exception):
    """A call that did not work; `receipt` says what is known about it."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.error)
        self.receipt = receipt


def failed(
    code: str,
    words: str,
    *,
    retry_after: float | None = None,
    concerns: Concerns = Concerns.MESSAGE,
) -> Refused:
    """It surely was not taken."""
    return Refused(
        Receipt(
            DeliveryState.FAILED,
            error_code=code,
            error=words,
            retry_after=retry_after,
            concerns=concerns,
        )
    )


def unknown(code: str, words: str) -> Refused:
    """The provider may have acted although we cannot see it."""
    return Refused(Receipt(DeliveryState.UNKNOWN, error_code=code, error=words))


def post(http: httpx.Client, provider: str, address: str, **request: Any) -> httpx.Response:
    """The answer, whatever its status. Raises Refused where there is none.

    No error names the address: some providers want the secret in it.
    """
    try:
        return http.post(address, **request)
    except NOT_SENT as error:
        words = f"{provider} could not be reached ({type(error).__name__}); nothing was sent."
        raise failed("", words, retry_after=15) from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
        words = "The API address or token in the settings is not valid."
        raise failed("", words, concerns=Concerns.INBOX) from None
    except httpx.HTTPError as error:
        raise unknown("", f"{provider} did not answer ({type(error).__name__}).") from None


def without_effect(refused: Refused) -> Refused:
    """The same for a call that reaches no customer by itself, so may be made again."""
    receipt = refused.receipt
    if receipt.state is not DeliveryState.UNKNOWN:
        return refused
    return failed(receipt.error_code, receipt.error, retry_after=30)


def partly(receipt: Receipt, taken: str, number: int, count: int) -> Receipt:
    """Once a part is out, no retry of the whole message is safe, whatever the error was."""
    if not taken:
        return receipt
    words = f"Of {count} parts, {number} went out; part {number + 1} did not: {receipt.error}"
    return replace(
        receipt, state=DeliveryState.UNKNOWN, provider_id=taken, error=words, retry_after=None
    )
