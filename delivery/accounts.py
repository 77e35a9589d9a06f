"""From an inbox's row to the account its connector works with."""

from connectors.base import Account, Channel
from connectors.registry import channel
from desk.inboxes import Inbox


def account_of(inbox: Inbox) -> Account:
    return Account(inbox_id=inbox.id, config=dict(inbox.config), secrets=inbox.secrets)


def channel_of(inbox: Inbox) -> Channel:
    return channel(inbox.kind)
