"""When people are there, in their own time zone."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from escalation.hours import are_open, in_words, next_opening

BERLIN: dict[str, Any] = {
    "timezone": "Europe/Berlin",
    "days": {
        **{day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu")},
        "fri": [["09:00", "15:00"]],
    },
}


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_it_is_open_within_a_span_and_closed_at_its_end() -> None:
    assert are_open(BERLIN, _utc("2026-11-23T08:00"))
    assert are_open(BERLIN, _utc("2026-11-23T10:59"))
    assert not are_open(BERLIN, _utc("2026-11-23T07:59"))
    assert not are_open(BERLIN, _utc("2026-11-23T11:00")), "lunch"
    assert are_open(BERLIN, _utc("2026-11-23T12:00"))


def test_no_hours_at_all_means_always() -> None:
    assert are_open({}, _utc("2026-11-22T03:00"))
    assert next_opening({}, _utc("2026-11-22T03:00")) == _utc("2026-11-22T03:00")


def test_after_friday_afternoon_people_return_on_monday() -> None:
    friday = _utc("2026-11-20T14:30")
    opening = next_opening(BERLIN, friday)

    assert opening == _utc("2026-11-23T08:00")
    assert in_words(opening, friday) == "Monday, 23 November 2026, 09:00"
    assert in_words(opening, friday, "fr") == "lundi 23 novembre 2026, 09:00"
    assert in_words(opening, friday, "xx") == in_words(opening, friday)


def test_during_lunch_they_return_today() -> None:
    lunch = _utc("2026-11-23T11:30")
    opening = next_opening(BERLIN, lunch)

    assert opening == _utc("2026-11-23T12:00")
    assert in_words(opening, lunch) == "13:00"


def test_nine_oclock_stays_nine_oclock_when_the_clocks_change() -> None:
    before_summer, before_winter = _utc("2026-03-27T18:00"), _utc("2026-10-23T18:00")

    assert next_opening(BERLIN, before_summer) == _utc("2026-03-30T07:00")
    assert next_opening(BERLIN, before_winter) == _utc("2026-10-26T08:00")


def test_on_the_night_the_clocks_change_a_night_desk_opens_once() -> None:
    night = {"timezone": "Europe/Berlin", "days": {"sun": [["02:30", "04:00"]]}}
    assert are_open(night, _utc("2026-03-29T01:30"))
    assert next_opening(night, _utc("2026-03-29T00:30")) == _utc("2026-03-29T01:30")


def test_a_desk_that_never_opens_promises_nothing() -> None:
    assert next_opening({"days": {"mon": []}}, _utc("2026-11-22T03:00")) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_the_next_opening_is_open_and_never_in_the_past(moment: datetime) -> None:
    opening = next_opening(BERLIN, moment)
    assert opening is not None
    assert are_open(BERLIN, opening)
    assert opening >= moment
