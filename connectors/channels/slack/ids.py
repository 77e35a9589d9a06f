"""How messages, places and people of Slack are named here."""

from desk.envelope import Address, Strength


def message_name(channel: str, ts: str) -> str:
    """A message is known by its channel and its time; "" where one is missing."""
    return f"{channel}:{ts}" if channel and ts else ""


def place_of(channel: str, ts: str, thread_ts: str) -> str:
    """Answers go below the question in a channel, and plainly into a direct message."""
    root = thread_ts or ("" if is_direct(channel) else ts)
    return f"{channel}:{root}" if root else channel


def is_direct(channel: str) -> bool:
    return channel.startswith("D")


def person(team: str, user: str) -> tuple[Address, ...]:
    """Slack signs who wrote, so the account is asserted. It proves no mail address or phone: a
    workspace's admin may write anything into a profile."""
    if not user:
        return ()
    return (Address("slack", f"{team}:{user}" if team else user, Strength.ASSERTED, "Slack"),)
