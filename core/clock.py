"""The one clock. Times are aware UTC everywhere; people's time zones are a matter of display."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
