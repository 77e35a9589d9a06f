"""Written words as they are said on the phone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.aloud import MOST_WORDS, aloud, shortened

WRITTEN = st.text(
    st.one_of(st.characters(), st.sampled_from("-*#|[]()0123456789€$%.,: \n")), max_size=300
)


@pytest.mark.parametrize(
    ("written", "language", "said"),
    [
        ("It costs €12.90.", "en", "It costs 12 euros 90."),
        ("It costs 1.249,00 €.", "de", "It costs 1249 Euro."),
        ("It costs USD 5", "en", "It costs 5 dollars."),
        ("By 2026-11-24.", "en", "By 24 November 2026."),
        ("Bis 2026-11-24.", "de", "Bis 24. November 2026."),
        ("It takes 4-6 days.", "en", "It takes 4 to 6 days."),
        ("We take off 19 %.", "en", "We take off 19 percent."),
        ("Order MB-12345 of 3-4-5", "en", "Order MB-12345 of 3-4-5."),
        ("See https://shop.example/help/a?b=c.", "en", "See ."),
        ("See [our page](https://shop.example).", "en", "See our page."),
        ("Steps:\n1. Open it.\n2. Close it\n- **Done**", "en", "Steps: Open it. Close it. Done."),
        ("Costs $1,000.50 now", "en", "Costs 1000 dollars 50 now."),
        ("Noch 5 EUR", "xx", "Noch 5 EUR."),
    ],
)
def test_prices_dates_ranges_lists_and_addresses(written: str, language: str, said: str) -> None:
    assert aloud(written, language) == said


@given(WRITTEN, st.sampled_from(["en", "de", "fr", "es", "tr", ""]))
def test_nothing_that_cannot_be_said_is_left(written: str, language: str) -> None:
    said = aloud(written, language)
    assert not re.search(r"https?://|[*_`#|<>\[\]{}\n]|[\x00-\x1f]|\s\s", said)


@given(st.lists(st.integers(0, 10**6), max_size=8))
def test_no_number_is_lost(numbers: list[int]) -> None:
    written = "".join(f"There are {number} of them. " for number in numbers)
    assert re.findall(r"\d+", aloud(written, "en")) == [str(number) for number in numbers]


@given(st.lists(st.text("abc", min_size=1, max_size=8), max_size=120))
def test_what_is_said_now_and_later_is_all_of_it(words: list[str]) -> None:
    text = " ".join(
        f"{word.capitalize()}." if place % 7 == 6 else word for place, word in enumerate(words)
    )
    now, later = shortened(text)
    assert f"{now} {later}".split() == text.split()
    assert len(now.split()) <= MOST_WORDS or "." not in now[:-1]
