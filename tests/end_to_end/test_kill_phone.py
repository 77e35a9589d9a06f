"""kill -9 while somebody is on the phone and others write texts: a real service, a fake Twilio."""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from connectors.simulator.server import Post
from connectors.simulator.sms_customer import SmsCustomer
from connectors.simulator.twilio import FakeTwilio
from connectors.simulator.twilio_caller import Caller
from connectors.simulator.twilio_calls import FakeCarrier
from core.clock import now
from core.db import reading, transaction
from core.installation import installation
from delivery.inbound import Event
from desk import inboxes, phone_calls
from desk.conversations import Conversation
from desk.envelope import DeliveryState
from desk.inboxes import Policy
from desk.messages import Direction, Message
from desk.phone_calls import PhoneCall, Saying, Stage
from tests.end_to_end.conftest import SOON
from tests.lab.service import Service, prepared_service, wait_for

pytestmark = pytest.mark.slow

NORWAY = "How long does shipping to Norway take?"
TEXTS = 12
RETURNS = "Can I return unused items?"


@dataclass
class Line:
    """A service with a phone line and a number for texts."""

    service: Service
    twilio: FakeTwilio
    voice: str
    texts: str

    def caller(self) -> Caller:
        return Caller(f"{self.service.url}/voice/{self.voice}", "demo-auth-token")

    def writer(self, number: int) -> SmsCustomer:
        url = f"{self.service.url}/webhooks/{self.texts}"
        sid, token = self.twilio.account_sid, self.twilio.auth_token
        return SmsCustomer(f"+1555{1_000_000 + number}", self.twilio.number, url, sid, token)

    def texted(self, posts: Sequence[Post]) -> None:
        """As a carrier that tries each again until it is told that we have it."""
        url = f"{self.service.url}/webhooks/{self.texts}"
        with httpx.Client(timeout=40, trust_env=False) as http:
            for post in posts:
                while not _is_taken(http, url, post):
                    time.sleep(0.5)

    def said(self) -> list[phone_calls.Utterance]:
        with installation(self.service.settings), reading() as session:
            call = session.scalars(select(PhoneCall)).one_or_none()
            return list(phone_calls.said_in(session, call.id)) if call else []


def _is_taken(http: httpx.Client, url: str, post: Post) -> bool:
    try:
        answer = http.post(url, content=post.body, headers=post.headers)
    except httpx.HTTPError:
        return False
    assert answer.status_code == 200, answer.text
    return True


@pytest.fixture
def line(tmp_path: Path, exported_model: Path) -> Iterator[Line]:
    twilio = FakeTwilio()
    with twilio, FakeCarrier() as carrier:
        service = prepared_service(tmp_path / "data", exported_model)
        with installation(service.settings), transaction() as session:
            speaks = {"policy": Policy.THRESHOLD, "threshold": 0.3}
            voice = inboxes.open_inbox(
                session,
                "voice",
                "Phone",
                config={
                    "number": "+493023125410",
                    "account_sid": carrier.account_sid,
                    "public_url": service.url,
                    "api_base": carrier.base_url,
                },
                secrets={"auth_token": carrier.auth_token},
                **speaks,
            )
            texts = inboxes.open_inbox(
                session,
                "sms",
                "Texts",
                config={
                    "number": twilio.number,
                    "account_sid": twilio.account_sid,
                    "public_url": service.url,
                    "api_base": twilio.base_url,
                },
                secrets={"auth_token": twilio.auth_token},
                **speaks,
            )
        service.start()
        try:
            yield Line(service, twilio, voice.id, texts.id)
        finally:
            service.stop()


