"""Until when free text may be sent on a thread."""

from datetime import datetime

from connectors.base import Channel
from core.clock import now
from desk.conversations import Thread


def closes_at(channel: Channel, thread: Thread) -> datetime | None:
    """When the provider's window closes; None: never. Long past when it has never been open."""
    if channel.window is None:
        return None
    if thread.customer_wrote_at is None:
        return datetime.min.replace(tzinfo=now().tzinfo)
    return thread.customer_wrote_at + channel.window


def is_open(channel: Channel, thread: Thread) -> bool:
    end = closes_at(channel, thread)
    return end is None or now() < end
