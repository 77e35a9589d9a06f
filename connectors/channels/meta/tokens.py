"""How a token of Meta's stands, asked of Meta itself; Instagram's own are made to last longer."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx

from connectors.base import Account, Token, TokenRefused
from connectors.channels.meta.graph import Graph, bearer, data, problem
from connectors.channels.meta.signature import app_secrets
from connectors.json_values import child, moment, text
from core.clock import now

INSTAGRAM_LOGIN = "graph.instagram.com"
RENEW_BEFORE = timedelta(days=30)
"""Half of the sixty days that a token of Instagram's lasts: two weeks of failures come before
anybody has to be warned."""
_REFUSED = "190"


def asked(graph: Graph, http: httpx.Client, account: Account) -> Token:
    """A token of Facebook's: when it or its access to data ends. Only people can make another."""
    query = {"input_token": account.secrets.get("access_token", "")}
    answer = _get(http, graph.url(account, "debug_token"), query, _asker(account))
    about = child(data(answer), "data")
    if not answer.is_success or not about:
        raise _trouble(answer)
    if text(about, "is_valid") == "false":
        raise TokenRefused("Meta says that the token is no longer valid.")
    ends = (moment(about.get("expires_at")), moment(about.get("data_access_expires_at")))
    return Token(min(filter(None, ends), default=None))


def prolonged(graph: Graph, http: httpx.Client, account: Account, known: datetime | None) -> Token:
    """A token of Instagram's: its end is only told when it is renewed, which is free from its
    second day on."""
    if known and known > now() + RENEW_BEFORE:
        return Token(known)
    query = {
        "grant_type": "ig_refresh_token",
        "access_token": account.secrets.get("access_token", ""),
    }
    address = f"{_host(graph, account)}/refresh_access_token"
    answer = _get(http, address, query, {})
    fresh, lasts = text(data(answer), "access_token"), data(answer).get("expires_in")
    if answer.is_success and fresh and isinstance(lasts, int | float):
        return Token(now() + timedelta(seconds=lasts), {"access_token": fresh})
    if answer.status_code >= 500 or answer.status_code == 429:
        raise _trouble(answer)
    alive = _get(http, graph.url(account, "me"), {"fields": "user_id"}, bearer(account))
    if not alive.is_success:
        raise _trouble(alive)
    return Token(known)


def is_instagrams(graph: Graph, account: Account) -> bool:
    """Made by signing in to Instagram itself, not to the Facebook page it belongs to."""
    own_host = urlsplit(graph.url(account, "")).hostname == INSTAGRAM_LOGIN
    return own_host or account.secrets.get("access_token", "").startswith("IG")


def _asker(account: Account) -> dict[str, str]:
    """The app asks where we know it; else the token asks about itself."""
    app_id, secrets = account.config.get("app_id", ""), app_secrets(account)
    if app_id and secrets:
        return {"Authorization": f"Bearer {app_id}|{secrets[0]}"}
    return bearer(account)


def _host(graph: Graph, account: Account) -> str:
    whole = urlsplit(graph.url(account, ""))
    return f"{whole.scheme}://{whole.netloc}"


def _get(
    http: httpx.Client, address: str, query: dict[str, str], headers: dict[str, str]
) -> httpx.Response:
    try:
        return http.get(address, params=query, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        words = f"Meta could not be asked about the token ({type(error).__name__})."
        raise OSError(words) from error


def _trouble(answer: httpx.Response) -> OSError:
    code, words = problem(answer)
    told = words or f"Meta answered {answer.status_code} about the token."
    return TokenRefused(told) if code == _REFUSED else OSError(told)
