"""Handing a call to people: ringing, whispering, voicemail, calling back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from connectors.simulator.twilio_caller import Pickup
from core.clock import now
from core.db import reading, transaction
from delivery import media
from desk.conversations import Conversation
from desk.messages import Attachment
from desk.phone_calls import PhoneCall, Stage
from desk.teams import Queue
from escalation.hand_off import latest
from jobs import calls as jobs
from tests.voice.conftest import Shop
from tests.voice.test_talking import NORWAY

LEA, SAM = "+4930555001", "+4930555002"


def test_a_teammate_hears_why_and_takes_the_call(shop: Shop) -> None:
    lea = shop.has_teammate()
    caller = shop.caller(phones={LEA: Pickup()}).call()
    caller.says(NORWAY)
    caller.says("I want to speak to a human being, please")
    assert caller.talking_to == LEA
    [whispered] = caller.phones[LEA].heard
    assert "asked for a person" in whispered
    assert "Press 1" in whispered
    assert (shop.call.stage, shop.conversation.assignee_id) == (Stage.WITH_PERSON, lea.id)
    assert shop.message.details["taken_by"] == "Lea"
    caller.ends_talk()
    assert shop.call.stage == Stage.ENDED
    assert shop.call.callback_due is None


def test_cold_transfer_connects_at_once(shop: Shop) -> None:
    shop.set(transfer="cold")
    shop.has_teammate(phone="sip:lea@pbx.example")
    caller = shop.caller(phones={"sip:lea@pbx.example": Pickup()}).call()
    caller.presses("0")
    assert caller.talking_to == "sip:lea@pbx.example"
    assert caller.phones["sip:lea@pbx.example"].heard == []


@pytest.mark.parametrize("pickup", [Pickup(answers=False), Pickup(key=""), Pickup(key="2")])
def test_nobody_takes_it_so_the_caller_leaves_a_message(shop: Shop, pickup: Pickup) -> None:
    shop.has_teammate()
    caller = shop.caller(phones={LEA: pickup}).call()
    caller.presses("0")
    assert caller.talking_to == ""
    caller.leaves_message("Please call me about my grinder", url=shop.carrier.recording_url)
    assert "will call you back" in caller.last
    assert shop.message.text == "Please call me about my grinder"
    with reading() as session:
        recording = session.scalars(select(Attachment)).one()
        row = latest(session, shop.conversation.id)
    assert row is not None
    assert row.reason == "callback"
    media.fetch(recording.id)
    with reading() as session:
        assert session.get_one(Attachment, recording.id).file_key


def test_when_the_owner_does_not_pick_up_the_others_are_next_then_the_voicemail(
    shop: Shop,
) -> None:
    lea, sam = shop.has_teammate(), shop.has_teammate("Sam", SAM)
    caller = shop.caller(phones={LEA: Pickup(answers=False), SAM: Pickup()}).call()
    with transaction() as session:
        session.execute(update(Conversation).values(assignee_id=lea.id))
    caller.presses("0")
    assert caller.rung == [LEA, SAM]
    assert (caller.talking_to, shop.conversation.assignee_id) == (SAM, sam.id)
    caller.ends_talk()
    assert shop.call.callback_due is None


def test_when_nobody_picks_up_after_the_owner_a_message_is_taken(shop: Shop) -> None:
    lea = shop.has_teammate()
    shop.has_teammate("Sam", SAM)
    caller = shop.caller(phones={LEA: Pickup(key="2"), SAM: Pickup(answers=False)}).call()
    with transaction() as session:
        session.execute(update(Conversation).values(assignee_id=lea.id))
    caller.presses("0")
    assert caller.rung == [LEA, SAM]
    assert caller.is_recorded
    assert shop.call.callback_due is not None


def test_a_recording_elsewhere_is_never_fetched(shop: Shop) -> None:
    caller = shop.caller().call()
    caller.presses("0")
    caller.leaves_message(url="http://169.254.169.254/latest/meta-data")
    with reading() as session:
        recording = session.scalars(select(Attachment)).one()
    media.fetch(recording.id)
    with reading() as session:
        assert "carrier's own address" in session.get_one(Attachment, recording.id).problem


def test_out_of_hours_nobody_rings_and_the_callback_is_due_when_they_open(shop: Shop) -> None:
    shop.has_teammate()
    tomorrow = now() + timedelta(days=1)
    day = tomorrow.strftime("%a").lower()
    with transaction() as session:
        hours = {"timezone": "UTC", "days": {day: [["09:00", "17:00"]]}}
        session.execute(update(Queue).values(hours=hours))
    caller = shop.caller(phones={LEA: Pickup()}).call()
    caller.presses("0")
    assert caller.talking_to == ""
    assert "We will call you back when they are here again" in caller.last
    due = shop.call.callback_due
    assert due is not None
    assert (due.date(), due.hour) == (tomorrow.date(), 9)


def test_a_caller_who_hangs_up_while_it_rings_is_owed_a_call(shop: Shop) -> None:
    shop.has_teammate()
    caller = shop.caller(phones={LEA: Pickup(answers=False)}).call()
    with transaction() as session:
        session.execute(update(PhoneCall).values(stage=Stage.TRANSFERRING))
    caller.hangs_up()
    assert shop.call.callback_due is not None


def test_a_call_that_broke_off_while_we_were_down_reaches_a_person(shop: Shop) -> None:
    caller = shop.caller().call()
    caller.says(NORWAY)
    jobs.sweep()
    assert shop.call.stage == Stage.TALKING
    with transaction() as session:
        session.execute(update(PhoneCall).values(heard_at=now() - timedelta(minutes=4)))
    jobs.sweep()
    jobs.sweep()
    assert shop.call.stage == Stage.ENDED
    assert shop.conversation.with_person
    assert [one.text for one in shop.said if one.author == "customer"] == [NORWAY]


def test_a_customer_whose_matter_is_with_people_gets_them_at_once(shop: Shop) -> None:
    first = shop.caller().call()
    first.presses("0")
    first.hangs_up()
    shop.has_teammate()
    again = shop.caller(phones={LEA: Pickup()}).call()
    assert again.talking_to == LEA
    assert not any("How can I help" in words for words in again.heard)
