"""The carrier's own API: dialling, recordings, and whether the account works."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from connectors.base import Account, Check
from connectors.json_values import text
from desk.envelope import DeliveryState, Receipt

API_BASE = "https://api.twilio.com"
VERSION = "2010-04-01"
RING_SECONDS = 30
LARGEST_RECORDING = 50 * 1024 * 1024
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True)
class Order:
    """A call to be made. The carrier asks `answer_url` what to say once somebody answers."""

    to: str
    answer_url: str
    status_url: str


def client() -> httpx.Client:
    return httpx.Client(timeout=httpx.Timeout(20, connect=5, pool=30))


def dial(http: httpx.Client, account: Account, order: Order) -> Receipt:
    """Order a call. After a timeout or a 5xx nobody knows whether it was dialled: unknown."""
    form = {
        "To": order.to,
        "From": account.config.get("number", ""),
        "Url": order.answer_url,
        "StatusCallback": order.status_url,
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "MachineDetection": "Enable",
        "Timeout": str(RING_SECONDS),
    }
    try:
        answer = http.post(_url(account, "Calls.json"), data=form, auth=_auth(account))
    except NOT_SENT:
        return _failed("unreachable", "The carrier could not be reached, so nothing was dialled.")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        return _failed("bad_settings", "The API address in the settings is not valid.")
    except httpx.HTTPError:
        return _unknown("The carrier did not answer. The customer's phone may have rung.")
    return _receipt(answer)


def redirect(http: httpx.Client, account: Account, carrier_id: str, url: str) -> bool:
    """Let a running call go on at another address; False when the carrier did not."""
    try:
        target = _url(account, f"Calls/{carrier_id}.json")
        answer = http.post(target, data={"Url": url}, auth=_auth(account))
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.is_success


def _receipt(answer: httpx.Response) -> Receipt:
    if answer.is_server_error:
        return _unknown(f"The carrier failed (HTTP {answer.status_code}); it may have dialled.")
    try:
        whole = answer.json()
    except ValueError:
        whole = {}
    data = whole if isinstance(whole, dict) else {}
    if answer.is_success:
        return Receipt(DeliveryState.SENT, provider_id=text(data, "sid"))
    words = text(data, "message") or f"HTTP {answer.status_code}"
    return _failed(str(data.get("code", answer.status_code)), f"The carrier refused: {words}")


def _failed(code: str, words: str) -> Receipt:
    return Receipt(DeliveryState.FAILED, error_code=code, error=words)


def _unknown(words: str) -> Receipt:
    return Receipt(DeliveryState.UNKNOWN, error_code="no_answer", error=words)


def recording(http: httpx.Client, account: Account, url: str) -> bytes:
    """The recording behind an address that the carrier named; only from the carrier itself."""
    wanted, own = urlsplit(url), urlsplit(_base(account))
    if (wanted.scheme, wanted.netloc) != (own.scheme, own.netloc):
        raise OSError("The recording is not at the carrier's own address.")
    try:
        answer = http.get(url, auth=_auth(account))
        answer.raise_for_status()
    except httpx.HTTPError as wrong:
        raise OSError(f"The carrier did not hand it out ({type(wrong).__name__}).") from wrong
    if len(answer.content) > LARGEST_RECORDING:
        raise OSError("The recording is larger than 50 MB.")
    return answer.content


def check(http: httpx.Client, account: Account) -> Check:
    try:
        answer = http.get(_url(account, "Calls.json?PageSize=1"), auth=_auth(account))
    except httpx.HTTPError as wrong:
        return Check("Account", False, f"The carrier can't be reached ({type(wrong).__name__}).")
    if answer.status_code == 401:
        return Check("Account", False, "The account SID or the auth token is wrong.")
    words = "The carrier knows the account." if answer.is_success else f"HTTP {answer.status_code}"
    return Check("Account", answer.is_success, words)


def _url(account: Account, path: str) -> str:
    return f"{_base(account)}/{VERSION}/Accounts/{account.config.get('account_sid', '')}/{path}"


def _base(account: Account) -> str:
    return (account.config.get("api_base") or API_BASE).rstrip("/")


def _auth(account: Account) -> tuple[str, str]:
    token = account.secrets.get("auth_token", "").split(",")[0].strip()
    return account.config.get("account_sid", ""), token
