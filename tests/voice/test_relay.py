"""The same call over ConversationRelay: streamed, interrupted, broken off."""

import json
import time

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from agent import calls
from connectors.simulator.twilio_caller import Caller
from core.db import transaction
from desk import phone_calls
from desk.phone_calls import Saying
from tests.voice.conftest import Shop
from tests.voice.test_talking import NORWAY


def _calls(shop: Shop) -> Caller:
    shop.set(mode="relay")
    return shop.caller().call()


def test_an_answer_is_streamed_and_stored(shop: Shop) -> None:
    caller = _calls(shop)
    assert "automatic assistant of Mahlbach" in caller.last
    caller.says(NORWAY)
    assert "4 to 6 working days for 12 euros 90" in caller.listens()
    caller.says("Can I return unused items?")
    assert "30 days" in caller.listens()
    assert [one.state for one in shop.said] == [Saying.SAID] * 5
    caller.hangs_up()
    assert shop.call.stage == "ended"
    assert shop.call.callback_due is None


def test_an_unsigned_handshake_is_refused(shop: Shop) -> None:
    address = f"ws{shop.url.removeprefix('http')}/voice/{shop.inbox_id}/relay"
    for headers in ({}, {"X-Twilio-Signature": "AAAA"}):
        with pytest.raises(InvalidStatus):
            connect(address, additional_headers=headers)


def test_what_was_interrupted_is_kept_as_far_as_it_was_heard(shop: Shop) -> None:
    caller = _calls(shop)
    caller.says(NORWAY)
    words = caller.listens()
    heard = words[: words.index("working")].strip()
    caller.interrupts(heard)
    caller.says("Can I return unused items?")
    caller.listens()
    answer = next(one for one in shop.said if one.turn == 1 and one.author == "assistant")
    assert answer.text == heard
    assert answer.state == Saying.CUT


def test_bad_frames_are_survived(shop: Shop) -> None:
    caller = _calls(shop)
    for raw in ("", "no json", "[1]", '{"type":"dance"}', '{"type":', "[" * 5000, '{"a":' * 5000):
        caller.sends(raw)
    caller.sends(json.dumps({"type": "error", "description": "64107 bad"}))
    caller.says(NORWAY)
    assert "12 euros 90" in caller.listens()


def test_a_dropped_line_goes_on_over_http(shop: Shop) -> None:
    caller = _calls(shop)
    caller.says(NORWAY)
    _until(lambda: any(one.turn == 1 for one in shop.said))
    caller.drops()
    assert "12 euros 90" in caller.last
    caller.says("Can I return unused items?")
    assert "30 days" in caller.last


def test_the_line_may_drop_before_a_word_was_said(shop: Shop) -> None:
    caller = _calls(shop)
    caller.drops()
    assert caller.is_listened_to
    caller.says(NORWAY)
    assert "12 euros 90" in caller.last


def test_zero_and_doubt_end_the_relay_with_people(shop: Shop) -> None:
    caller = _calls(shop)
    caller.says("I want to speak to a human being, please")
    caller.listens()
    assert caller.heard[1].startswith("Of course.")
    assert caller.is_recorded

    other = shop.caller(number="+4915112345699").call()
    other.presses("0")
    other.listens()
    assert other.is_recorded


def test_another_language_is_followed(shop: Shop) -> None:
    caller = _calls(shop)
    caller.sends(
        json.dumps({"type": "prompt", "voicePrompt": "Guten Tag", "lang": "de-DE", "last": True})
    )
    caller.listens()
    assert caller.languages[-1] == "de-DE"
    assert shop.call.language == "de-DE"


def test_an_answer_to_what_was_asked_before_is_not_said_any_more(shop: Shop) -> None:
    """The caller speaks again while the assistant thinks: the older turn is over."""
    _calls(shop)
    with transaction() as session:
        call = phone_calls.lock(session, shop.call.id)
        phone_calls.heard(session, call, 1, NORWAY)
        phone_calls.say(session, call, 1, "", state=Saying.THINKING)
        calls.hear(session, call, 2, "Never mind")
    assert calls.CallVoice(shop.call.id, 1, "en").open(0.9) is False


def _until(holds: object, seconds: float = 10) -> None:
    assert callable(holds)
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
