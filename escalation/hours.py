"""When people are there: a queue's working hours in its own time zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = 14
"""Days to look for the next opening before giving up."""


def are_open(hours: Mapping[str, Any], moment: datetime) -> bool:
    """Whether somebody is on duty. No hours at all: always."""
    if not hours.get("days"):
        return True
    local = moment.astimezone(_zone(hours))
    return any(start <= local.time() < end for start, end in _spans(hours, local))


def next_opening(hours: Mapping[str, Any], moment: datetime) -> datetime | None:
    """The next time somebody is there, in the queue's zone; now when open, None if never."""
    local = moment.astimezone(_zone(hours))
    if are_open(hours, moment):
        return local
    for ahead in range(LOOK_AHEAD):
        day = local + timedelta(days=ahead)
        for start, _ in _spans(hours, day):
            opening = datetime.combine(day.date(), start, tzinfo=local.tzinfo)
            if opening > local:
                # A time that the change of clocks skips is really an hour later.
                return opening.astimezone(UTC).astimezone(opening.tzinfo)
    return None


def local(hours: Mapping[str, Any], moment: datetime) -> datetime:
    """The moment as the queue's clocks show it."""
    return moment.astimezone(_zone(hours))


def in_words(then: datetime, moment: datetime, language: str = "en") -> str:
    """A time as its reader says it: "09:00" today, else "Monday 30 November 2026, 09:00"."""
    locale = _locale(language)
    hour = format_time(then, "short", tzinfo=then.tzinfo, locale=locale)
    same_day = then.date() == moment.astimezone(then.tzinfo).date()
    return hour if same_day else f"{format_date(then, 'full', locale=locale)}, {hour}"


def _locale(language: str) -> Locale:
    """English as the company writes it: with twenty-four hours."""
    try:
        return Locale.parse("en_GB" if language == "en" else language)
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale.parse("en_GB")


def _zone(hours: Mapping[str, Any]) -> ZoneInfo:
    return ZoneInfo(str(hours.get("timezone") or "UTC"))


def _spans(hours: Mapping[str, Any], day: datetime) -> list[tuple[time, time]]:
    spans = hours["days"].get(DAYS[day.weekday()], [])
    return sorted((time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans)
