"""Texts through the real reception and outbox, with Twilio's faults."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select, update

from connectors.base import Request
from connectors.simulator.faults import Fault
from connectors.simulator.server import Post
from connectors.simulator.sms_customer import SmsCustomer
from connectors.simulator.twilio import FakeTwilio
from core.clock import now
from core.db import reading, transaction
from core.events import LogEntry
from core.settings import Settings
from delivery import inbound, outbox, receive
from delivery.accounts import account_of, channel_of
from delivery.holds import Hold
from desk import conversations, inboxes, messages
from desk.conversations import Conversation
from desk.envelope import DeliveryState
from desk.inboxes import Inbox
from desk.messages import Author, Message

PHONE = "+4915112345678"


@dataclass
class Texts:
    """One number at Twilio, and a customer who writes to it."""

    twilio: FakeTwilio
    inbox: Inbox
    customer: SmsCustomer

    def writes(self, text: str) -> Message:
        self.brings(self.customer.text(text), self.customer.url)
        with reading() as session:
            newest = select(Message).where(Message.direction == "in").order_by(Message.id.desc())
            return session.scalars(newest.limit(1)).one()

    def brings(self, post: Post, url: str) -> None:
        """What the webhook endpoint and the reception do with one request."""
        request = Request(post.body, post.headers, dict(parse_qsl(urlsplit(url).query)), url)
        channel = channel_of(self.inbox)
        assert channel.is_authentic(account_of(self.inbox), request)
        with transaction() as session:
            inbound.store(session, self.inbox.id, channel.split(request))
        with reading() as session:
            waiting = session.scalars(
                select(inbound.Event.id).where(inbound.Event.done_at.is_(None))
            ).all()
        for event_id in waiting:
            receive.receive(event_id)

    def answers(self, text: str, choices: tuple[str, ...] = ()) -> Message:
        with transaction() as session:
            conversation = session.scalars(select(Conversation)).one()
            locked = conversations.lock(session, conversation.id)
            thread = messages.thread_to_answer(session, conversation.id)
            assert thread is not None
            message = messages.write(session, locked, thread, text, author=Author.ASSISTANT)
            message.choices = list(choices)
        outbox.send(message.id)
        return self.again(message)

    def again(self, message: Message) -> Message:
        with reading() as session:
            return session.get_one(Message, message.id)

    def reports(self, status: str, place: int = -1) -> None:
        text = self.twilio.sent[place]
        post = self.twilio.callback(text, status)
        self.brings(post, text.value("StatusCallback"))


@pytest.fixture
def texts(installation: Settings) -> Iterator[Texts]:
    with FakeTwilio(statuses=()) as twilio:
        with transaction() as session:
            inbox = inboxes.open_inbox(
                session,
                "sms",
                "Texts",
                config={
                    "account_sid": twilio.account_sid,
                    "number": twilio.number,
                    "api_base": twilio.base_url,
                },
                secrets={"auth_token": twilio.auth_token},
            )
        url = f"{installation.url}/webhooks/{inbox.id}"
        customer = SmsCustomer(PHONE, twilio.number, url, twilio.account_sid, twilio.auth_token)
        yield Texts(twilio, inbox, customer)


def test_a_text_is_answered_and_its_delivery_reported(texts: Texts) -> None:
    texts.writes("When do you open?")
    message = texts.answers("At **nine**.")
    assert texts.twilio.sent[0].value("Body") == "At nine."
    for status in ("sent", "delivered", "queued"):
        texts.reports(status)
    assert texts.again(message).state == DeliveryState.DELIVERED


def test_an_answer_that_was_lost_on_the_way_back_is_settled_by_its_status(texts: Texts) -> None:
    texts.writes("hi")
    texts.twilio.faults.append(Fault(drop=True, taken=True))
    message = texts.answers("hello")
    assert message.state == DeliveryState.UNKNOWN
    outbox.send(message.id)
    assert len(texts.twilio.sent) == 1

    texts.reports("delivered")
    settled = texts.again(message)
    assert (settled.state, settled.provider_id) == (
        DeliveryState.DELIVERED,
        texts.twilio.sent[0].sid,
    )


def test_a_throttled_text_goes_out_later_and_once(texts: Texts) -> None:
    texts.writes("hi")
    texts.twilio.faults.append(Fault(status=429, code=20429))
    message = texts.answers("hello")
    assert message.state == DeliveryState.PENDING
    with transaction() as session:
        session.execute(update(Message).values(send_after=now()))
        session.execute(update(Hold).values(held_until=now(), free_at=now()))
    outbox.send(message.id)
    outbox.send(message.id)
    assert texts.again(message).state == DeliveryState.SENT
    assert len(texts.twilio.sent) == 1


def test_an_undelivered_text_stands_as_failed_with_the_reason(texts: Texts) -> None:
    texts.writes("hi")
    texts.twilio.undeliverable[PHONE] = 30006
    message = texts.answers("hello")
    texts.reports("undelivered")
    failed = texts.again(message)
    assert (failed.state, failed.error_code) == (DeliveryState.FAILED, "30006")
    assert "landline" in failed.error


def test_a_number_is_read_back_as_the_choice_it_stands_for(texts: Texts) -> None:
    texts.writes("I need spare parts")
    texts.answers("For which one?", choices=("Mill", "Press"))
    assert "1. Mill\n2. Press" in texts.twilio.sent[0].value("Body")
    assert texts.writes("2").choice == "Press"
    assert texts.writes("3").choice == ""
    texts.answers("Here it is.")
    assert texts.writes("1").choice == ""


def test_stop_wakes_no_assistant_and_is_on_record(texts: Texts) -> None:
    texts.writes("hi")
    with transaction() as session:
        session.execute(update(Conversation).values(turn_due_at=None))
    texts.writes("STOP")
    with reading() as session:
        assert session.scalars(select(Conversation.turn_due_at)).all() == [None]
        names = session.scalars(select(LogEntry.name)).all()
    assert "inbox.consent" in names
