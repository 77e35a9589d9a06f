"""One stored event into its envelopes."""

from connectors.base import Account
from connectors.channels.meta.direct.item import Item, load
from connectors.channels.meta.direct.messages import (
    read_edit,
    read_message,
    read_postback,
    read_reaction,
)
from connectors.channels.meta.direct.product import Product
from connectors.channels.meta.direct.reports import (
    THREAD_EVENTS,
    read_change,
    read_consent,
    read_receipt,
    read_thread_event,
    read_unheard_of,
)
from desk.envelope import Envelope, RawEvent

READERS = {
    "message": read_message,
    "message_edit": read_edit,
    "postback": read_postback,
    "reaction": read_reaction,
    "read": read_receipt,
    "delivery": read_receipt,
    "optin": read_consent,
    "optout": read_consent,
    **dict.fromkeys(THREAD_EVENTS, read_thread_event),
}


def read(product: Product, account: Account, event: RawEvent) -> tuple[Envelope, ...]:
    """Raises ValueError, in words, when the item lacks what its kind needs."""
    item = load(product, event)
    if item.is_change:
        return read_change(item)
    _check_account(item, account)
    reader = next((READERS[name] for name in READERS if name in item.body), None)
    app_id = account.config.get("app_id", "")
    return reader(item, app_id) if reader else read_unheard_of(item)


def _check_account(item: Item, account: Account) -> None:
    """One app may post the events of several pages to one address."""
    ours = account.config.get("account_id", "")
    named = item.sender if item.is_ours else item.recipient
    if ours and named and ours not in (named, item.account):
        raise ValueError(f"This belongs to {named}, not to this inbox's account {ours}.")
