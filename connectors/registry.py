"""Every kind of channel there is."""

from connectors.base import Channel
from connectors.channels.email.channel import EmailChannel
from connectors.channels.web import WebChannel
from connectors.channels.whatsapp.channel import WhatsAppChannel
from core.errors import NotFound

CHANNELS: tuple[Channel, ...] = (WhatsAppChannel(), EmailChannel(), WebChannel())


def channels() -> tuple[Channel, ...]:
    return CHANNELS


def channel(kind: str) -> Channel:
    found = next((one for one in CHANNELS if one.kind == kind), None)
    if found is None:
        known = ", ".join(one.kind for one in CHANNELS)
        raise NotFound(f"There is no channel kind {kind}; known are {known}.")
    return found
