"""Calls of ours over whichever line an inbox has: a carrier's, or a company's own Asterisk."""

from collections.abc import Mapping

from connectors.base import Account
from connectors.channels.asterisk import ari
from connectors.channels.voice import carrier
from desk.envelope import Receipt

KINDS = ("voice", "asterisk")
"""The channels that calls can be made over; the first that an installation has is taken."""


def languages(config: Mapping[str, str]) -> list[str]:
    """What a line speaks; the first is what callers are greeted in."""
    named = (one.strip() for one in config.get("languages", "").split(","))
    return [one for one in named if one] or ["en-US"]


def dial(account: Account, order: carrier.Order) -> Receipt:
    """Have somebody called. Never raises for what the carrier or the network does."""
    if _is_asterisk(account):
        with ari.client() as http:
            return ari.dial(http, account, order)
    with carrier.client() as http:
        return carrier.dial(http, account, order)


def redirect(account: Account, carrier_id: str, url: str) -> bool:
    """Let a running call go on at another address of ours."""
    if _is_asterisk(account):
        with ari.client() as http:
            return ari.redirect(http, account, carrier_id, url)
    with carrier.client() as http:
        return carrier.redirect(http, account, carrier_id, url)


def _is_asterisk(account: Account) -> bool:
    return "ari_url" in account.config
