"""Real calls: sipp speaks SIP and RTP, Asterisk carries them, our service hears and answers."""

import importlib.util
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from websockets.sync.client import connect

from api.voice.asterisk import speech
from api.voice.asterisk.service import phone_lines
from connectors.channels.voice.lines import redirect
from connectors.registry import channel
from connectors.speech import whisper
from connectors.speech.engines import Engines
from core.db import reading, transaction
from delivery import media
from delivery import phone as incoming
from delivery.accounts import account_of
from desk import conversations, identities, inboxes, phone_calls
from desk.customers import Customer
from desk.envelope import Address, Strength
from desk.inboxes import Inbox, Policy
from desk.messages import Attachment
from desk.phone_calls import PhoneCall, Saying, Stage
from escalation import dialling
from escalation.hand_off import latest
from jobs import calls as jobs
from tests.lab import asterisk as lab
from tests.lab.asterisk import PASSWORD, USER, Asterisk, Ear
from tests.lab.mail import free_ports
from tests.voice.conftest import Shop

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not shutil.which("espeak-ng"), reason="needs the Debian package of espeak-ng"
    ),
    pytest.mark.skipif(
        not importlib.util.find_spec("faster_whisper"), reason="needs the extra onethread[voice]"
    ),
]
LEA = "Hello Ana, this is Lea. I have your grinder in front of me now, what happened?"
ANA = "Please call me back about my coffee grinder, it does not work any more."
QUESTION = "say:How long does shipping to Norway take?"
GREETED = "9.5"
"""Seconds that the greeting takes."""


@pytest.fixture
def line(shop: Shop, asterisk: Asterisk) -> Iterator[Shop]:
    """The shop with its own Asterisk instead of a carrier."""
    [audio] = free_ports(1)
    with transaction() as session:
        session.get_one(Inbox, shop.inbox_id).enabled = False
        inbox = inboxes.open_inbox(
            session,
            "asterisk",
            "Own Asterisk",
            policy=Policy.THRESHOLD,
            threshold=0.2,
            config={
                "number": "+493023125410",
                "ari_url": asterisk.url,
                "ari_user": USER,
                "ari_app": "onethread",
                "audio_address": f"127.0.0.1:{audio}",
                "dial": "Local/{number}@onethread",
                "languages": "en-US",
            },
            secrets={"ari_password": PASSWORD},
        )
        shop.inbox_id = inbox.id
    with phone_lines(shop.app, f"127.0.0.1:{audio}"):
        until(lambda: _self_test(shop)["Application"], "the service to listen")
        yield shop
    until(lambda: asterisk.channels == [], "Asterisk to be left empty")


@pytest.fixture
def ear() -> Iterator[Ear]:
    with Ear() as listening:
        yield listening


