"""Until when free text may be sent on a thread."""

from datetime import datetime

from connectors.base import Channel
from core.clock import now
from desk.conversations import Thread


def closes_at(channel: Channel, thread: Thread, *, by_person: bool = False) -> datetime | None:
    """When the provider's window closes; None: never. Long past when it has never been open."""
    return closes_after(channel, thread.customer_wrote_at, by_person=by_person)


def closes_after(
    channel: Channel, wrote: datetime | None, *, by_person: bool = False
) -> datetime | None:
    """The same for a customer who wrote last then; None: who never wrote."""
    if channel.window is None:
        return None
    length = channel.person_window if by_person and channel.person_window else channel.window
    return datetime.min.replace(tzinfo=now().tzinfo) if wrote is None else wrote + length


def is_open(channel: Channel, thread: Thread, *, by_person: bool = False) -> bool:
    end = closes_at(channel, thread, by_person=by_person)
    return end is None or now() < end


def words(channel: Channel) -> str:
    """For the teammate whose message came too late."""
    hours = int(channel.window.total_seconds() // 3600) if channel.window else 0
    return (
        f"{channel.name} lets us write freely only within {hours} hours of the customer's last "
        "message. Send an approved template, reach the customer on another channel, or wait "
        "until they write."
    )
