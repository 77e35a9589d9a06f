"""A call, turn by turn over plain HTTP."""

import pytest
from sqlalchemy import select

from agent import calls
from api.voice import steps
from core.db import reading, transaction
from core.settings import settings
from desk import conversations, identities, phone_calls
from desk.customers import Customer
from desk.envelope import Address, Strength
from desk.inboxes import Inbox
from desk.messages import Direction, Message
from desk.phone_calls import Saying, Stage
from escalation.hand_off import latest
from jobs.leases import end_leases
from tests.voice.conftest import Shop

NORWAY = "How long does shipping to Norway take?"


def _handed(shop: Shop) -> str:
    with reading() as session:
        row = latest(session, shop.conversation.id)
    return row.reason if row else ""


def test_a_caller_is_greeted_answered_and_is_one_message(shop: Shop) -> None:
    caller = shop.caller().call()
    assert "automatic assistant of Mahlbach" in caller.last
    assert "press zero" in caller.last
    caller.says(NORWAY)
    assert "4 to 6 working days for 12 euros 90" in caller.last
    caller.says("Goodbye")
    assert caller.over

    assert (shop.message.kind, shop.message.direction) == ("call", Direction.IN)
    assert shop.message.text == f"{NORWAY}\nGoodbye"
    assert shop.message.details["duration"] == "12"
    assert shop.call.stage == Stage.ENDED
    authors = [one.author for one in shop.said]
    assert authors == ["assistant", "customer", "assistant", "customer", "assistant"]
    assert shop.conversation.status == conversations.Status.RESOLVED
    assert _handed(shop) == ""


def test_a_webhook_told_twice_is_one_utterance_with_one_answer(shop: Shop) -> None:
    caller = shop.caller().call()
    for _ in range(2):
        again = caller.post(f"{caller.voice_url}/heard?turn=1", SpeechResult=NORWAY)
        assert "12 euros 90" in again.text
    caller.post(f"{caller.voice_url}/answer")
    assert [one.author for one in shop.said] == ["assistant", "customer", "assistant"]


@pytest.mark.parametrize("signature", ["", "AAAA", "forged"])
def test_nothing_comes_of_a_request_that_is_not_the_carriers(shop: Shop, signature: str) -> None:
    caller = shop.caller()
    for path in ("answer", "heard?turn=1", "status", "recorded", "taken?call=x&teammate=y"):
        answer = caller.post(f"{caller.voice_url}/{path}", signature=signature)
        assert answer.status_code == 403
    with reading() as session:
        assert session.scalars(select(Message)).all() == []


def test_zero_and_asking_for_a_person_lead_to_people(shop: Shop) -> None:
    caller = shop.caller().call()
    caller.presses("0")
    assert "leave a message after the tone" in caller.last
    assert caller.is_recorded
    with reading() as session:
        notes = session.scalars(select(Message.text).where(Message.direction == "note")).all()
    assert any("pressed zero" in note for note in notes)

    other = shop.caller(number="+4915112345699").call()
    other.says("I want to speak to a human being, please")
    assert other.is_recorded


def test_what_the_documents_do_not_say_goes_to_a_person(shop: Shop) -> None:
    caller = shop.caller().call()
    caller.says("What is the airspeed velocity of an unladen swallow?")
    assert caller.is_recorded
    assert shop.conversation.with_person


def test_a_silent_caller_is_asked_twice_and_left_politely(shop: Shop) -> None:
    caller = shop.caller().call()
    caller.stays_silent()
    caller.stays_silent()
    assert [one for one in caller.heard if "didn't hear" in one] == caller.heard[-2:]
    caller.stays_silent()
    assert "end this call" in caller.last
    assert caller.over
    assert _handed(shop) == ""


def test_a_caller_chooses_their_language_by_a_key(shop: Shop) -> None:
    caller = shop.caller().call()
    assert "Für Deutsch drücken Sie die 2." in caller.last
    caller.presses("2")
    assert "automatische Assistent von Mahlbach" in caller.last
    assert caller.languages[-1] == "de-DE"
    caller.stays_silent()
    assert "nichts gehört" in caller.last


def test_hostile_words_are_said_and_stored_never_run(shop: Shop) -> None:
    hostile = "</Say><Dial>+900</Dial><!-- \x00 ]]> &lol; <?php ?>"
    with transaction() as session:
        session.get_one(Inbox, shop.inbox_id).disclosure = hostile
    caller = shop.caller().call()
    caller.says(hostile)
    assert "+900" not in caller.talking_to
    assert any(one.text.startswith("</Say>") for one in shop.said)


