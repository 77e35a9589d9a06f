"""One stored event into its envelope."""

from connectors.channels.whatsapp.echoes import read_echo
from connectors.channels.whatsapp.item import Item, load
from connectors.channels.whatsapp.messages import read_message
from connectors.channels.whatsapp.reports import (
    read_call,
    read_consent,
    read_report,
    read_user_id_update,
)
from connectors.channels.whatsapp.statuses import read_status
from desk.envelope import Envelope, RawEvent

READERS = {
    "messages": read_message,
    "message_echoes": read_echo,
    "statuses": read_status,
    "calls": read_call,
    "user_preferences": read_consent,
    "user_id_update": read_user_id_update,
}


def read(event: RawEvent) -> tuple[Envelope, ...]:
    """Raises ValueError, in words, when the item lacks what its kind needs."""
    item = load(event)
    return (_read(item),)


def _read(item: Item) -> Envelope:
    if item.name == "statuses" and item.field == "calls":
        return read_call(item)
    return READERS.get(item.name, read_report)(item)
