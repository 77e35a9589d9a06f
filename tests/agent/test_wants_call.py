"""When customers ask to be called, and when it is a matter for people instead."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.wants_call import takes_call_back, wants_call

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 14, 20, tzinfo=BERLIN)  # a Thursday


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Call me back tomorrow at ten", "11-27 10:00"),
        ("Could you please call me tomorrow at 10:30?", "11-27 10:30"),
        ("Please give me a call at 4pm", "11-26 16:00"),
        ("call me at 9", "11-27 09:00"),
        ("Please call us on Monday at 2 pm.", "11-30 14:00"),
        ("Please call me on Thursday at 13:00", "12-03 13:00"),
        ("phone me the day after tomorrow around 11", "11-28 11:00"),
        ("Call me back on 2026-12-02 at 15:15", "12-02 15:15"),
        ("Can you call me at 3?", "11-26 15:00"),
        ("ring me in two hours", "11-26 16:20"),
        ("please call me in 30 minutes", "11-26 14:50"),
        ("Please call me now", "11-26 14:20"),
        ("Rufen Sie mich bitte morgen um zehn an", "11-27 10:00"),
        ("Ruf mich heute um 16 Uhr 30 an", "11-26 16:30"),
        ("Könnten Sie mich am Montag um 9 Uhr anrufen?", "11-30 09:00"),
        ("Ich bitte um Rückruf übermorgen um 11:15", "11-28 11:15"),
        ("call me at 12am tomorrow", "11-27 00:00"),
    ],
)
def test_a_time_is_read_as_it_is_meant(text: str, wanted: str) -> None:
    at = wants_call(text, NOW)
    assert at is not None
    assert at.strftime("%m-%d %H:%M") == wanted
    assert at.tzinfo == BERLIN


@pytest.mark.parametrize(
    "text",
    [
        "Call me back",
        "Please call me some time tomorrow",
        "I want a human to call me tomorrow at ten",
        "Can someone call me at 3pm?",
        "Don't call me tomorrow at ten",
        "Can you call the courier at 3pm?",
        "You called me yesterday at ten, why?",
        "They call me Al, and my order 12:30 is late",
        "Kann mich jemand morgen um zehn anrufen?",
        "Rufen Sie mich nicht um 8 Uhr an",
        "Call me Al. My order of 12:30 is late",
        "Call me on 2026-02-31 at 10:00",
        "Call me at 25:00",
        "How long does shipping to Norway take?",
    ],
)
def test_without_a_time_or_with_a_person_it_is_none_of_the_assistants(text: str) -> None:
    assert wants_call(text, NOW) is None


@pytest.mark.parametrize(
    "text",
    ["Cancel the call", "Please cancel my callback", "I no longer need the call", "don't call me",
     "Anruf absagen", "Bitte den Rückruf stornieren", "Rufen Sie mich doch nicht an"],
)  # fmt: skip
def test_a_call_is_taken_back(text: str) -> None:
    assert takes_call_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "Can I cancel my order?",
        "Call me tomorrow at ten",
        "I have a call at ten",
        "Don't cancel it",
    ],
)
def test_other_words_take_no_call_back(text: str) -> None:
    assert not takes_call_back(text)
