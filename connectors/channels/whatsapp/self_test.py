"""Do these settings work? Asked of Meta itself."""

import hashlib
import hmac

import httpx

from connectors.base import Account, Check
from connectors.channels.meta.signature import app_secrets
from connectors.channels.whatsapp import graph
from connectors.json_values import text


def check(http: httpx.Client, account: Account) -> tuple[Check, ...]:
    """Token and number first; the secrets can only be tried with a token that works."""
    number = _number(http, account)
    secrets = (
        [_secret(http, account, one, place) for place, one in enumerate(app_secrets(account), 1)]
        if number.ok
        else []
    )
    return (number, *(secrets or _no_secret(account)), _verify_token(account))


def _number(http: httpx.Client, account: Account) -> Check:
    name = "Access token and number"
    answer, words = _ask(http, account, {"fields": "display_phone_number,verified_name"})
    if answer is None:
        return Check(name, False, words)
    found = text(answer, "display_phone_number") or "the number"
    return Check(name, True, f"{text(answer, 'verified_name')} ({found}) answers.")


def _secret(http: httpx.Client, account: Account, secret: str, place: int) -> Check:
    """Meta checks a proof made of token and secret, so a wrong secret shows before a webhook
    is refused because of it."""
    name = "App secret" if place == 1 else f"App secret {place}"
    token = account.secrets.get("access_token", "")
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    answer, words = _ask(http, account, {"fields": "id", "appsecret_proof": proof})
    if answer is None:
        return Check(name, False, f"It does not belong to the app of this token. {words}")
    return Check(name, True, "It belongs to the app of this token.")


def _no_secret(account: Account) -> tuple[Check, ...]:
    if app_secrets(account):
        return (Check("App secret", False, "Not tried: the access token must work first."),)
    return (Check("App secret", False, "Enter it: without it every webhook is refused."),)


def _verify_token(account: Account) -> Check:
    if account.secrets.get("verify_token"):
        return Check("Verify token", True, "Set. Enter the same text in Meta's webhook settings.")
    return Check("Verify token", False, "Choose one: without it Meta cannot subscribe the webhook.")


def _ask(
    http: httpx.Client, account: Account, query: dict[str, str]
) -> tuple[dict[str, object] | None, str]:
    number = account.config.get("phone_number_id", "")
    if not number.isdigit():
        return None, "Enter the phone number ID: digits from Meta's API Setup page."
    try:
        answer = http.get(graph.url(account, number), params=query, headers=graph.bearer(account))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return None, f"WhatsApp could not be reached ({type(error).__name__})."
    if answer.is_success:
        return graph.data(answer), ""
    code, detail = graph.problem(answer)
    return None, detail or f"WhatsApp answered {answer.status_code} (code {code or 'none'})."