def until(holds: Callable[[], object], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


def _self_test(shop: Shop) -> dict[str, bool]:
    with reading() as session:
        account = account_of(session.get_one(Inbox, shop.inbox_id))
    return {check.name: check.ok for check in channel("asterisk").check(account)}


def _calls(shop: Shop) -> int:
    with reading() as session:
        return len(session.scalars(select(PhoneCall)).all())


def _requested(shop: Shop) -> str:
    with transaction() as session:
        ana = Customer(name="Ana Writer")
        session.add(ana)
        session.flush()
        address = Address("phone", "+4915112345678", Strength.SIGNED, "the shop's records")
        identities.assign(session, ana, address)
        conversation = conversations.open_for(session, ana.id)
        return dialling.request(session, conversation, "your repair is finished", by=None).id


@contextmanager
def stopped_lines(shop: Shop) -> Iterator[None]:
    """Nobody listens to Asterisk for a while."""
    _switch(shop, on=False)
    until(lambda: not _self_test(shop)["Application"], "the service to stop listening")
    yield
    _switch(shop, on=True)


def _switch(shop: Shop, *, on: bool) -> None:
    with transaction() as session:
        session.get_one(Inbox, shop.inbox_id).enabled = on


def _handed(shop: Shop) -> str:
    with reading() as session:
        row = latest(session, shop.conversation.id)
    return row.reason if row else ""


def test_a_spoken_question_is_answered_aloud(
    line: Shop,
    asterisk: Asterisk,
    ear: Ear,
    tmp_path: Path,
) -> None:
    assert all(_self_test(line).values())
    phone = lab.calls(asterisk, ear, tmp_path, GREETED, QUESTION, "14")
    assert phone.ends() == 0
    until(lambda: line.call.stage == Stage.ENDED, "the end of the call")
    greeting, question, answer = line.said[:3]
    assert "automatic assistant of Mahlbach" in greeting.text
    assert "Norway" in question.text
    assert "4 to 6 working days" in answer.text
    assert ear.loud_seconds() > 8
    reader = whisper.installed(None)
    assert reader is not None
    said_back = reader.recognise(bytes(ear.sound[-16000 * 14 :]), "en-US")
    assert "shipped to norway" in said_back.lower().replace("we ship ", "we shipped ")
    assert line.message.text == question.text
    assert int(line.message.details["duration"]) > 15


def test_speaking_over_the_greeting_cuts_it_where_it_was_heard(
    line: Shop,
    asterisk: Asterisk,
    ear: Ear,
    tmp_path: Path,
) -> None:
    phone = lab.calls(asterisk, ear, tmp_path, "3", QUESTION, "10")
    assert phone.ends() == 0
    until(lambda: line.call.stage == Stage.ENDED, "the end of the call")
    greeting, question, answer = line.said[:3]
    assert greeting.state == Saying.CUT
    assert greeting.text.startswith("Hello, this is the automatic assistant")
    assert "press zero" not in greeting.text
    assert "Norway" in question.text
    assert "4 to 6" in answer.text


def test_zero_brings_a_person_who_hears_why_and_both_hear_each_other(
    line: Shop,
    asterisk: Asterisk,
    ear: Ear,
    tmp_path: Path,
) -> None:
    lea = line.has_teammate(phone="200")
    with Ear() as hers:
        her_phone = lab.answers(asterisk, hers, tmp_path / "lea", "8", "tone:1", "3", f"say:{LEA}")
        phone = lab.calls(asterisk, ear, tmp_path, "1", "key:0", "17", f"say:{ANA}", "5")
        until(lambda: _calls(line) and line.call.stage == Stage.WITH_PERSON, "Lea to take the call")
        assert line.conversation.assignee_id == lea.id
        assert hers.loud_seconds() > 2  # the whisper
        whispered, before = len(hers.sound), len(ear.sound)
        assert phone.ends() == 0
        assert hers.loud_seconds(whispered) > 1  # Ana
        assert ear.loud_seconds(before) > 1  # Lea
        assert her_phone.ends() == 0
    until(lambda: line.call.stage == Stage.ENDED, "the end of the call")
    assert line.call.callback_due is None


def test_a_teammate_takes_a_running_call_from_the_assistant(
    line: Shop, asterisk: Asterisk, ear: Ear, tmp_path: Path
) -> None:
    lea = line.has_teammate(phone="200")
    with Ear() as hers:
        lab.answers(asterisk, hers, tmp_path / "lea", "1", f"say:{LEA}")
        phone = lab.calls(asterisk, ear, tmp_path, "14")
        until(lambda: ear.loud_seconds() > 2, "the greeting")
        with transaction() as session:
            move = dialling.bring_to(session, phone_calls.lock(session, line.call.id), lea)
        assert redirect(move.account, move.carrier_id, move.url)
        until(lambda: line.call.stage == Stage.WITH_PERSON, "Lea to have the call")
        before = len(ear.sound)
        assert phone.ends() == 0
        assert ear.loud_seconds(before) > 2
    until(lambda: line.call.stage == Stage.ENDED, "the end of the call")


def test_nobody_is_there_so_the_caller_leaves_a_message(
    line: Shop,
    asterisk: Asterisk,
    ear: Ear,
    tmp_path: Path,
) -> None:
    phone = lab.calls(asterisk, ear, tmp_path, "2", "key:0", "9.5", f"say:{ANA}", "7")
    assert phone.ends() == 0
    until(lambda: line.call.stage == Stage.ENDED, "the end of the call")
    until(lambda: line.message.text, "the message to be written down")
    assert "coffee" in line.message.text.lower()
    assert line.call.callback_due is not None
    assert _handed(line) == "callback"
    with transaction() as session:
        recording = session.scalars(select(Attachment)).one()
    media.fetch(recording.id)
    with reading() as session:
        kept = session.get_one(Attachment, recording.id)
    assert kept.type == "audio/wav"
    assert (kept.size or 0) > 10_000


def test_our_own_call_is_made_once_and_says_why(
    line: Shop,
    asterisk: Asterisk,
    ear: Ear,
    tmp_path: Path,
) -> None:
    phone = lab.answers(asterisk, ear, tmp_path, "16")
    jobs.dial(_requested(line))
    until(lambda: _calls(line) and line.call.stage == Stage.TALKING, "the customer to answer")
    until(lambda: ear.loud_seconds() > 6, "the assistant to say why it calls")
    assert "your repair is finished" in line.said[0].text
    phone.stop()
    asterisk.ari("DELETE", f"/channels/{line.call.carrier_id}")
    until(lambda: line.call.stage == Stage.ENDED, "the end of the call")
    assert jobs.dial(line.call.id) is None
    assert line.call.stage == Stage.ENDED


def test_a_call_of_ours_to_a_busy_line_goes_to_a_person(
    line: Shop, asterisk: Asterisk, ear: Ear, tmp_path: Path
) -> None:
    lab.is_busy(asterisk, ear, tmp_path)
    jobs.dial(_requested(line))
    until(lambda: _calls(line) and line.call.stage == Stage.FAILED, "Asterisk to say so")
    assert "busy" in line.message.details["result"]
    assert _handed(line) == "callback"


def test_a_lost_connection_comes_back_and_the_call_goes_on(
    line: Shop,
    asterisk: Asterisk,
    ear: Ear,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = lab.calls(asterisk, ear, tmp_path, "12", QUESTION, "14")
    until(lambda: _calls(line) == 1, "the call")
    # Somebody else registers under our name: Asterisk drops our connection for theirs.
    address = f"{asterisk.url.replace('http', 'ws')}/ari/events?app=onethread"
    with connect(f"{address}&api_key={USER}:{PASSWORD}"):
        time.sleep(0.3)
    assert phone.ends() == 0
    until(lambda: line.call.stage == Stage.ENDED, "the end of the call")
    assert any("4 to 6" in one.text for one in line.said)


def test_a_killed_service_ends_the_call_and_tells_a_person(
    line: Shop,
    asterisk: Asterisk,
    ear: Ear,
    tmp_path: Path,
) -> None:
    """The rows and the channel as a kill -9 leaves them: a line that nobody has in hand."""
    with stopped_lines(line):
        phone = lab.calls(asterisk, ear, tmp_path, "30", extension="101")
        until(lambda: asterisk.channels, "the call")
        [channel_id] = asterisk.channels
        with transaction() as session:
            inbox = session.get_one(Inbox, line.inbox_id)
            who = Address("phone", "+4915112345678", Strength.OBSERVED, "caller id")
            incoming.take(session, inbox, channel_id, who, Strength.CLAIMED, "en-US")
    until(lambda: _calls(line) and line.call.stage == Stage.ENDED, "the call to be ended")
    assert _handed(line) == "callback"
    assert line.call.callback_due is not None
    phone.ends()


def test_without_anything_that_hears_people_take_the_call(
    line: Shop,
    asterisk: Asterisk,
    ear: Ear,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mute = Engines(hear=None, say=None)
    monkeypatch.setattr(speech, "engines", lambda: mute)
    phone = lab.calls(asterisk, ear, tmp_path, "12")
    until(lambda: _calls(line) and line.call.stage == Stage.VOICEMAIL, "people to be asked")
    phone.ends()  # by itself, or because nothing was said after the tone
    until(lambda: line.call.stage == Stage.ENDED, "the end of the call")
    assert ear.loud_seconds() > 1  # Asterisk's own recorded prompt, and the tone
    assert _handed(line) == "callback"
