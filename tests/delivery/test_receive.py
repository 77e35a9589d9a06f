"""From a webhook to a conversation: once, in order, and with the right customer."""

import json
import threading
import time
from datetime import timedelta

import jwt
from sqlalchemy import func, select

from connectors.channels.meta.signature import sign
from core.clock import now
from core.db import reading, transaction
from delivery import inbound, receive
from desk import customers, identities, messages
from desk.customers import Customer
from desk.envelope import Address, Batch, DeadLetter, DeliveryState, RawEvent, Strength
from desk.messages import Message
from tests.delivery.conftest import Desk

ADA = "+4915112345678"


def test_a_message_opens_a_conversation_that_is_the_assistants_turn(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Do you ship to Norway?")

    [conversation] = desk.conversations()
    assert desk.texts() == ["Do you ship to Norway?"]
    assert conversation.turn_due_at is not None
    assert not conversation.with_person


def test_a_redelivered_webhook_counts_once(desk: Desk) -> None:
    signed = desk.phone(ADA).text("Hello?")

    assert desk.posts(signed) == 1
    assert desk.posts(signed) == 0
    desk.receive_all()
    desk.posts(signed)
    desk.receive_all()

    assert desk.texts() == ["Hello?"]


def test_a_batch_of_five_is_five_messages_even_with_rubbish_among_them(desk: Desk) -> None:
    ada = desk.phone(ADA)
    items = [ada.message({"type": "text", "text": {"body": f"line {n}"}}) for n in range(5)]
    broken: dict[str, object] = {"type": "text", "text": 7, "id": "wamid.broken"}
    desk.posts(ada.signed([*items[:3], broken, *items[3:]]))
    desk.receive_all()

    assert {f"line {n}" for n in range(5)} <= set(desk.texts())
    with reading() as session:
        done = session.scalar(select(func.count()).where(inbound.Event.done_at.is_not(None)))
        dead = len(inbound.dead_letters(session))
    assert (done or 0) + dead == 6


def test_messages_show_in_the_providers_order_however_they_arrive(desk: Desk) -> None:
    start = time.time() - 60
    for step in (2, 0, 3, 1):
        desk.writes_on_whatsapp(ADA, f"part {step}", at=start + step)

    assert desk.texts() == ["part 0", "part 1", "part 2", "part 3"]


def test_a_forged_clock_does_not_move_a_message_out_of_its_place(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "first")
    desk.writes_on_whatsapp(ADA, "from the future", at=time.time() + 86_400 * 365)
    desk.writes_on_whatsapp(ADA, "from the past", at=1.0)

    assert desk.texts()[0] == "first"
    assert all(message.at <= now() for message in desk.messages())


def test_a_burst_is_one_turn_that_waits_for_its_last_message(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    first = desk.conversations()[0]
    desk.writes_on_whatsapp(ADA, "one more thing")
    second = desk.conversations()[0]

    assert first.turn_due_at is not None
    assert second.turn_due_at is not None
    assert second.turn_started_at is not None
    assert second.turn_due_at >= first.turn_due_at
    assert second.turn_started_at == first.turn_started_at
    assert second.turn_due_at - second.turn_started_at <= timedelta(seconds=20)


def test_a_reaction_before_its_message_waits_for_it(desk: Desk) -> None:
    ada = desk.phone(ADA)
    item = ada.message({"type": "text", "text": {"body": "look"}})
    desk.posts(ada.react(item["id"], "👍"))
    desk.receive_all()
    assert desk.conversations() == []

    desk.posts(ada.signed([item]))
    desk.receive_all()
    desk.receive_all()

    assert list(desk.messages()[0].reactions.values()) == ["👍"]


def test_a_reaction_that_went_to_sleep_while_its_message_came_is_taken_up(desk: Desk) -> None:
    anna = desk.phone("+491511111111")
    written = anna.message({"type": "text", "text": {"body": "hi"}})
    desk.posts(anna.react(written["id"], "🙏"))
    desk.receive_all()
    with transaction() as session:
        asleep = session.scalars(select(inbound.Event)).one()
        assert asleep.waits_for == written["id"]
        asleep.created_at = now() - timedelta(minutes=1)
        assert inbound.forgotten(session) == []
    desk.posts(anna.signed([written]))
    with reading() as session:
        came = session.scalars(select(inbound.Event.id).where(inbound.Event.id != asleep.id)).one()
    receive.receive(came)
    with transaction() as session:
        session.get_one(inbound.Event, asleep.id).waits_for = written["id"]
        assert inbound.forgotten(session) == [asleep.id]


def test_two_statuses_at_once_do_not_take_each_other_back(desk: Desk) -> None:
    desk.writes_on_whatsapp("+491511111111", "hello?")
    answer = desk.answers(desk.conversations()[0], "Hello!")
    told = desk.meta.report(desk.meta.sent[0], "delivered")
    desk.post(desk.whatsapp, told.body, told.headers)
    late = threading.Thread(target=desk.receive_all)
    with transaction() as session:
        message = session.get_one(Message, answer.id, with_for_update=True)
        messages.advance(session, message, DeliveryState.READ)
        session.flush()
        late.start()
        time.sleep(0.3)
    late.join()
    assert desk.message(answer.id).state == DeliveryState.READ


def test_an_event_that_breaks_its_reader_is_kept_and_its_neighbours_go_on(desk: Desk) -> None:
    with transaction() as session:
        inbound.store(
            session,
            desk.whatsapp.id,
            Batch(events=(RawEvent("odd", "not json at all"),)),
        )
    desk.writes_on_whatsapp(ADA, "still here")

    assert desk.texts() == ["still here"]
    with reading() as session:
        [dead] = inbound.dead_letters(session)
    assert dead.body == "not json at all"
    assert dead.reason


def test_a_dead_letter_can_be_replayed(desk: Desk) -> None:
    signed = desk.phone(ADA).text("again")
    desk.posts(signed)
    with transaction() as session:
        [event_id] = session.scalars(select(inbound.Event.id))
        inbound.bury(session, event_id, "for the test")
    desk.receive_all()
    assert desk.conversations() == []

    with transaction() as session:
        inbound.replay(session, event_id)
    receive.receive(event_id)

    assert desk.texts() == ["again"]


def test_one_customer_over_whatsapp_and_email_is_one_conversation(desk: Desk) -> None:
    with transaction() as session:
        ada = Customer(name="Ada Writer", merchant_id="C-1")
        session.add(ada)
        session.flush()
        for kind, value in (("phone", ADA), ("email", "ada@mail.example")):
            identities.assign(session, ada, Address(kind, value, Strength.SIGNED, "the shop"))

    desk.writes_on_whatsapp(ADA, "Where is my grinder?")
    desk.writes_mail("ada@mail.example", "My grinder", "Still nothing. Ada")

    [conversation] = desk.conversations()
    assert desk.texts() == ["Where is my grinder?", "Still nothing. Ada"]
    assert conversation.customer_id == ada.id


def test_a_forged_sender_does_not_enter_the_customers_conversation(desk: Desk) -> None:
    with transaction() as session:
        ada = Customer(name="Ada Writer", merchant_id="C-1")
        session.add(ada)
        session.flush()
        for kind, value in (("phone", ADA), ("email", "ada@mail.example")):
            identities.assign(session, ada, Address(kind, value, Strength.SIGNED, "the shop"))

    desk.writes_on_whatsapp(ADA, "Where is my grinder?")
    desk.writes_mail("ada@mail.example", "Address", "Send it elsewhere", forged=True)

    assert len(desk.conversations()) == 2


def test_a_reply_finds_its_thread_by_what_it_answers(desk: Desk) -> None:
    desk.writes_mail("bo@mail.example", "Kettle", "Does it whistle?")
    [conversation] = desk.conversations()
    answer = desk.answers(conversation, "No, it hums.")
    desk.writes_mail(
        "bo@mail.example", "totally new subject", "Good.", reply_to=answer.provider_id or ""
    )

    assert len(desk.conversations()) == 1
    assert desk.texts() == ["Does it whistle?", "No, it hums.", "Good."]


def test_a_strangers_reply_to_the_same_mail_does_not_join_the_thread(desk: Desk) -> None:
    desk.writes_mail("bo@mail.example", "Kettle", "Does it whistle?")
    answer = desk.answers(desk.conversations()[0], "No, it hums.")
    desk.writes_mail("eve@evil.example", "Kettle", "Me too", reply_to=answer.provider_id or "")

    assert len(desk.conversations()) == 2


def test_a_vacation_notice_is_kept_and_never_answered(desk: Desk) -> None:
    desk.writes_mail(
        "bo@mail.example",
        "Out of office",
        "I am away.",
        headers={"Auto-Submitted": "auto-replied"},
    )

    [conversation] = desk.conversations()
    assert desk.messages()[0].automatic
    assert conversation.turn_due_at is None


def test_a_visitor_whom_the_website_signs_in_becomes_the_known_customer(desk: Desk) -> None:
    with transaction() as session:
        ada = Customer(name="Ada Writer", merchant_id="C-1")
        session.add(ada)
        session.flush()
        identities.assign(session, ada, Address("external", "C-1", Strength.SIGNED, "the shop"))
    desk.chats("visitor-1", "Hello, anonymous here")
    token = jwt.encode({"sub": "C-1", "exp": time.time() + 600}, "s" * 40, "HS256")
    desk.chats("visitor-1", "Now signed in", identity=token)

    [conversation] = desk.conversations()
    with reading() as session:
        assert customers.current_id(session, conversation.customer_id) == ada.id


def test_a_status_that_overtakes_its_send_is_not_lost(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    sent = desk.answers(desk.conversations()[0], "hello")
    [taken] = desk.meta.sent
    body = desk.meta.status_webhook(taken, "read")
    desk.post(desk.whatsapp, body, {"X-Hub-Signature-256": sign("app-secret", body)})
    body = desk.meta.status_webhook(taken, "delivered")
    desk.post(desk.whatsapp, body, {"X-Hub-Signature-256": sign("app-secret", body)})
    desk.receive_all()

    assert desk.message(sent.id).state == DeliveryState.READ
    assert json.loads(body)


def test_a_body_that_can_be_taken_apart_today_brings_all_its_messages(desk: Desk) -> None:
    """An older release kept it whole, as a dead letter."""
    whole = desk.phone(ADA).text("First").body
    letter = DeadLetter("This body could not be taken apart.", whole.decode())
    with transaction() as session:
        inbound.store(session, desk.whatsapp.id, Batch(dead_letters=(letter,)))
        [dead] = inbound.dead_letters(session)
        inbound.replay(session, dead.id)
    for _ in range(2):
        desk.receive_all()
    assert desk.texts() == ["First"]
    with reading() as session:
        assert inbound.dead_letters(session) == []
