"""Instagram and Messenger on the real delivery code, against the fake Graph."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.simulator.direct import FakeDirect, signed
from connectors.simulator.direct_customer import DirectCustomer
from connectors.simulator.faults import Fault
from connectors.simulator.server import Post
from core.db import reading, transaction
from delivery import inbound, outbox
from desk import conversations, inboxes, messages
from desk.envelope import DeliveryState, Receipt
from desk.inboxes import Inbox
from desk.messages import Author, Direction
from tests.delivery.conftest import Desk

ANNA = "998877"
APP = "220011"


@pytest.fixture(params=["instagram", "messenger"])
def fake(request: pytest.FixtureRequest, desk: Desk) -> Iterator[FakeDirect]:
    with FakeDirect(request.param, app_id=APP) as running:
        running.hear(ANNA)
        yield running


@pytest.fixture
def inbox(fake: FakeDirect) -> Inbox:
    return _open(fake, app_id=APP)


def _open(fake: FakeDirect, **config: str) -> Inbox:
    with transaction() as session:
        return inboxes.open_inbox(
            session,
            fake.kind,
            "Direct",
            config={"account_id": fake.account_id, "api_base": fake.base_url, **config},
            secrets={
                "app_secret": fake.app_secret,
                "access_token": fake.access_token,
                "verify_token": "v",
            },
        )


def _anna(fake: FakeDirect) -> DirectCustomer:
    return DirectCustomer(ANNA, fake.kind, fake.account_id, fake.app_secret)


def _arrives(desk: Desk, inbox: Inbox, *posts: Post) -> None:
    for post in posts:
        desk.post(inbox, post.body, post.headers)
    desk.receive_all()


def _reported(desk: Desk, inbox: Inbox, fake: FakeDirect) -> None:
    """What the fake tells about all that was sent, each twice."""
    for sent in fake.sent:
        for report in ("echo", "delivery", "read"):
            if fake.kind == "messenger" or report != "delivery":
                _arrives(desk, inbox, *[fake.pack([(sent, report)])] * 2)


def test_a_customer_writes_is_answered_once_and_reads_it(
    desk: Desk, fake: FakeDirect, inbox: Inbox
) -> None:
    question = _anna(fake).text("Where is my order?")
    _arrives(desk, inbox, question, question)
    conversation = desk.conversations()[0]
    answer = desk.answers(conversation, "It is on its way.")
    assert answer.state == DeliveryState.SENT
    time.sleep(0.01)
    _reported(desk, inbox, fake)
    assert desk.texts() == ["Where is my order?", "It is on its way."]
    assert desk.message(answer.id).state == DeliveryState.READ
    assert not desk.conversations()[0].with_person


def test_without_an_app_id_the_echoes_of_all_parts_are_still_known_as_ours(
    desk: Desk, fake: FakeDirect
) -> None:
    inbox = _open(fake)
    _arrives(desk, inbox, _anna(fake).text("Tell me everything"))
    desk.answers(desk.conversations()[0], "A sentence of a long text. " * 100)
    assert len(fake.sent) > 1
    _reported(desk, inbox, fake)
    assert len(desk.messages()) == 2
    assert not desk.conversations()[0].with_person


def test_an_echo_proves_that_a_doubtful_message_was_taken(
    desk: Desk, fake: FakeDirect, inbox: Inbox
) -> None:
    _arrives(desk, inbox, _anna(fake).text("Hello?"))
    fake.faults.append(Fault(drop=True, taken=True))
    answer = desk.answers(desk.conversations()[0], "Here we are.")
    assert answer.state == DeliveryState.UNKNOWN
    _arrives(desk, inbox, fake.pack([(fake.sent[0], "echo")]))
    assert desk.message(answer.id).state == DeliveryState.SENT
    assert len(desk.messages()) == 2


def test_what_is_told_of_a_doubtful_message_waits_for_its_echo(
    desk: Desk, fake: FakeDirect, inbox: Inbox
) -> None:
    _arrives(desk, inbox, _anna(fake).text("Hello?"))
    fake.faults.append(Fault(drop=True, taken=True))
    answer = desk.answers(desk.conversations()[0], "Here we are.")
    told = "delivery" if fake.kind == "messenger" else "read"
    _arrives(desk, inbox, fake.pack([(fake.sent[0], told)]), fake.pack([(fake.sent[0], "echo")]))
    desk.receive_all()
    found = DeliveryState.DELIVERED if fake.kind == "messenger" else DeliveryState.READ
    assert desk.message(answer.id).state == found


def test_an_echo_with_other_words_or_half_of_them_proves_nothing(
    desk: Desk, fake: FakeDirect
) -> None:
    """Nor is it a message of a colleague, where it comes from our own app."""
    inbox = _open(fake, app_id=APP)
    _arrives(desk, inbox, _anna(fake).text("Hello?"))
    fake.faults.append(Fault(drop=True))
    answer = desk.answers(desk.conversations()[0], "Here we are. Ask away.")
    for words in ("Here we are.", "Something else."):
        said = {"text": words, "is_echo": True, "app_id": int(APP), "mid": f"m_{len(words)}"}
        item = _anna(fake).item({"message": said}, None, ours=True)
        _arrives(desk, inbox, signed(fake.kind, fake.account_id, fake.app_secret, [item]))
    assert desk.message(answer.id).state == DeliveryState.UNKNOWN
    assert len(desk.messages()) == 2


def test_a_colleague_in_another_tool_takes_over(desk: Desk, fake: FakeDirect, inbox: Inbox) -> None:
    anna = _anna(fake)
    _arrives(desk, inbox, anna.text("Hello?"), anna.sees_colleague("I am on it."))
    written = desk.messages()[1]
    assert (written.text, written.author) == ("I am on it.", Author.TEAMMATE)
    assert written.direction == Direction.OUT
    assert desk.conversations()[0].with_person


def test_an_echo_waits_while_something_of_ours_is_on_its_way(desk: Desk, fake: FakeDirect) -> None:
    inbox = _open(fake)
    _arrives(desk, inbox, _anna(fake).text("Hello?"))
    with transaction() as session:
        sending = _pending(desk, session)
    echo = _anna(fake).sees_colleague("Here we are.")
    _arrives(desk, inbox, echo)
    assert desk.texts() == ["Hello?", "Here we are."]
    with reading() as session:
        waiting = session.scalars(select(inbound.Event).where(inbound.Event.done_at.is_(None)))
        (event,) = waiting
    assert event.waits_for == sending
    with transaction() as session:
        outbox._apply(session, sending, Receipt(DeliveryState.SENT, provider_id=event.provider_id))
    desk.receive_all()
    assert desk.texts() == ["Hello?", "Here we are."]
    assert not desk.conversations()[0].with_person


def _pending(desk: Desk, session: Session) -> str:
    """The assistant's answer, as it stands while the provider works."""
    locked = conversations.lock(session, desk.conversations()[0].id)
    thread = messages.thread_to_answer(session, locked.id)
    assert thread is not None
    made = messages.write(session, locked, thread, "Here we are.", author=Author.ASSISTANT)
    made.state = DeliveryState.SENDING
    return made.id


def test_what_another_app_answers_is_shown_and_not_answered(
    desk: Desk, fake: FakeDirect, inbox: Inbox
) -> None:
    _arrives(desk, inbox, _anna(fake).standby("Is anybody there?"))
    assert desk.texts() == ["Is anybody there?"]
    assert desk.conversations()[0].turn_due_at is None


def test_reactions_edits_and_unsending_change_the_message(
    desk: Desk, fake: FakeDirect, inbox: Inbox
) -> None:
    anna = _anna(fake)
    _arrives(desk, inbox, anna.post({"message": {"mid": "m1", "text": "Helo"}}))
    _arrives(desk, inbox, anna.edit("m1", "Hello"), anna.react("m1", "❤"))
    message = desk.messages()[0]
    assert (message.text, message.reactions) == ("Hello", {ANNA: "❤"})
    _arrives(desk, inbox, anna.react("m1", "❤", "unreact"), anna.unsend("m1"))
    message = desk.messages()[0]
    assert message.reactions == {}
    assert message.deleted_at is not None
