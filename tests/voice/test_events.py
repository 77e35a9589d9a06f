"""What a carrier tells is kept: once, with its effect, or as a dead letter that can be replayed."""

import json
from collections import Counter

import pytest
from sqlalchemy import select, text

from connectors.simulator.twilio_caller import Caller, Pickup
from core.db import engine, reading, transaction
from delivery import inbound
from delivery.inbound import Event
from desk.envelope import RawEvent
from desk.messages import Attachment
from desk.phone_calls import PhoneCall, Stage
from escalation.hand_off import latest
from jobs import messages as jobs
from tests.voice.conftest import Shop
from tests.voice.test_people import LEA
from tests.voice.test_talking import NORWAY


def _events() -> list[Event]:
    with reading() as session:
        return list(session.scalars(select(Event).order_by(Event.id)))


def _steps() -> list[str]:
    return [json.loads(one.body)["step"] for one in _events()]


def _dead() -> list[Event]:
    with reading() as session:
        return inbound.dead_letters(session)


def _replayed() -> None:
    with transaction() as session:
        again = inbound.replay_all(session)
    for event_id in again:
        jobs.receive(event_id)


def test_each_step_is_kept_once_with_what_was_said(shop: Shop) -> None:
    caller = shop.caller().call()
    caller.says(NORWAY)
    caller.hangs_up()
    assert _steps() == ["answer", "heard?turn=1", "status"]
    assert json.loads(_events()[1].body)["form"]["SpeechResult"] == NORWAY
    assert all(one.done_at and not one.dead_at for one in _events())

    caller.post(f"{caller.voice_url}/answer")
    caller.post(f"{caller.voice_url}/heard?turn=1", SpeechResult=NORWAY, Confidence="0.92")
    caller.reports("completed", CallDuration="12")
    assert len(_events()) == 3
    assert Counter(one.author for one in shop.said) == {"assistant": 2, "customer": 1}


def test_a_silence_told_twice_is_one_silence(shop: Shop) -> None:
    caller = shop.caller().call()
    for _ in range(3):
        caller.post(f"{caller.voice_url}/heard?turn=1", SpeechResult="")
    assert shop.call.silences == 1
    caller.stays_silent()
    caller.stays_silent()
    assert shop.call.silences == 2
    caller.stays_silent()
    assert caller.over


def test_a_teammate_who_is_told_twice_to_be_connected_stays_connected(shop: Shop) -> None:
    lea = shop.has_teammate()
    caller = shop.caller(phones={LEA: Pickup()}).call()
    caller.presses("0")
    url = f"{caller.voice_url}/taken?call={shop.call.id}&teammate={lea.id}"
    assert "Hangup" not in caller.post(url, Digits="1").text
    assert shop.call.stage == Stage.WITH_PERSON


def _breaks(on: bool) -> None:
    """The disk refuses the caller's words, and only these."""
    trigger = (
        "CREATE TRIGGER refuse BEFORE INSERT ON utterance WHEN NEW.author = 'customer' "
        "BEGIN SELECT RAISE(FAIL, 'disk I/O error'); END"
    )
    with engine().begin() as connection:
        connection.execute(text(trigger if on else "DROP TRIGGER refuse"))


def test_a_step_that_fails_is_a_dead_letter_and_its_caller_reaches_a_person(shop: Shop) -> None:
    shop.has_teammate()
    caller = shop.caller(phones={LEA: Pickup()}).call()
    _breaks(True)
    caller.says(NORWAY)
    assert caller.talking_to == LEA
    [letter] = _dead()
    assert "The step failed" in letter.reason
    assert NORWAY in letter.body

    _breaks(False)
    _replayed()
    assert _dead() == []
    assert NORWAY in [one.text for one in shop.said if one.author == "customer"]
    _replayed()
    assert shop.message.text == NORWAY


def test_what_cannot_be_done_again_says_why(shop: Shop) -> None:
    caller = shop.caller().call()
    told = {"step": "wait?turn=1&rounds=1", "form": {"CallSid": caller.call_sid}}
    with transaction() as session:
        event = RawEvent("failed once", json.dumps(told))
        inbound.keep_dead(session, shop.inbox_id, event, "The step failed with OSError.")
    _replayed()
    [letter] = _dead()
    assert "nothing to do again" in letter.reason


def test_a_recording_of_an_unknown_call_waits_as_a_dead_letter(shop: Shop) -> None:
    caller = shop.caller()
    heard = {"RecordingUrl": shop.carrier.recording_url, "RecordingDuration": "7"}
    answer = caller.post(f"{caller.voice_url}/recording", **heard)
    assert answer.status_code == 204
    [letter] = _dead()
    assert "does not know" in letter.reason

    caller.call()
    _replayed()
    assert _dead() == []
    with reading() as session:
        assert session.scalars(select(Attachment.name)).one() == "Recording.mp3"


def test_a_report_that_fails_and_comes_again_is_no_dead_letter_any_more(shop: Shop) -> None:
    caller = shop.caller()
    url = f"{caller.voice_url}/transcribed"
    for _ in range(2):
        caller.post(url, TranscriptionText="Please call me about my grinder")
    assert len(_dead()) == 1
    caller.call()
    caller.post(url, TranscriptionText="Please call me about my grinder")
    assert _dead() == []
    assert shop.message.text == "Please call me about my grinder"


def test_a_call_that_never_reached_us_is_owed_a_call(shop: Shop) -> None:
    """The service was down when the phone rang, and is told afterwards that it had."""
    caller = shop.caller()
    for _ in range(2):
        caller.reports("completed", CallDuration="4")
    assert (shop.call.stage, shop.call.callback_due is not None) == (Stage.ENDED, True)
    with reading() as session:
        row = latest(session, shop.conversation.id)
    assert row is not None
    assert "could not answer" in row.explanation
    caller.call()
    assert caller.over


@pytest.mark.parametrize("direction", ["outbound-api", "outbound-dial"])
def test_a_call_of_somebody_elses_is_nobodys_matter(shop: Shop, direction: str) -> None:
    caller: Caller = shop.caller()
    caller.reports("completed", Direction=direction)
    with reading() as session:
        assert session.scalars(select(PhoneCall)).all() == []
    assert _dead() == []
