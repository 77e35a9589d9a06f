"""Our own calls: once, in hours, with a reason, and always with an end that a person knows of."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select, update

from connectors.channels.voice.lines import redirect
from connectors.simulator.faults import Fault
from connectors.simulator.twilio_caller import Caller, Pickup
from core.clock import now
from core.db import reading, transaction
from core.errors import Conflict
from desk import consents, conversations, identities
from desk.consents import Purpose
from desk.customers import Customer
from desk.envelope import Address, Strength
from desk.phone_calls import PhoneCall, Stage
from desk.teams import Queue
from escalation import dialling
from escalation.hand_off import latest
from jobs import calls as jobs
from tests.voice.conftest import TOKEN, Shop
from tests.voice.test_talking import NORWAY

ADA = "+4915112345678"
REASON = "your repair is finished"


def _conversation(shop: Shop, **attributes: object) -> str:
    with transaction() as session:
        ada = Customer(name="Ada Writer", attributes=attributes)
        session.add(ada)
        session.flush()
        source = "the shop's records"
        identities.assign(session, ada, Address("phone", ADA, Strength.SIGNED, source))
        return conversations.open_for(session, ada.id).id


def _request(shop: Shop, conversation_id: str | None = None) -> str:
    conversation_id = conversation_id or _conversation(shop)
    with transaction() as session:
        conversation = conversations.lock(session, conversation_id)
        return dialling.request(session, conversation, REASON, by=None).id


def _answers(shop: Shop, **form: str) -> Caller:
    """The customer picks up the call that was ordered."""
    [ordered] = shop.carrier.orders
    url = urlsplit(ordered.form["Url"][0])
    caller = shop.caller(number=ADA, call_sid=ordered.sid, outgoing=True)
    assert url.path.endswith("/answer")
    return caller.call(f"?{url.query}", **form)


def test_the_customer_hears_who_calls_and_why(shop: Shop) -> None:
    jobs.dial(_request(shop))
    assert shop.call.stage == Stage.RINGING
    [ordered] = shop.carrier.orders
    assert ordered.form["To"] == [ADA]
    assert ordered.form["MachineDetection"] == ["Enable"]
    caller = _answers(shop, AnsweredBy="human")
    assert "automatic assistant of Mahlbach" in caller.last
    assert REASON in caller.last
    caller.says(NORWAY)
    assert "12 euros 90" in caller.last
    caller.hangs_up()
    assert shop.call.stage == Stage.ENDED
    assert (shop.message.direction, shop.message.details["duration"]) == ("out", "12")


def test_a_call_is_dialled_once_however_often_it_is_asked_for(shop: Shop) -> None:
    call = _request(shop)
    for _ in range(3):
        jobs.dial(call)
    jobs.sweep()
    assert len(shop.carrier.orders) == 1


@pytest.mark.parametrize(
    "fault", [Fault(drop=True, taken=True), Fault(status=503), Fault(status=500, taken=True)]
)
def test_after_an_ambiguous_answer_a_person_decides(shop: Shop, fault: Fault) -> None:
    shop.carrier.faults.append(fault)
    call = _request(shop)
    jobs.dial(call)
    jobs.dial(call)
    jobs.sweep()
    assert len(shop.carrier.orders) == int(fault.taken)
    assert shop.call.stage == Stage.UNKNOWN
    assert shop.conversation.with_person


def test_a_crash_while_dialling_is_never_dialled_again(shop: Shop) -> None:
    call = _request(shop)
    with transaction() as session:
        assert dialling._claim(session, call) is not None
    with transaction() as session:
        session.execute(update(PhoneCall).values(heard_at=now() - timedelta(minutes=2)))
    jobs.sweep()
    jobs.dial(call)
    assert shop.carrier.orders == []
    assert shop.call.stage == Stage.UNKNOWN
    assert shop.conversation.with_person


@pytest.mark.parametrize(
    ("state", "words"),
    [("busy", "busy"), ("no-answer", "did not answer"), ("failed", "could not connect")],
)
def test_a_call_that_reaches_nobody_is_a_persons_task(shop: Shop, state: str, words: str) -> None:
    call = _request(shop)
    jobs.dial(call)
    [ordered] = shop.carrier.orders
    caller = shop.caller(number=ADA, call_sid=ordered.sid, outgoing=True)
    for _ in range(2):
        caller.reports(state, f"?call={call}")
    assert shop.call.stage == Stage.FAILED
    with reading() as session:
        row = latest(session, shop.conversation.id)
    assert row is not None
    assert words in row.explanation


def test_a_refused_number_is_told_in_the_carriers_words(shop: Shop) -> None:
    shop.carrier.faults.append(Fault(status=400, code=21211))
    jobs.dial(_request(shop))
    assert shop.call.stage == Stage.FAILED
    assert "The carrier refused" in shop.message.details["result"]


def test_a_machine_hears_nothing_of_the_matter(shop: Shop) -> None:
    jobs.dial(_request(shop))
    caller = _answers(shop, AnsweredBy="machine_start")
    assert caller.over
    assert not any(REASON in words for words in caller.heard)
    assert shop.call.stage == Stage.FAILED
    assert shop.conversation.with_person


def test_nobody_is_called_outside_hours(shop: Shop) -> None:
    tomorrow = now() + timedelta(days=1)
    hours = {"timezone": "UTC", "days": {tomorrow.strftime("%a").lower(): [["09:00", "17:00"]]}}
    with transaction() as session:
        session.execute(update(Queue).values(hours=hours))
    call = _request(shop)
    jobs.dial(call)
    jobs.sweep()
    assert shop.carrier.orders == []
    assert shop.call.stage == Stage.REQUESTED
    with transaction() as session:
        session.execute(update(PhoneCall).values(dial_after=now()))
    jobs.dial(call)
    assert len(shop.carrier.orders) == 1


def test_who_wants_no_calls_is_not_called_and_nobody_twice(shop: Shop) -> None:
    with pytest.raises(Conflict, match="wants no calls"):
        _request(shop, _conversation(shop, no_calls=True))
    with transaction() as session:
        session.execute(update(Customer).values(attributes={}))
        conversation = session.scalars(select(conversations.Conversation.id)).one()
    _request(shop, conversation)
    with pytest.raises(Conflict, match="under way"):
        _request(shop, conversation)


def test_a_teammate_takes_a_running_call(shop: Shop) -> None:
    lea = shop.has_teammate()
    caller = shop.caller(phones={"+4930555001": Pickup()}).call()
    caller.says(NORWAY)
    with transaction() as session:
        call = session.scalars(select(PhoneCall)).one()
        move = dialling.bring_to(session, call, lea)
    assert redirect(move.account, move.carrier_id, move.url)
    [(carrier_id, url)] = shop.carrier.redirected
    assert carrier_id == caller.call_sid
    caller._fetch(url)
    assert caller.talking_to == "+4930555001"
    assert shop.call.stage == Stage.WITH_PERSON
    assert shop.conversation.assignee_id == lea.id


def test_the_simulators_answers_are_as_the_vendor_describes_them(shop: Shop, shared: Path) -> None:
    whole = json.loads((shared / "specs/twilio-oai/twilio_api_v2010.json").read_text())
    path = "/2010-04-01/Accounts/{AccountSid}/Calls.json"
    operation = whole["paths"][path]["post"]
    form = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    jobs.dial(_request(shop))
    [ordered] = shop.carrier.orders
    assert set(ordered.form) <= set(form["properties"])
    assert set(form.get("required", [])) <= set(ordered.form)
    answer = operation["responses"]["201"]["content"]["application/json"]["schema"]
    schema = {**answer, "components": whole["components"]}
    Draft202012Validator(schema).validate(shop.carrier._resource(ordered))
    assert shop.call.carrier_id == ordered.sid
    assert TOKEN not in str(ordered.form)


def test_who_said_no_to_calls_is_not_called(shop: Shop) -> None:
    opened = _conversation(shop)
    with transaction() as session:
        customer = conversations.find(session, opened).customer_id
        consents.record(
            session,
            customer,
            Purpose.CALLS,
            False,
            source="Asked us not to call.",
            by="customer",
            at=now(),
        )
    with pytest.raises(Conflict, match="Asked us not to call"):
        _request(shop, opened)
