"""A hand-off brings everything that the person who takes over needs."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import now
from core.db import reading, transaction
from core.settings import Settings
from desk import conversations, inboxes, messages, recognition
from desk.conversations import Conversation, Status
from desk.envelope import Address, DeliveryState
from desk.messages import Author, Direction, Message
from escalation import hand_off as hand_offs
from escalation import undelivered
from escalation.hand_off import HandOffRow, hand_off
from escalation.summary import summarise

SHIPPING = {"title": "Shipping", "url": "https://shop.example/shipping", "passage": "p1"}


@pytest.fixture
def conversation_id(installation: Settings) -> str:
    with transaction() as session:
        inbox = inboxes.open_inbox(session, "web", "Chat")
        identity = recognition.recognise(session, [Address("visitor", "v1")])
        conversation = conversations.open_for(session, identity.customer_id)
        conversations.open_thread(session, conversation, inbox.id, identity.id, "")
        return conversation.id


def _says(session: Session, conversation_id: str, author: Author, text: str, **more: object) -> str:
    said = session.scalar(select(func.count(Message.id))) or 0
    message = Message(
        conversation_id=conversation_id,
        direction=Direction.IN if author == Author.CUSTOMER else Direction.OUT,
        author=author,
        at=now() + timedelta(seconds=said),
        text=text,
        **more,
    )
    session.add(message)
    session.flush()
    return message.id


def test_the_summary_quotes_what_was_asked_tried_found_and_is_open(conversation_id: str) -> None:
    with transaction() as session:
        _says(session, conversation_id, Author.CUSTOMER, "Do you ship\n\nto Norway?")
        _says(session, conversation_id, Author.ASSISTANT, "Yes, for €12.90.", sources=[SHIPPING])
        _says(session, conversation_id, Author.CUSTOMER, "And to Svalbard?")
        _says(session, conversation_id, Author.CUSTOMER, "It is urgent")
        conversation = session.get_one(Conversation, conversation_id)
        messages.note(session, conversation, "VIP", author_id=None, kind="note")
        _says(session, conversation_id, Author.ASSISTANT, "Perhaps.", draft=True)
        found = summarise(session, conversation)

    assert found == {
        "asked": ["Do you ship to Norway?", "And to Svalbard?", "It is urgent"],
        "tried": ["Yes, for €12.90."],
        "found": [{"title": "Shipping", "url": "https://shop.example/shipping"}],
        "open": ["And to Svalbard?", "It is urgent"],
    }


def test_once_answered_nothing_is_open(conversation_id: str) -> None:
    with transaction() as session:
        _says(session, conversation_id, Author.CUSTOMER, "Hello?")
        _says(session, conversation_id, Author.TEAMMATE, "Hello!")
        found = summarise(session, session.get_one(Conversation, conversation_id))
    assert found["open"] == []


def test_after_a_hand_off_people_own_it_and_the_assistant_is_silent(conversation_id: str) -> None:
    with transaction() as session:
        conversation = conversations.lock(session, conversation_id)
        conversations.customer_wrote(conversation, timedelta(seconds=1))
        revision = conversation.revision
        hand_off(session, conversation, "asked_for_person", "The customer asked for a person.")

    with reading() as session:
        conversation = session.get_one(Conversation, conversation_id)
        row = hand_offs.latest(session, conversation_id)
        notes = [m.text for m in messages.of_conversation(session, conversation_id)]
    assert row is not None
    assert conversation.queue_id == row.queue_id
    assert (conversation.with_person, conversation.turn_due_at) == (True, None)
    assert conversation.revision > revision, "what the assistant prepared is void"
    assert notes == ["Handed over to Everyone: The customer asked for a person."]


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNKNOWN])
def test_an_undelivered_message_reopens_and_tells_people_once_even_if_its_job_is_lost(
    conversation_id: str, state: DeliveryState
) -> None:
    with transaction() as session:
        conversations.resolve(session, conversations.lock(session, conversation_id), by="lea")
        message_id = _says(
            session, conversation_id, Author.ASSISTANT, "Hi", state=state, error="Number unknown."
        )
    with reading() as session:
        assert undelivered.forgotten(session) == [message_id]
    for _ in range(2):
        with transaction() as session:
            undelivered.tell_people(session, message_id)

    with reading() as session:
        assert undelivered.forgotten(session) == []
        conversation = session.get_one(Conversation, conversation_id)
        rows = session.scalars(select(HandOffRow)).all()
    assert (conversation.status, conversation.with_person) == (Status.OPEN, True)
    assert [row.reason for row in rows] == ["not_delivered"]
    assert "Number unknown." in rows[0].explanation
