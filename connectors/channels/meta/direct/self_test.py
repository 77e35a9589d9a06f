"""Do these settings work? Asked of Meta itself."""

import hashlib
import hmac

import httpx

from connectors.base import Account, Check
from connectors.channels.meta import tokens
from connectors.channels.meta.direct.product import Product
from connectors.channels.meta.graph import bearer, data, problem
from connectors.channels.meta.signature import app_secrets
from connectors.json_values import Json, children, text

NEEDED = "messages"
WANTED = ("message_echoes", "message_reads", "messaging_postbacks", "message_reactions")


def check(http: httpx.Client, account: Account, product: Product) -> tuple[Check, ...]:
    """Token first; the rest can only be tried with a token that works."""
    token = _token(http, account, product)
    tried = (
        (*_secrets(http, account, product), _webhook(http, account, product)) if token.ok else ()
    )
    return (token, *tried, *_no_secret(account), _verify_token(account), _by_hand(product))


def _token(http: httpx.Client, account: Account, product: Product) -> Check:
    name = "Access token and account"
    own_login = product.kind == "instagram" and tokens.is_instagrams(product.graph, account)
    fields = "user_id,username" if own_login else "id,name"
    answer, words = _ask(http, account, product, "me", {"fields": fields})
    if answer is None:
        return Check(name, False, words)
    found = text(answer, "user_id") or text(answer, "id")
    shown = text(answer, "name") or text(answer, "username") or found
    ours = account.config.get("account_id", "")
    if product.kind == "messenger" and ours and found and ours != found:
        return Check(name, False, f"The token belongs to {shown} ({found}), not to {ours}.")
    return Check(name, True, f"{shown} ({found}) answers.")


def _secrets(http: httpx.Client, account: Account, product: Product) -> tuple[Check, ...]:
    """Meta checks a proof made of token and secret, so a wrong secret shows before a webhook is
    refused because of it."""
    token = account.secrets.get("access_token", "")
    checks = []
    for place, secret in enumerate(app_secrets(account), 1):
        name = "App secret" if place == 1 else f"App secret {place}"
        proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        query = {"fields": "id", "appsecret_proof": proof}
        answer, words = _ask(http, account, product, "me", query)
        wrong = f"It does not belong to the app of this token. {words}"
        right = "It belongs to the app of this token."
        checks.append(Check(name, answer is not None, wrong if answer is None else right))
    return tuple(checks)


def _no_secret(account: Account) -> tuple[Check, ...]:
    if app_secrets(account):
        return ()
    return (Check("App secret", False, "Enter it: without it every webhook is refused."),)


def _webhook(http: httpx.Client, account: Account, product: Product) -> Check:
    name = "Webhook subscription"
    answer, words = _ask(http, account, product, "me/subscribed_apps", {})
    if answer is None:
        return Check(name, False, f"It could not be asked for. {words}")
    apps = children(answer, "data")
    app_id = account.config.get("app_id", "")
    ours = [one for one in apps if not app_id or app_id in (text(one, "id"), "")]
    subscribed = {str(field) for one in ours for field in one.get("subscribed_fields") or ()}
    if NEEDED not in subscribed:
        words = "The account is not subscribed to messages. Subscribe it in Meta's app dashboard."
        return Check(name, False, words)
    missing = ", ".join(sorted(set(WANTED) - subscribed)) if product.kind == "messenger" else ""
    advice = f" Better also subscribe: {missing}." if missing else ""
    return Check(name, True, f"Messages are subscribed.{advice}")


def _verify_token(account: Account) -> Check:
    if account.secrets.get("verify_token"):
        return Check("Verify token", True, "Set. Enter the same text in Meta's webhook settings.")
    return Check("Verify token", False, "Choose one: without it Meta cannot subscribe the webhook.")


def _by_hand(product: Product) -> Check:
    words = (
        f"{product.name} lets no account write to itself. Write to it from a private account: the "
        "message must appear in the inbox within seconds; then answer it from there."
    )
    return Check("Try it by hand", True, words)


def _ask(
    http: httpx.Client, account: Account, product: Product, path: str, query: dict[str, str]
) -> tuple[Json | None, str]:
    try:
        answer = http.get(product.graph.url(account, path), params=query, headers=bearer(account))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return None, f"{product.name} could not be reached ({type(error).__name__})."
    if answer.is_success:
        return data(answer), ""
    code, detail = problem(answer)
    return None, detail or f"{product.name} answered {answer.status_code} (code {code or 'none'})."
