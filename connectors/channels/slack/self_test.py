"""Do these settings work? Asked of Slack itself."""

import httpx

from connectors.base import Account, Check
from connectors.channels.slack import web_api
from connectors.json_values import text
from connectors.refused import Refused


def check(http: httpx.Client, account: Account) -> tuple[Check, ...]:
    """The signing secret can only be tried by Slack, when it checks the address."""
    return (_token(http, account), _secret(account))


def _token(http: httpx.Client, account: Account) -> Check:
    try:
        me = web_api.call(http, account, "auth.test")
    except Refused as refused:
        return Check("Bot token", False, refused.receipt.error)
    return Check("Bot token", True, f"{text(me, 'user')} answers in {text(me, 'team')}.")


def _secret(account: Account) -> Check:
    name = "Signing secret"
    if not account.secrets.get("signing_secret", "").strip():
        return Check(name, False, "Enter it: without it every event is refused.")
    words = (
        "Set. Enter this inbox's webhook address under Event Subscriptions and Interactivity; "
        "Slack says at once whether the secret is right."
    )
    return Check(name, True, words)
