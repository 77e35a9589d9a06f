"""Telegram through the real desk: from update to conversation, from answer to customer."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from connectors.simulator.faults import Fault
from connectors.simulator.server import Post
from connectors.simulator.telegram import FakeTelegram
from connectors.simulator.telegram_customer import TelegramCustomer
from core.db import reading, transaction
from delivery import media, outbox
from desk import inboxes
from desk.conversations import Conversation, Thread
from desk.envelope import DeliveryState
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Attachment
from tests.delivery.conftest import Desk

ANNA = TelegramCustomer(501, "blue-door", name="Anna")


@dataclass
class Telegram:
    desk: Desk
    provider: FakeTelegram
    inbox: Inbox

    def brings(self, post: Post) -> int:
        new = self.desk.post(self.inbox, post.body, post.headers)
        self.desk.receive_all()
        return new

    @property
    def conversation(self) -> Conversation:
        (only,) = self.desk.conversations()
        return only


@pytest.fixture
def telegram(desk: Desk) -> Iterator[Telegram]:
    with FakeTelegram() as provider:
        with transaction() as session:
            inbox = inboxes.open_inbox(
                session,
                "telegram",
                "Telegram",
                config={"api_base": provider.base_url},
                secrets={"bot_token": provider.token, "webhook_secret": "blue-door"},
            )
        yield Telegram(desk, provider, inbox)


def test_a_question_is_answered_in_its_chat(telegram: Telegram) -> None:
    post = ANNA.text("Where is my lamp?")
    assert [telegram.brings(post), telegram.brings(post)] == [1, 0]
    answer = telegram.desk.answers(telegram.conversation, "On its way.")

    assert answer.state == DeliveryState.SENT
    assert telegram.provider.sent[0].fields["chat_id"] == 501
    assert telegram.desk.texts() == ["Where is my lamp?", "On its way."]


def test_edits_reactions_and_presses_find_their_message(telegram: Telegram) -> None:
    telegram.brings(ANNA.text("Where is my lamp?", message_id=9))
    telegram.desk.answers(telegram.conversation, "Which one?")
    (sent,) = telegram.provider.sent
    telegram.brings(ANNA.edit(9, "Where is my chair?"))
    telegram.brings(ANNA.react(sent.id, "👍"))
    markup = {"inline_keyboard": [[{"text": "The blue one", "callback_data": "blue"}]]}
    telegram.brings(ANNA.press(sent.answer | {"reply_markup": markup}, "blue"))

    asked, answer, pressed = telegram.desk.messages(telegram.conversation)
    assert (asked.text, asked.details["before_edit"]) == ("Where is my chair?", "Where is my lamp?")
    assert list(answer.reactions.values()) == ["👍"]
    assert (pressed.text, pressed.choice, pressed.reply_to) == (
        "The blue one",
        "blue",
        answer.provider_id,
    )


def test_an_edit_that_comes_before_its_message_waits_for_it(telegram: Telegram) -> None:
    telegram.brings(ANNA.edit(9, "Where is my chair?"))
    telegram.brings(ANNA.text("Where is my lamp?", message_id=9))
    telegram.desk.receive_all()
    assert telegram.desk.texts() == ["Where is my chair?"]


def test_ones_own_card_links_the_phone_to_the_customer(telegram: Telegram) -> None:
    telegram.brings(ANNA.text("hi"))
    telegram.brings(ANNA.contact("+4915112345678"))
    with reading() as session:
        found = session.scalars(select(Identity).order_by(Identity.created_at)).all()
    assert [(one.kind, one.strength) for one in found] == [
        ("telegram", "asserted"),
        ("phone", "asserted"),
    ]
    assert len({one.customer_id for one in found}) == 1


def test_a_group_opens_no_conversation(telegram: Telegram) -> None:
    group = {"id": -100, "type": "supergroup", "title": "Fans"}
    body = {"message_id": 1, "date": 1, "chat": group, "from": ANNA.user, "text": "hi"}
    telegram.brings(ANNA.update("message", body))
    assert telegram.desk.conversations() == []


def test_a_business_accounts_chat_is_answered_through_it(telegram: Telegram) -> None:
    telegram.brings(ANNA.text("To the bot"))
    about = {"message_id": 5, "date": 1, "chat": ANNA.chat, "from": ANNA.user}
    body = about | {"business_connection_id": "conn1", "text": "To the business"}
    telegram.brings(ANNA.update("business_message", body))
    telegram.desk.answers(telegram.conversation, "Hello!")

    with reading() as session:
        places = session.scalars(select(Thread.place).order_by(Thread.created_at)).all()
    assert places == ["", "conn1"]
    telegram.brings(ANNA.text("Again to the bot"))
    telegram.desk.answers(telegram.conversation, "Here too!")
    connections = [one.fields.get("business_connection_id") for one in telegram.provider.sent]
    assert connections[-1] is None


def test_a_picture_is_fetched_and_one_too_large_says_why(telegram: Telegram) -> None:
    small = telegram.provider.upload(b"picture")
    large = telegram.provider.upload(b"x" * (20 * 1024 * 1024 + 1))
    for file_id in (small, large):
        telegram.brings(ANNA.photo(file_id))
    for attachment in _attachments():
        media.fetch(attachment.id)

    fetched, refused = _attachments()
    assert fetched.file_key
    assert "20 MB" in refused.problem


def _attachments() -> list[Attachment]:
    with reading() as session:
        return list(session.scalars(select(Attachment).order_by(Attachment.created_at)))


@pytest.mark.parametrize(
    ("fault", "state", "arrived"),
    [
        (Fault(status=429, retry_after="7"), DeliveryState.PENDING, 0),
        (Fault(status=403), DeliveryState.FAILED, 0),
        (Fault(status=400), DeliveryState.FAILED, 0),
        (Fault(status=401), DeliveryState.PENDING, 0),
        (Fault(status=502), DeliveryState.UNKNOWN, 0),
        (Fault(status=500, taken=True), DeliveryState.UNKNOWN, 1),
        (Fault(drop=True), DeliveryState.UNKNOWN, 0),
        (Fault(drop=True, taken=True), DeliveryState.UNKNOWN, 1),
    ],
)
def test_whatever_happens_to_a_send_it_arrives_once_or_is_told(
    telegram: Telegram, fault: Fault, state: DeliveryState, arrived: int
) -> None:
    telegram.brings(ANNA.text("hi"))
    telegram.provider.faults.append(fault)
    answer = telegram.desk.answers(telegram.conversation, "hello")
    outbox.send(answer.id)

    assert telegram.desk.message(answer.id).state == state
    assert len(telegram.provider.sent) == arrived
    assert state == DeliveryState.PENDING or telegram.desk.message(answer.id).error
