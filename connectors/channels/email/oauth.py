"""Signing in with a token (XOAUTH2), as Google and Microsoft want it: fetched, kept, renewed."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx

from connectors.base import Account
from connectors.channels.email.settings import TIMEOUT, setting

TOKEN_URLS = {
    "google": "https://oauth2.googleapis.com/token",
    "microsoft": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
}
_MARGIN = timedelta(minutes=1)
_SHORTEST = timedelta(minutes=5)
_lock = threading.Lock()
_fetched: dict[tuple[str, ...], Mapping[str, str]] = {}
"""What was fetched before the inbox's row has it, by inbox and refresh token."""


class SignInRefused(OSError):
    """No token is to be had; the message says why and what to do."""


def is_used(account: Account) -> bool:
    """Whether this inbox signs in with a token instead of a password."""
    return _kind(account) in ("oauth", *TOKEN_URLS)


def access_token(account: Account) -> str:
    """A token that is good now. Raises SignInRefused, or OSError when nobody answers."""
    secrets = account.secrets
    if _good_for(secrets) > _MARGIN:
        return secrets["access_token"]
    key = _key(account)
    with _lock:
        known = _fetched.get(key, {})
    if _good_for(known) <= _MARGIN:
        known = fetch(account)
        with _lock:
            _fetched[key] = known
    return known["access_token"]


def is_due(account: Account, margin: timedelta) -> bool:
    """Whether the kept token is missing or runs out within `margin`."""
    return is_used(account) and _good_for(account.secrets) <= margin


def fetch(account: Account) -> dict[str, str]:
    """Fresh secrets by the refresh token; some providers replace that one, too."""
    url = setting(account.config, "oauth_token_url") or TOKEN_URLS.get(_kind(account), "")
    form = {
        "grant_type": "refresh_token",
        "client_id": setting(account.config, "oauth_client_id"),
        "client_secret": account.secrets.get("oauth_client_secret", ""),
        "refresh_token": account.secrets.get("oauth_refresh_token", ""),
    }
    form = {name: value for name, value in form.items() if value}
    if "refresh_token" not in form or not url:
        raise SignInRefused("Sign-in by token needs a refresh token and the token address.")
    try:
        answer = httpx.post(url, data=form, timeout=TIMEOUT)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        name = type(error).__name__
        raise OSError(
            f"The sign-in service can't be reached ({name}). It is tried again."
        ) from error
    return _secrets(answer)


def _secrets(answer: httpx.Response) -> dict[str, str]:
    try:
        found = answer.json()
    except ValueError:
        found = {}
    found = found if isinstance(found, dict) else {}
    if answer.status_code >= 500 or answer.status_code == 429:
        raise OSError(f"The sign-in service is out of order ({answer.status_code}).")
    token = found.get("access_token")
    if answer.status_code != 200 or not isinstance(token, str):
        raise SignInRefused(_refusal(str(found.get("error", answer.status_code))))
    try:
        lasts = timedelta(seconds=float(found.get("expires_in", 3600)))
    except (TypeError, ValueError, OverflowError):
        lasts = timedelta(hours=1)
    until = datetime.now(UTC) + max(lasts, _SHORTEST)
    renewed = {"access_token": token, "access_token_until": until.isoformat()}
    if isinstance(found.get("refresh_token"), str):
        renewed["oauth_refresh_token"] = found["refresh_token"]
    return renewed


def _refusal(code: str) -> str:
    if code == "invalid_grant":
        return (
            "The provider no longer accepts this mailbox's sign-in (invalid_grant): it was "
            "revoked, has run out, or the password was changed. Sign in at the provider again and "
            "put the new refresh token into this inbox."
        )
    if code in ("invalid_client", "unauthorized_client"):
        return f"The provider refuses the client id or secret ({code}). Check both."
    return f"The provider refuses to give a token ({code[:60]}). Check the sign-in settings."


def _good_for(secrets: Mapping[str, str]) -> timedelta:
    until = secrets.get("access_token_until", "")
    if not secrets.get("access_token") or not until:
        return timedelta(0)
    return datetime.fromisoformat(until) - datetime.now(UTC)


def _key(account: Account) -> tuple[str, ...]:
    return (
        account.inbox_id,
        setting(account.config, "oauth_client_id"),
        account.secrets.get("oauth_refresh_token", ""),
    )


def _kind(account: Account) -> str:
    return setting(account.config, "sign_in").lower()
