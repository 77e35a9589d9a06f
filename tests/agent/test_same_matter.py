"""Too little says whether a message goes on with another conversation: its customer is asked."""

import pytest
from sqlalchemy import select, update

from agent import respond
from core.clock import now
from core.db import reading, transaction
from core.say import say
from delivery import outbox
from delivery.yes_no import is_bare, yes_or_no
from desk import conversations, customers, identities, messages, moves, recognition
from desk.conversations import Conversation, Status
from desk.envelope import Address, Strength
from desk.inboxes import Inbox, Policy
from desk.messages import Author, Direction, Message
from retrieval.library import Library
from tests.delivery.conftest import Desk, desk

__all__ = ["desk"]

BO = "bo@mail.example"
PHONE = "+4915112345678"
QUESTION = "Is this about what you wrote before (Email: “First”)?"
WHERE = "What do I do when a package does not turn up?"
"""Something the assistant hands over; whether it is about the parcel, its words don't say."""


@pytest.fixture
def shop(desk: Desk, library: Library) -> Desk:
    """Bo has something open by mail, and their phone is on record; the assistant may speak."""
    with transaction() as session:
        session.execute(update(Inbox).values(policy=Policy.THRESHOLD))
    desk.writes_mail(BO, "First", "My parcel is late and the tracking stands still.")
    with transaction() as session:
        bo = identities.find(session, "email", BO)
        assert bo is not None
        customer = customers.find(session, bo.customer_id)
        phone = Address("phone", PHONE, Strength.SIGNED, "the shop's records")
        recognition.assign(session, customer, phone)
    return desk


@pytest.fixture
def asked(shop: Desk, library: Library) -> Desk:
    """Bo has written on WhatsApp what may be about the same, and has been asked."""
    _writes(shop, WHERE, library)
    assert QUESTION in _said(shop)[-1].text
    return shop


def _writes(shop: Desk, text: str, library: Library) -> None:
    shop.writes_on_whatsapp(PHONE, text)
    _answers(shop, library)


def _answers(shop: Desk, library: Library) -> None:
    with transaction() as session:
        session.execute(
            update(Conversation)
            .where(Conversation.turn_due_at.is_not(None))
            .values(turn_due_at=now())
        )
    for conversation in shop.conversations():
        respond.respond(conversation.id, library)
    with reading() as session:
        waiting = session.scalars(select(Message.id).where(Message.state == "pending")).all()
    for message_id in waiting:
        outbox.send(message_id)


def _said(shop: Desk) -> list[Message]:
    """What the assistant has said on WhatsApp."""
    with reading() as session:
        return list(
            session.scalars(
                select(Message)
                .where(Message.inbox_id == shop.whatsapp.id, Message.direction == Direction.OUT)
                .where(Message.draft.is_(False), Message.author == Author.ASSISTANT)
                .order_by(Message.at, Message.id)
            )
        )


def _homes(shop: Desk) -> list[str]:
    """In which conversation each message of Bo's stands, in the order they came."""
    with reading() as session:
        return list(
            session.scalars(
                select(Message.conversation_id)
                .where(Message.direction == Direction.IN)
                .order_by(Message.created_at)
            )
        )


def test_the_question_comes_with_buttons_beside_what_would_be_said_anyway(asked: Desk) -> None:
    (said,) = _said(asked)
    assert "passed your message to a colleague" in said.text
    assert said.choices == ["Yes, the same", "No, something else"]
    sent = asked.meta.sent[-1].payload
    buttons = sent["interactive"]["action"]["buttons"]
    assert [button["reply"]["title"] for button in buttons] == said.choices


@pytest.mark.parametrize("words", ["Yes, the same", "1", "yep it is"])
def test_a_yes_joins_the_two_and_is_thanked_for(asked: Desk, words: str, library: Library) -> None:
    old, new = asked.conversations()
    _writes(asked, words, library)
    assert _homes(asked) == [old.id] * 3
    assert [one.text for one in _said(asked)][1:] == [
        "Thank you. I've put the two together, so you don't have to repeat anything."
    ]
    with reading() as session:
        assert conversations.find(session, new.id).status == Status.RESOLVED
        assert conversations.find(session, old.id).with_person


def test_a_teammate_takes_the_joining_back(asked: Desk, library: Library) -> None:
    old, new = asked.conversations()
    _writes(asked, "Yes", library)
    with transaction() as session:
        (move,) = moves.in_force(session, old.id)
        assert move.by == "customer"
        moves.undo(session, move.id, by="a teammate")
    assert _homes(asked) == [old.id, new.id, new.id]


@pytest.mark.parametrize("words", ["No, something else", "2", "nein"])
def test_a_no_keeps_them_apart_and_is_thanked_for(
    asked: Desk, words: str, library: Library
) -> None:
    old, new = asked.conversations()
    _writes(asked, words, library)
    assert _homes(asked) == [old.id, new.id, new.id]
    assert [one.text for one in _said(asked)][1:] == ["Thank you, then I'll keep the two apart."]


def test_nobody_is_asked_twice(asked: Desk, library: Library) -> None:
    _writes(asked, "No", library)
    _writes(asked, "My package has not turned up at the shop either.", library)
    assert sum(QUESTION in one.text for one in _said(asked)) == 1