@pytest.mark.parametrize("state", ["", Saying.THINKING, Saying.SAID])
def test_a_call_goes_on_after_a_kill_and_texts_are_neither_lost_nor_doubled(
    line: Line, state: str
) -> None:
    """Killed as soon as the words are stored, while it thinks, or once the answer stands."""
    with line.caller() as caller:
        caller.call()
        texts = [line.writer(number).text(NORWAY) for number in range(TEXTS)]
        sender = _in_background(line.texted, texts)
        asking = _in_background(_asks_until_killed, caller)
        wait_for(lambda: _has_come_to(line, state), "the moment to kill", SOON)
        line.service.kill()
        asking.join()
        line.service.start()

        answer = caller.post(f"{caller.voice_url}/heard?turn=1", SpeechResult=NORWAY)
        while "<Redirect" in answer.text:  # one moment, please
            rounds = answer.text.partition("rounds=")[2][0]
            answer = caller.post(f"{caller.voice_url}/wait?turn=1&rounds={rounds}")
        assert "4 to 6 working days" in answer.text
        answer = caller.post(f"{caller.voice_url}/heard?turn=2", SpeechResult=RETURNS)
        assert "30 days" in answer.text
        caller.hangs_up()
        sender.join(SOON)

    said = [(one.turn, one.author) for one in line.said()]
    assert said == [
        (0, "assistant"),
        (1, "customer"),
        (1, "assistant"),
        (2, "customer"),
        (2, "assistant"),
    ]
    assert [one.text for one in line.said() if one.author == "customer"] == [NORWAY, RETURNS]
    _texts_are_whole(line, TEXTS)
    with installation(line.service.settings), reading() as session:
        call = session.scalars(select(PhoneCall)).one()
        assert (call.stage, call.callback_due) == (Stage.ENDED, None)
        assert session.scalars(select(Message).where(Message.kind == "call")).one()
        dead = select(Event.reason).where(Event.dead_at.is_not(None))
        assert session.scalars(dead).all() == []


def test_a_caller_who_was_dropped_by_the_kill_reaches_a_person(line: Line) -> None:
    with line.caller() as caller:
        caller.call()
        asking = _in_background(_asks_until_killed, caller)
        wait_for(lambda: _has_come_to(line, ""), "the words to be stored", SOON)
        line.service.kill()
        asking.join()
    with installation(line.service.settings), transaction() as session:
        session.execute(update(PhoneCall).values(heard_at=now() - timedelta(minutes=4)))
    line.service.start()

    def owed() -> bool:
        with installation(line.service.settings), reading() as session:
            call = session.scalars(select(PhoneCall)).one()
            conversation = session.get_one(Conversation, call.conversation_id)
            return (
                call.stage == Stage.ENDED and bool(call.callback_due) and conversation.with_person
            )

    wait_for(owed, "a person to owe a call", SOON)
    assert [one.text for one in line.said() if one.author == "customer"] == [NORWAY]


def _in_background(function: object, *given: object) -> threading.Thread:
    assert callable(function)
    thread = threading.Thread(target=function, args=given, daemon=True)
    thread.start()
    return thread


def _asks_until_killed(caller: Caller) -> None:
    try:
        caller.post(f"{caller.voice_url}/heard?turn=1", SpeechResult=NORWAY)
    except httpx.HTTPError:
        return


def _has_come_to(line: Line, state: str) -> bool:
    """Looked at as cheaply as can be, so that the moment is not missed."""
    with closing(sqlite3.connect(line.service.folder / "onethread.db")) as database:
        rows = database.execute("SELECT author, state FROM utterance WHERE turn = 1").fetchall()
    return bool(rows) if not state else ("assistant", state) in rows


def _texts_are_whole(line: Line, count: int) -> None:
    """Each came once and was answered once, or nobody knows and a person is told so."""
    done = {DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.UNKNOWN}

    def all_answered() -> bool:
        with installation(line.service.settings), reading() as session:
            rows = select(Message).where(
                Message.inbox_id == line.texts, Message.direction == Direction.OUT
            )
            states = Counter(one.state in done for one in session.scalars(rows) if not one.draft)
        return states[True] >= count

    wait_for(all_answered, "every text to be answered", SOON)
    time.sleep(1)
    with installation(line.service.settings), reading() as session:
        mine = select(Message).where(Message.inbox_id == line.texts)
        came = session.scalars(mine.where(Message.direction == Direction.IN)).all()
        went = session.scalars(mine.where(Message.direction == Direction.OUT)).all()
    assert Counter(one.text for one in came) == {NORWAY: count}
    assert len({one.conversation_id for one in came}) == count
    assert Counter(Counter(one.conversation_id for one in went).values()) == {1: count}
    reached = Counter(sent.value("To") for sent in line.twilio.sent)
    assert set(reached.values()) <= {1}
    unknown = [one for one in went if one.state == DeliveryState.UNKNOWN]
    assert count - len(reached) <= len(unknown)
