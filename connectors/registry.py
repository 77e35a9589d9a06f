"""Every kind of channel there is."""

from connectors.base import Channel
from connectors.channels.api.channel import ApiChannel
from connectors.channels.asterisk.channel import AsteriskChannel
from connectors.channels.email.channel import EmailChannel
from connectors.channels.instagram.channel import InstagramChannel
from connectors.channels.messenger.channel import MessengerChannel
from connectors.channels.slack.channel import SlackChannel
from connectors.channels.sms.channel import SmsChannel
from connectors.channels.telegram.channel import TelegramChannel
from connectors.channels.voice.channel import VoiceChannel
from connectors.channels.web import WebChannel
from connectors.channels.whatsapp.channel import WhatsAppChannel
from core.errors import NotFound

CHANNELS: tuple[Channel, ...] = (
    WhatsAppChannel(),
    EmailChannel(),
    WebChannel(),
    TelegramChannel(),
    SlackChannel(),
    SmsChannel(),
    VoiceChannel(),
    AsteriskChannel(),
    ApiChannel(),
    InstagramChannel(),
    MessengerChannel(),
)


def channels() -> tuple[Channel, ...]:
    return CHANNELS


def channel(kind: str) -> Channel:
    found = next((one for one in CHANNELS if one.kind == kind), None)
    if found is None:
        known = ", ".join(one.kind for one in CHANNELS)
        raise NotFound(f"There is no channel kind {kind}; known are {known}.")
    return found
