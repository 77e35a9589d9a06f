"""A customer asks in writing to be called: booked within consent and hours, and really made."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from agent.decide import before_looking
from agent.respond import respond
from agent.turn import BookCall, HandOff, Said, Turn
from agent.understand import understand
from connectors.base import Request
from connectors.channels.sms.split import split
from connectors.simulator.sms_customer import SmsCustomer
from core.clock import now
from core.db import reading, transaction
from delivery import inbound
from delivery.receive import receive
from desk import consents, inboxes
from desk.consents import Purpose
from desk.conversations import Conversation
from desk.envelope import Strength
from desk.inboxes import Inbox, Policy
from desk.messages import Direction, Message
from desk.phone_calls import PhoneCall, Stage
from desk.teams import Queue
from escalation.hand_off import latest
from jobs import calls as jobs
from tests.voice.conftest import Shop
from tests.voice.test_calling_out import ADA

ACCOUNT, NUMBER = "AC" + "5" * 32, "+15550006789"
TEN = (now() + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
TOMORROW_AT_TEN = "Please call me back tomorrow at ten"

Writes = Callable[[str], str]


@pytest.fixture
def writes(shop: Shop) -> Writes:
    """Ada texts something; returns what she is answered."""
    with transaction() as session:
        texts = inboxes.open_inbox(
            session,
            "sms",
            "Texts",
            policy=Policy.THRESHOLD,
            threshold=0.2,
            config={"number": NUMBER, "account_sid": ACCOUNT},
            secrets={"auth_token": "t"},
        )
    ada = SmsCustomer(ADA, NUMBER, "https://shop.example/webhooks/x", ACCOUNT, "t")

    def write(text: str) -> str:
        post = ada.text(text)
        request = Request(body=post.body, headers=dict(post.headers), query={}, url=ada.url)
        with transaction() as session:
            inbound.store(session, texts.id, split(request))
            [event] = session.scalars(select(inbound.Event).where(inbound.Event.done_at.is_(None)))
        receive(event.id)
        with transaction() as session:
            session.execute(update(Conversation).values(turn_due_at=now()))
        respond(shop.conversation.id, shop.app.state.library())
        return _last_answer(texts)

    return write


def _last_answer(texts: Inbox) -> str:
    with reading() as session:
        said = select(Message).where(
            Message.direction == Direction.OUT, Message.inbox_id == texts.id
        )
        return session.scalars(said.order_by(Message.at.desc(), Message.id.desc())).all()[0].text


def _calls() -> list[PhoneCall]:
    with reading() as session:
        return list(session.scalars(select(PhoneCall).order_by(PhoneCall.created_at)))


def _keep_hours(hours: dict[str, Any]) -> None:
    with transaction() as session:
        session.execute(update(Queue).values(hours=hours))


def _handed(shop: Shop) -> tuple[str, str]:
    with reading() as session:
        row = latest(session, shop.conversation.id)
    return (row.reason, row.explanation) if row else ("", "")


def test_a_booked_call_is_told_made_at_its_time_and_stands_in_the_conversation(
    shop: Shop, writes: Writes
) -> None:
    answer = writes(TOMORROW_AT_TEN)
    assert f"We will call you: {TEN:%A}, {TEN.day} {TEN:%B %Y}, 10:00 (UTC)." in answer
    assert (shop.call.stage, shop.call.dial_after) == (Stage.REQUESTED, TEN)
    assert shop.call.conversation_id == shop.conversation.id
    assert shop.message.details["dial_after"] == TEN.isoformat()
    assert not shop.conversation.with_person

    jobs.dial(shop.call.id)
    jobs.sweep()
    assert shop.carrier.orders == []
    with transaction() as session:
        session.execute(update(PhoneCall).values(dial_after=now()))
    for _ in range(2):
        jobs.dial(shop.call.id)
    [ordered] = shop.carrier.orders
    assert ordered.form["To"] == [ADA]
    caller = shop.caller(number=ADA, call_sid=ordered.sid, outgoing=True)
    caller.call(f"?call={shop.call.id}", AnsweredBy="human")
    assert "you asked us to call you" in caller.last


def test_a_call_wanted_now_is_made_now(shop: Shop, writes: Writes) -> None:
    assert "We are calling you now" in writes("Please call me right now")
    jobs.dial(shop.call.id)
    assert len(shop.carrier.orders) == 1


def test_another_time_replaces_the_first(shop: Shop, writes: Writes) -> None:
    writes(TOMORROW_AT_TEN)
    writes("Please call me tomorrow at 11 instead")
    first, second = _calls()
    assert (first.stage, second.stage) == (Stage.CANCELLED, Stage.REQUESTED)
    assert second.dial_after == TEN.replace(hour=11)


def test_the_customer_takes_it_back(shop: Shop, writes: Writes) -> None:
    writes(TOMORROW_AT_TEN)
    assert "cancelled" in writes("Cancel the call, please")
    assert shop.call.stage == Stage.CANCELLED
    with transaction() as session:
        session.execute(update(PhoneCall).values(dial_after=now()))
    jobs.dial(shop.call.id)
    jobs.sweep()
    assert shop.carrier.orders == []


def test_out_of_hours_a_person_is_asked(shop: Shop, writes: Writes) -> None:
    other_day = (now() + timedelta(days=3)).strftime("%a").lower()
    _keep_hours({"timezone": "UTC", "days": {other_day: [["09:00", "17:00"]]}})
    assert "can't promise" in writes(TOMORROW_AT_TEN)
    assert _calls() == []
    assert shop.conversation.with_person
    reason, explanation = _handed(shop)
    assert reason == "callback"
    assert f"{TEN:%Y-%m-%d} 10:00" in explanation
    assert "on duty" in explanation


def test_who_said_no_to_calls_gets_a_person(shop: Shop, writes: Writes) -> None:
    writes("Hello")
    with transaction() as session:
        consents.record(
            session,
            shop.conversation.customer_id,
            Purpose.CALLS,
            False,
            source="Asked us not to call.",
            by="customer",
            at=now(),
        )
    assert "can't promise" in writes(TOMORROW_AT_TEN)
    assert _calls() == []
    assert "Asked us not to call" in _handed(shop)[1]


def test_consent_withdrawn_after_the_booking_stops_the_call(shop: Shop, writes: Writes) -> None:
    writes(TOMORROW_AT_TEN)
    with transaction() as session:
        session.execute(update(PhoneCall).values(dial_after=now()))
        consents.record(
            session,
            shop.conversation.customer_id,
            Purpose.CALLS,
            False,
            source="Asked us not to call.",
            by="customer",
            at=now(),
        )
    jobs.dial(shop.call.id)
    assert (shop.carrier.orders, shop.call.stage) == ([], Stage.FAILED)
    assert shop.conversation.with_person


def test_a_call_whose_time_passed_while_we_were_down_is_not_made_at_night(
    shop: Shop, writes: Writes
) -> None:
    writes(TOMORROW_AT_TEN)
    closed = {"timezone": "UTC", "days": {(now() + timedelta(days=2)).strftime("%a").lower(): []}}
    _keep_hours(closed)
    with transaction() as session:
        session.execute(update(PhoneCall).values(dial_after=now() - timedelta(hours=9)))
    jobs.sweep()
    jobs.dial(shop.call.id)
    assert (shop.carrier.orders, shop.call.stage) == ([], Stage.FAILED)
    assert "its time passed" in _handed(shop)[1]


def test_who_asks_for_a_person_or_names_no_time_gets_a_person(shop: Shop, writes: Writes) -> None:
    writes("Can a colleague call me tomorrow at ten?")
    assert _calls() == []
    assert _handed(shop)[0] == "asked_for_person"


def test_without_a_phone_line_a_person_is_asked(shop: Shop, writes: Writes) -> None:
    with transaction() as session:
        session.get_one(Inbox, shop.inbox_id).enabled = False
    writes(TOMORROW_AT_TEN)
    assert _calls() == []
    assert shop.conversation.with_person


@pytest.mark.parametrize(
    ("proof", "policy", "books"),
    [
        (Strength.ASSERTED, Policy.THRESHOLD, True),
        (Strength.OBSERVED, Policy.THRESHOLD, False),
        (Strength.CLAIMED, Policy.THRESHOLD, False),
        (Strength.ASSERTED, Policy.DRAFTS, False),
    ],
)
def test_only_who_is_proven_may_have_somebody_called(
    proof: Strength, policy: Policy, books: bool
) -> None:
    """Anybody can write in another's name: that must not make their phone ring."""
    said = (Said("customer", TOMORROW_AT_TEN),)
    turn = Turn(said, proof=proof, policy=policy, may_be_called=True)
    decision = before_looking(turn, understand(turn))
    assert isinstance(decision, BookCall if books else HandOff)
