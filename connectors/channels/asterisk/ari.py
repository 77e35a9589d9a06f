"""Asterisk's REST interface: what is asked outside of a running call."""

from urllib.parse import quote

import httpx

from connectors.base import Account, Check
from connectors.channels.voice.carrier import LARGEST_RECORDING, NOT_SENT, RING_SECONDS, Order
from connectors.json_values import text
from desk.envelope import DeliveryState, Receipt

APP = "onethread"
GO_ON_AT = "onethread-go-on"
"""The event by which one of our processes tells the one with the line where to go on."""


def base(account: Account) -> str:
    return account.config.get("ari_url", "").rstrip("/") + "/ari"


def auth(account: Account) -> tuple[str, str]:
    return account.config.get("ari_user", ""), account.secrets.get("ari_password", "")


def app(account: Account) -> str:
    return account.config.get("ari_app") or APP


def endpoint(account: Account, address: str) -> str:
    """How Asterisk is told to ring this number, extension or SIP address."""
    number = address.removeprefix("sips:").removeprefix("sip:").split("@")[0]
    safe = "".join(one for one in number if one.isalnum() or one in "+-._")
    return (account.config.get("dial") or "Local/{number}@onethread").replace("{number}", safe)


def client() -> httpx.Client:
    return httpx.Client(timeout=httpx.Timeout(10, connect=3))


def dial(http: httpx.Client, account: Account, order: Order) -> Receipt:
    """Let Asterisk call somebody. The call's id is ours: asked twice, Asterisk refuses the
    second. After a timeout or a 5xx nobody knows whether it rang: unknown."""
    step = order.answer_url.rsplit("/", 1)[-1]
    call_id = "onethread-" + step.rpartition("=")[2]
    wanted = {
        "endpoint": endpoint(account, order.to),
        "app": app(account),
        "appArgs": step,
        "callerId": account.config.get("number", ""),
        "timeout": str(RING_SECONDS),
    }
    try:
        url = f"{base(account)}/channels/{quote(call_id)}"
        answer = http.post(url, params=wanted, auth=auth(account))
    except NOT_SENT:
        return _failed("unreachable", "Asterisk could not be reached, so nothing was dialled.")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        return _failed("bad_settings", "Asterisk's address in the settings is not valid.")
    except httpx.HTTPError:
        return _unknown("Asterisk did not answer. The customer's phone may have rung.")
    if answer.is_server_error and "Allocation failed" not in answer.text:
        return _unknown(f"Asterisk failed (HTTP {answer.status_code}); it may have dialled.")
    if answer.is_success:
        return Receipt(DeliveryState.SENT, provider_id=call_id)
    return _failed(str(answer.status_code), f"Asterisk refused: {_words(answer)}")


def _failed(code: str, words: str) -> Receipt:
    return Receipt(DeliveryState.FAILED, error_code=code, error=words)


def _unknown(words: str) -> Receipt:
    return Receipt(DeliveryState.UNKNOWN, error_code="no_answer", error=words)


def _words(answer: httpx.Response) -> str:
    try:
        said = answer.json()
    except ValueError:
        said = None
    found = text(said, "message") or text(said, "error") if isinstance(said, dict) else ""
    return found or f"HTTP {answer.status_code}"


def redirect(http: httpx.Client, account: Account, channel_id: str, url: str) -> bool:
    """Tell whoever has this call's line to go on at another address; False when nobody does."""
    wanted = {"application": app(account), "source": f"channel:{channel_id}"}
    step = {"variables": {"step": url.rsplit("/", 1)[-1], "line": channel_id}}
    try:
        target = f"{base(account)}/events/user/{GO_ON_AT}"
        answer = http.post(target, params=wanted, json=step, auth=auth(account))
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.is_success


def recording(http: httpx.Client, account: Account, url: str) -> bytes:
    """A stored recording; only from this Asterisk itself."""
    if not url.startswith(f"{base(account)}/recordings/stored/"):
        raise OSError("The recording is not at Asterisk's own address.")
    try:
        answer = http.get(url, auth=auth(account))
        answer.raise_for_status()
    except httpx.HTTPError as wrong:
        raise OSError(f"Asterisk did not hand it out ({type(wrong).__name__}).") from wrong
    if len(answer.content) > LARGEST_RECORDING:
        raise OSError("The recording is larger than 50 MB.")
    return answer.content


def recording_url(account: Account, name: str) -> str:
    return f"{base(account)}/recordings/stored/{quote(name)}/file"


def check(http: httpx.Client, account: Account) -> tuple[Check, ...]:
    """Whether Asterisk answers, and whether our service listens to its calls."""
    try:
        answer = http.get(f"{base(account)}/applications", auth=auth(account))
    except (httpx.HTTPError, httpx.InvalidURL) as wrong:
        words = f"Asterisk can't be reached ({type(wrong).__name__}). Is http.conf enabled?"
        return (Check("Asterisk", False, words),)
    if answer.status_code == 401:
        return (Check("Asterisk", False, "The ARI user or password is wrong (ari.conf)."),)
    if not answer.is_success:
        return (Check("Asterisk", False, f"Asterisk answers HTTP {answer.status_code}."),)
    names = [text(one, "name") for one in answer.json() if isinstance(one, dict)]
    listens = app(account) in names
    words = "The service listens to its calls."
    missing = "The service does not listen: start it with ONETHREAD_AUDIOSOCKET set, then wait 5 s."
    return (
        Check("Asterisk", True, "Asterisk answers and knows the user."),
        Check("Application", listens, words if listens else missing),
    )