def test_what_else_is_said_with_the_yes_is_answered(asked: Desk, library: Library) -> None:
    old, _ = asked.conversations()
    with transaction() as session:
        session.execute(update(Conversation).values(with_person=False))
    asked.writes_on_whatsapp(PHONE, "Yes. And do you also sell paper filters for the big jug?")
    with reading() as session:
        conversation = conversations.find(session, old.id)
        assert conversation.turn_due_at is not None
    assert len(_said(asked)) == 1


def test_something_else_than_an_answer_is_a_message_like_any_other(
    asked: Desk, library: Library
) -> None:
    old, new = asked.conversations()
    _writes(asked, "The package was meant for my mother.", library)
    assert _homes(asked) == [old.id, new.id, new.id]
    assert len(_said(asked)) == 1


def test_where_a_teammate_asked_as_well_the_yes_is_the_answer_to_what_was_asked_here(
    asked: Desk, library: Library
) -> None:
    old, _ = asked.conversations()
    with transaction() as session:
        conversation = conversations.lock(session, old.id)
        thread = messages.thread_to_answer(session, old.id)
        assert thread is not None
        said = messages.write(
            session, conversation, thread, "Is the address right?", author=Author.TEAMMATE
        )
    outbox.send(said.id)
    _writes(asked, "Yes", library)
    assert _homes(asked) == [old.id] * 3
    assert "put the two together" in _said(asked)[-1].text


def test_before_asking_back_the_assistant_asks_that_alone(shop: Desk, library: Library) -> None:
    """After a no, what was asked stands again."""
    _writes(shop, "Did it arrive yet?", library)
    first = _said(shop)[-1]
    assert first.text == QUESTION
    _writes(shop, "No", library)
    assert (
        _said(shop)[-1].text == "Could you tell me a little more about what you would like to do?"
    )


def test_who_would_be_asked_back_is_asked_so_though_little_speaks_for_it(
    shop: Desk, library: Library
) -> None:
    """One question it is anyway, and this one may make the other needless."""
    _writes(shop, "My scale shows nonsense.", library)
    assert [one.text for one in _said(shop)] == [QUESTION]


def test_something_else_that_is_clear_is_not_asked_about(shop: Desk, library: Library) -> None:
    _writes(shop, "Which coffee grinders can be set without steps?", library)
    assert all(QUESTION not in one.text for one in _said(shop))


def test_after_a_yes_what_was_asked_is_answered_with_all_that_is_known(
    shop: Desk, library: Library
) -> None:
    _writes(shop, "Did it arrive yet?", library)
    _writes(shop, "Yes", library)
    assert len(set(_homes(shop))) == 1
    said = [one.text for one in _said(shop)]
    assert say("clarify_open", "en") not in said[-1]
    assert len(said) == 2


def test_by_mail_the_answer_comes_as_a_reply(shop: Desk, library: Library) -> None:
    shop.writes_mail(BO, "Second", WHERE)
    _answers(shop, library)
    mail = shop.sink.mails[-1].message
    assert "- Yes, the same" in str(mail)
    shop.writes_mail(BO, "Re: Second", "Yes", reply_to=mail["Message-ID"])
    assert len(set(_homes(shop))) == 1


def test_an_assistant_that_only_drafts_asks_nothing(shop: Desk, library: Library) -> None:
    with transaction() as session:
        session.execute(update(Inbox).values(policy=Policy.DRAFTS))
    _writes(shop, WHERE, library)
    assert all(QUESTION not in one.text for one in _said(shop))


def test_a_mail_in_their_name_is_not_asked_and_its_yes_joins_nothing(
    shop: Desk, library: Library
) -> None:
    shop.writes_mail(BO, "Second", WHERE, forged=True)
    _answers(shop, library)
    with reading() as session:
        assert not [m for m in session.scalars(select(Message)) if QUESTION in m.text]


def test_a_matter_that_was_closed_meanwhile_and_long_ago_stays_closed(
    asked: Desk, library: Library
) -> None:
    old, new = asked.conversations()
    with transaction() as session:
        row = conversations.lock(session, old.id)
        conversations.resolve(session, row, by="a teammate")
        row.resolved_at = now() - 2 * conversations.REOPEN_WITHIN
    _writes(asked, "Yes", library)
    assert _homes(asked) == [old.id, new.id, new.id]
    assert len(_said(asked)) == 1


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Yes", "yes"),
        ("yes it is", "yes"),
        ("Ja, genau das", "yes"),
        ("sí", "yes"),
        ("OK", "yes"),
        ("Oui !", "yes"),
        ("نعم", "yes"),
        ("हाँ, वही", "yes"),
        ("No", "no"),
        ("No, it's the same", "no"),
        ("Nein", "no"),
        ("não, outra coisa", "no"),
        ("لا", "no"),
        ("something else", "no"),
        ("Si no me respondéis hoy, lo devuelvo", ""),
        ("Ya escribí ayer", ""),
        ("Right in the middle there is a crack", ""),
        ("The yes button does nothing", ""),
        ("Nothing arrived", ""),
        ("Jana hat es", ""),
        ("", ""),
    ],
)
def test_a_yes_is_a_yes_at_the_beginning(text: str, meant: str) -> None:
    assert yes_or_no(text) == meant


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Yes", True),
        ("Yes it's about the same thing", True),
        ("No, that's another thing.", True),
        ("Nein, etwas ganz anderes", False),
        ("No, es otra cosa", True),
        ("No, it still leaks", False),
        ("Yes, and it got worse", False),
        ("Yes! When will it come?", False),
    ],
)
def test_what_else_is_said_is_noticed(text: str, bare: bool) -> None:
    assert is_bare(text) is bare
