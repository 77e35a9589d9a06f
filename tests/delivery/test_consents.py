"""Consent and preference: every outbound message obeys what the customer said last."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.clock import now
from core.db import reading, transaction
from delivery import outbox
from desk import consents, conversations, identities, messages, preferences
from desk.consents import Consent, Purpose
from desk.conversations import Conversation, Thread
from desk.envelope import Address, DeliveryState
from desk.identities import Identity
from desk.messages import Author, Message
from tests.delivery.conftest import Desk

ADA = "+4915112345678"


def _write(desk: Desk, text: str, author: Author = Author.ASSISTANT, **details: str) -> Message:
    with transaction() as session:
        conversation = session.scalars(
            select(Conversation).order_by(Conversation.created_at).limit(1)
        ).one()
        locked = conversations.lock(session, conversation.id)
        thread = session.scalars(
            select(Thread).where(Thread.conversation_id == conversation.id).limit(1)
        ).one()
        message = messages.write(session, locked, thread, text, author=author, details=details)
    outbox.send(message.id)
    return desk.message(message.id)


def _says(purpose: Purpose, granted: bool, channel: str = "", at: timedelta = timedelta(0)) -> None:
    with transaction() as session:
        identity = session.scalars(select(Identity).limit(1)).one()
        consents.record(
            session,
            identity.customer_id,
            purpose,
            granted,
            source="On the phone.",
            by="lea",
            at=now() - at,
            channel=channel,
        )


def test_who_writes_gets_an_answer_without_any_consent(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    assert _write(desk, "It left today.").state == DeliveryState.SENT


def test_advertising_needs_a_yes(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Hello")
    refused = _write(desk, "Only today!", purpose="marketing")
    assert (refused.state, refused.error_code) == (DeliveryState.FAILED, "no_consent")
    assert "has not agreed to advertising" in refused.error

    _says(Purpose.MARKETING, granted=True)
    assert _write(desk, "Only today!", purpose="marketing").state == DeliveryState.SENT


def test_stopping_advertising_on_whatsapp_stops_it_and_nothing_else(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Hello")
    _says(Purpose.MARKETING, granted=True, at=timedelta(days=1))
    desk.posts(desk.phone(ADA).prefers("stop"))
    desk.receive_all()

    refused = _write(desk, "Only today!", purpose="marketing")
    assert refused.state == DeliveryState.FAILED
    assert "stopped (marketing messages) on whatsapp" in refused.error
    assert _write(desk, "It left today.").state == DeliveryState.SENT

    desk.posts(desk.phone(ADA).prefers("resume"))
    desk.receive_all()
    assert _write(desk, "Only today!", purpose="marketing").state == DeliveryState.SENT


def test_after_an_opt_out_only_a_new_message_is_answered(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Hello")
    with transaction() as session:
        session.execute(update(Thread).values(customer_wrote_at=now() - timedelta(hours=2)))
    _says(Purpose.SERVICE, granted=False, at=timedelta(hours=1))
    refused = _write(desk, "One more thing.", Author.TEAMMATE)
    assert refused.error_code == "no_consent"
    assert "On the phone." in refused.error

    desk.writes_on_whatsapp(ADA, "And now I have a question")
    assert _write(desk, "Of course.").state == DeliveryState.SENT


def test_an_opt_out_of_one_channel_leaves_the_others(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Hello")
    with transaction() as session:
        session.execute(update(Thread).values(customer_wrote_at=now() - timedelta(hours=2)))
    _says(Purpose.SERVICE, granted=False, channel="email")
    assert _write(desk, "Hello!").state == DeliveryState.SENT


def test_nobody_is_written_to_first_without_consent(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Hello")
    with transaction() as session:
        thread = session.scalars(select(Thread)).one()
        customer = session.get_one(Identity, thread.identity_id).customer_id
        mail = identities.add(session, customer, Address("email", "ada@example.org"))
        thread.inbox_id, thread.identity_id = desk.email.id, mail.id
        thread.customer_wrote_at = None
    refused = _write(desk, "Your parcel has left.", Author.SYSTEM)
    assert refused.error_code == "no_consent"
    assert "no consent to write to it first" in refused.error

    _says(Purpose.SERVICE, granted=True)
    assert _write(desk, "Your parcel has left.", Author.SYSTEM).state == DeliveryState.SENT


@pytest.mark.parametrize(("said", "granted"), [("accept", True), ("reject", False)])
def test_an_answer_to_may_we_call_is_about_calls_alone(
    desk: Desk, said: str, granted: bool
) -> None:
    desk.writes_on_whatsapp(ADA, "Hello")
    reply = {"response": said, "response_source": "user_action"}
    pressed = {"type": "call_permission_reply", "call_permission_reply": reply}
    desk.posts(desk.phone(ADA).post({"type": "interactive", "interactive": pressed}))
    desk.receive_all()
    with reading() as session:
        [word] = session.scalars(select(Consent)).all()
    assert (word.purpose, word.granted) == (Purpose.CALLS, granted)


def test_every_word_is_kept_with_its_source(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Hello")
    for value in ("stop", "resume"):
        desk.posts(desk.phone(ADA).prefers(value))
        desk.receive_all()
    with reading() as session:
        customer = session.scalars(select(Identity.customer_id).limit(1)).one()
        rows = consents.history(session, customer)
    assert sorted(row.granted for row in rows) == [False, True]
    assert {(row.by, row.channel) for row in rows} == {("customer", "whatsapp")}


def test_the_same_report_twice_is_one_word(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Hello")
    stopped = desk.phone(ADA).prefers("stop")
    desk.posts(stopped)
    desk.posts(stopped)
    desk.receive_all()
    with reading() as session:
        assert len(session.scalars(select(Consent)).all()) == 1


def test_where_a_customer_writes_most_is_what_they_prefer(desk: Desk) -> None:
    customer = _customer_of_first(desk)
    with reading() as session:
        assert preferences.preferred(session, customer) is None
    for text in ("And", "one more"):
        desk.writes_on_whatsapp(ADA, text)
    with reading() as session:
        habit = preferences.preferred(session, customer)
    assert habit is not None
    assert (habit.channel, habit.learned) == ("whatsapp", True)
    assert habit.reason == "3 of their last 3 messages came here"


def test_what_a_customer_says_they_prefer_beats_their_habit(desk: Desk) -> None:
    customer = _customer_of_first(desk)
    desk.writes_on_whatsapp(ADA, "Thanks. Please answer me by email from now on")
    desk.writes_on_whatsapp(ADA, "Bye")
    with reading() as session:
        said = preferences.preferred(session, customer)
    assert said is not None
    assert (said.channel, said.reason) == ("email", preferences.SAID)


def _customer_of_first(desk: Desk) -> str:
    desk.writes_on_whatsapp(ADA, "Hello")
    with reading() as session:
        return session.scalars(select(Identity.customer_id).limit(1)).one()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Please write me on WhatsApp.", "whatsapp"),
        ("I'd prefer email, thanks", "email"),
        ("Antworten Sie mir bitte per E-Mail", "email"),
        ("Bitte nur per WhatsApp antworten", "whatsapp"),
        ("please text me back via sms", "sms"),
        ("Don't contact me by email", ""),
        ("Bitte schreiben Sie mir nicht per E-Mail", ""),
        ("My email bounced and WhatsApp is down", ""),
        ("I sent you an email on Monday", ""),
        ("Can I prefer a later date?", ""),
    ],
)
def test_a_wish_is_read_from_plain_words_only(text: str, kind: str) -> None:
    assert preferences.wish_in(text) == kind
