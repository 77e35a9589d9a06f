"""Whether a customer asks to be called at a certain time, or takes that back. English and German.

Without a time, or where a person is asked for, it is a matter for people.
"""

import re
from datetime import datetime, timedelta

_CALL_ME = re.compile(
    r"(?<!they )\b(?:call|ring|phone) (?:me|us)\b|\bgive me a (?:call|ring)\b"
    r"|\bruf(?:en?|t)?\b.{0,60}\b(?:mich|uns)\b|\b(?:mich|uns)\b.{0,40}\b(?:an|zurück)rufen\b"
    r"|\bbitte um (?:einen )?(?:rückruf|anruf)\b"
)
_NOT = re.compile(r"\b(?:don't|do not|never|not|no|nicht|kein\w*|nie)\b")
_CALL = r"(?:call|callback|call-back|rückruf|anruf)"
_TAKEN_BACK = re.compile(
    rf"\b(?:cancel|no longer need|don't need|do not need)\b.{{0,40}}\b{_CALL}\b"
    r"|\b(?:don't|do not|no need to) (?:call|ring|phone) (?:me|us)\b"
    rf"|\b{_CALL}\b.{{0,40}}\b(?:absagen|stornieren|nicht mehr)\b|\bsag\w* .{{0,40}}\b{_CALL} ab\b"
    r"|\bnicht (?:mehr )?(?:an|zurück)rufen\b|\bruf\w* .{0,20}\bnicht (?:mehr )?(?:an|zurück)\b"
)
_PERSON = re.compile(
    r"\b(?:humans?|persons?|people|someone|somebody|anyone|anybody|agents?|representatives?|managers?"
    r"|supervisors?|colleagues?|staff|team|expert\w*|mensch\w*|person\w*|mitarbeiter\w*|kolleg\w*"
    r"|jemand\w*|berater\w*|chef\w*|your \w+|one of you)\b"
)

_NUMBERS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|ein|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
)
_HOURS = dict(
    zip(
        _NUMBERS.split("|"),
        (*range(1, 13), 1, *range(1, 13)),
        strict=True,
    )
)
_CLOCK = re.compile(
    rf"\b(?:at|um|gegen|around) (?P<hour>\d{{1,2}}|{_NUMBERS})\b(?:[:.h](?P<minute>\d\d))?"
    r"(?: ?o'clock| ?uhr(?: (?P<uhr>\d\d))?)?(?: ?(?P<half>a\.?m|p\.?m)\b)?"
    r"|\b(?P<hour2>\d{1,2})(?:[:.](?P<minute2>\d\d))? ?(?P<half2>a\.?m|p\.?m|uhr|o'clock)\b"
    r"|\b(?P<hour3>\d{1,2}):(?P<minute3>\d\d)\b"
)
_IN = re.compile(
    rf"\bin (?P<count>an?|\d{{1,3}}|einer|{_NUMBERS})"
    r" (?P<unit>minutes?|hours?|minuten?|stunden?)\b"
)
_NOW = re.compile(r"\b(?:right now|now|right away|immediately|jetzt|sofort|gleich)\b")
_DAYS = (
    ("monday", "montag"),
    ("tuesday", "dienstag"),
    ("wednesday", "mittwoch"),
    ("thursday", "donnerstag"),
    ("friday", "freitag"),
    ("saturday", "samstag", "sonnabend"),
    ("sunday", "sonntag"),
)
_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
EARLIEST = 8
"""A bare hour before this one is meant in the afternoon: nobody asks to be called at three."""


def takes_call_back(text: str) -> bool:
    """The call that was asked for is not wanted any more."""
    return bool(_TAKEN_BACK.search(_plain(text)))


def wants_call(text: str, moment: datetime) -> datetime | None:
    """When the customer asks to be called, in the zone of `moment`; None when they don't, want a
    person, or name no time. The next such time counts where the day is left open."""
    if _PERSON.search(_plain(text)):
        return None
    sentences = map(_plain, re.split(r"(?<=[.!?\n])\s+(?=[A-ZÄÖÜ])", text))
    plain = next(filter(_CALL_ME.search, sentences), "")
    if not plain or _NOT.search(plain):
        return None
    if _NOW.search(plain):
        return moment
    if wait := _IN.search(plain):
        return moment + _duration(wait["count"], wait["unit"])
    clock = _clock(plain)
    if clock is None:
        return None
    return _on_its_day(plain, moment, *clock)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'")).strip()


def _duration(count: str, unit: str) -> timedelta:
    number = int(count) if count.isdigit() else _HOURS.get(count, 1)
    minutes = unit.startswith("min")
    return timedelta(minutes=number) if minutes else timedelta(hours=number)


def _clock(plain: str) -> tuple[int, int] | None:
    without_dates = _DATE.sub(" ", plain)
    found = _CLOCK.search(without_dates)
    if found is None:
        return None
    named = found["hour"] or found["hour2"] or found["hour3"]
    hour = int(named) if named.isdigit() else _HOURS[named]
    minute = int(found["minute"] or found["minute2"] or found["minute3"] or found["uhr"] or 0)
    half = (found["half"] or found["half2"] or "").replace(".", "")
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    elif half not in ("am", "pm") and not found["hour3"] and hour < EARLIEST:
        hour += 12
    return (hour, minute) if hour < 24 and minute < 60 else None


def _on_its_day(plain: str, moment: datetime, hour: int, minute: int) -> datetime | None:
    at = moment.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if date := _DATE.search(plain):
        year, month, day = map(int, date.groups())
        try:
            return at.replace(year=year, month=month, day=day)
        except ValueError:
            return None
    if re.search(r"\b(?:day after tomorrow|übermorgen)\b", plain):
        return at + timedelta(days=2)
    if re.search(r"\b(?:tomorrow|morgen)\b", plain):
        return at + timedelta(days=1)
    if re.search(r"\b(?:today|heute|this (?:afternoon|evening))\b", plain):
        return at
    for number, names in enumerate(_DAYS):
        if any(name in plain for name in names):
            ahead = (number - moment.weekday()) % 7
            return at + timedelta(days=ahead or (7 if at <= moment else 0))
    return at if at > moment else at + timedelta(days=1)