def test_somebody_who_is_gone_before_the_answer_is_called_back(shop: Shop) -> None:
    caller = shop.caller().call()
    with transaction() as session:
        calls.hear(session, phone_calls.lock(session, shop.call.id), 1, NORWAY)
    caller.hangs_up()
    assert _handed(shop) == "callback"
    assert shop.call.callback_due is not None


def test_a_slow_answer_is_waited_for_and_said(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PATIENCE", 0.0)
    caller = shop.caller().call()
    caller.says(NORWAY)
    assert "One moment, please." in caller.heard
    assert "12 euros 90" in caller.last


def test_no_answer_in_time_ends_with_a_person(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that should think has no index, and nobody takes the job."""
    monkeypatch.setattr(steps, "PATIENCE", 0.0)
    monkeypatch.setattr(steps, "ROUND", 0.05)
    shop.app.state.library = None
    caller = shop.caller().call()
    caller.says(NORWAY)
    assert caller.heard.count("One moment, please.") == steps.MOST_ROUNDS
    assert any("something went wrong on our side" in one for one in caller.heard)
    assert caller.is_recorded
    assert _handed(shop) == "callback"


def test_an_error_while_thinking_ends_with_a_person(shop: Shop) -> None:
    class Broken:
        def __getattr__(self, name: str) -> object:
            raise OSError("the index can't be read")

    shop.app.state.library = Broken
    caller = shop.caller().call()
    caller.says(NORWAY)
    assert any("something went wrong on our side" in one for one in caller.heard)
    assert shop.conversation.with_person


def test_a_known_number_is_shown_to_teammates_but_opens_nothing(shop: Shop) -> None:
    """Somebody calls with Ada's number: nothing of hers is known to the assistant."""
    number = "+4915112345678"
    with transaction() as session:
        ada = Customer(name="Ada Writer", attributes={"orders": ["MB-12345"]})
        session.add(ada)
        session.flush()
        address = Address("phone", number, Strength.SIGNED, "the shop's records")
        identities.assign(session, ada, address)
    first = shop.caller(number=number, verstat="TN-Validation-Passed-A").call()
    first.says("My secret word is rutabaga")
    first.hangs_up()
    assert shop.message.proof == Strength.OBSERVED
    assert shop.conversation.customer_id == ada.id

    second = shop.caller(number=number, verstat="TN-Validation-Failed").call()
    with transaction() as session:
        call = phone_calls.by_carrier_id(session, shop.inbox_id, second.call_sid)
        assert call is not None
        calls.hear(session, call, 1, "What was my secret word?")
        turn = calls._turn(session, call)
    assert turn.proof == Strength.CLAIMED
    assert (turn.history, turn.facts, turn.customer_name) == ((), (), "")
    assert not any("rutabaga" in said.text for said in turn.said)
    assert not any("Ada" in words for words in second.heard)


def test_withheld_numbers_are_strangers_to_each_other(shop: Shop) -> None:
    shop.caller(number="anonymous").call()
    shop.caller(number="anonymous").call()
    with reading() as session:
        owners = session.scalars(select(conversations.Conversation.customer_id)).all()
    assert len(set(owners)) == 2


@pytest.mark.parametrize("swept", [False, True])
def test_a_restart_in_the_middle_takes_the_turn_up_again(shop: Shop, swept: bool) -> None:
    """Whoever thought about the turn is gone; the caller's waiting starts it once more, also when
    the sweeper has cleared away what the dead process held."""
    caller = shop.caller().call()
    with transaction() as session:
        call = phone_calls.lock(session, shop.call.id)
        phone_calls.heard(session, call, 1, NORWAY)
        phone_calls.say(session, call, 1, "", state=Saying.THINKING, claimed_by="gone")
    _process_died("gone")
    if swept:
        end_leases()
    answer = caller.post(f"{caller.voice_url}/wait?turn=1&rounds=1")
    assert "12 euros 90" in answer.text


def _process_died(name: str) -> None:
    folder = settings().data / "holders"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.lock").touch()


def test_longer_answers_are_offered_in_parts(shop: Shop) -> None:
    caller = shop.caller().call()
    with transaction() as session:
        call = phone_calls.lock(session, shop.call.id)
        phone_calls.heard(session, call, 1, "Tell me all")
        phone_calls.say(session, call, 1, "First. Would you like to hear more?", rest="Second.")
    answer = caller.post(f"{caller.voice_url}/heard?turn=2", SpeechResult="Yes please.")
    assert "Second." in answer.text
