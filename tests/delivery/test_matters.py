"""Which open matter a message goes on with, told from its words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.clock import now
from core.db import reading, transaction
from delivery import inbound, matters
from delivery.matters import Matter, choose, matters_for
from delivery.same_matter import HINT
from delivery.wording import references, says_nothing, shared, telling_words
from desk import conversations
from desk.conversations import Conversation, Status, Thread
from desk.envelope import Envelope, Kind
from desk.identities import Identity
from knowledge.model import minilm
from knowledge.model.export import model_folder
from tests.delivery.conftest import Desk

PARCEL = Matter("parcel", ("My order MB-10482 has not arrived and tracking stands still.",))
LEAK = Matter("leak", ("My espresso machine drips water from below since this morning.",))
INVOICE = Matter("invoice", ("Please correct the address on my invoice for order 20077.",))
OPEN = (PARCEL, LEAK, INVOICE)


@pytest.mark.parametrize(
    ("text", "conversation"),
    [
        ("Still no parcel. What is happening with the delivery?", "parcel"),
        ("It's about 10482, it has not come yet.", "parcel"),
        ("I put a towel under the machine, it is leaking all the time.", "leak"),
        ("Following up on the invoice address.", "invoice"),
        ("Hello? Any news?", "parcel"),
        ("Gibt es Neuigkeiten?", "parcel"),
    ],
)
def test_who_comes_back_to_a_matter_is_put_there(text: str, conversation: str) -> None:
    assert choose(text, OPEN).conversation_id == conversation


@pytest.mark.parametrize(
    "text",
    [
        "Do you sell gift cards?",
        "Which days are free for the barista course?",
        "Another question: my invoice from last year, can I have it as a PDF?",
        "My order MB-55555 came in the wrong colour.",
        "The kettle of order MB-10482 has a scratch on its lid.",
    ],
)
def test_something_else_is_a_conversation_of_its_own(text: str) -> None:
    assert choose(text, OPEN).conversation_id == ""


ASKED = Matter(
    "lid",
    ("The lid of my grinder is missing in the box.", "Which colour is it, black or silver?"),
    question="Which colour is it, black or silver?",
)


@pytest.mark.parametrize(
    "text", ["it's the black one", "silver", "Silver, I would say.", "", "From the photo: black"]
)
def test_an_answer_goes_to_the_question(text: str) -> None:
    assert choose(text, (PARCEL, ASKED)).conversation_id == "lid"


TAX = Matter(
    "tax", ("Please take the tax off order MB-10482.",), question="Which VAT number do you have?"
)


@pytest.mark.parametrize("text", ["Calle Mayor 5, Toledo", "It's BE0123456749, for Bo Ltd"])
def test_what_could_be_an_answer_is_asked_about(text: str) -> None:
    choice = choose(text, (PARCEL, TAX))
    assert (choice.conversation_id, choice.perhaps, choice.likely) == ("", "tax", True)


@pytest.mark.parametrize("text", ["Hello!", "Thanks", "Another question", "Where is my lid?"])
def test_what_asks_or_greets_is_no_answer(text: str) -> None:
    assert not choose(text, (ASKED,)).likely


@pytest.mark.parametrize(
    "text",
    [
        "Do you sell gift cards?",
        "I'd like to cancel my newsletter",
        "The water from my new kettle tastes of plastic since I unpacked it",
    ],
)
def test_what_is_no_answer_does_not(text: str) -> None:
    assert choose(text, (PARCEL, ASKED)).conversation_id == ""


def test_a_bare_greeting_waits_for_what_follows() -> None:
    assert choose("Good morning!", OPEN).conversation_id == ""


def test_who_goes_on_with_one_of_several_that_nothing_tells_is_not_put_anywhere() -> None:
    text = "I tried what you said and it did not help."
    assert choose(text, OPEN).conversation_id == ""
    assert choose("As I wrote, the towel under the machine is soaked.", OPEN) != choose(text, OPEN)


def test_a_language_that_the_model_does_not_speak_is_told_by_its_words() -> None:
    late = Matter("late", ("Meine Bestellung sollte gestern ankommen und ist nicht da.",))
    other = "Ich komme nicht mehr in mein Kundenkonto, das Passwort wird abgelehnt."
    assert choose(other, (late,)).conversation_id == ""
    password = Matter("password", (other,))
    asks = "Haben Sie wegen meines Passworts schon etwas entschieden?"
    assert choose(asks, (late, password)).conversation_id == "password"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("auf die richtige Mühle", "eine falsche Kaffeemühle"),
        ("die Kaffeetasse ist da", "zwei Tassen fehlen"),
        ("die Mühlen sind da", "die Mühle fehlt"),
    ],
)
def test_a_compound_goes_with_the_word_it_ends_in(one: str, other: str) -> None:
    assert shared(telling_words(one), telling_words(other)) == 1
    assert shared(telling_words("der Preis"), telling_words("ich verreise")) == 0


def test_a_choice_says_why() -> None:
    assert choose("Where is MB-10482? Still waiting.", OPEN).reason == "it names 10482 too"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("order number 4711, please", {"4711"}),
        ("Bestellung Nr. 10482", {"10482"}),
        ("MB-10482 and #123", {"10482", "123"}),
        ("I live at 10115 Berlin since 2024 and paid 1200 EUR", set()),
    ],
)
def test_numbers_that_name_a_thing_are_told_from_others(text: str, found: set[str]) -> None:
    assert references(text) == found


def test_a_greeting_that_asks_for_news_says_nothing_but_a_topic_does() -> None:
    assert says_nothing("Hi there, is there any update? I'm still waiting for an answer.")
    assert not says_nothing("Return policy?")


ADA = "+4915112345678"


def test_on_a_chat_with_one_open_matter_there_is_nothing_to_choose(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Do you ship to Norway?")
    with reading() as session:
        writer = session.get_one(Identity, desk.messages()[0].identity_id).address
        envelope = Envelope("new", Kind.MESSAGE, now(), sender=(writer,), text="And returns?")
        assert matters_for(session, desk.whatsapp, envelope) == ()
        elsewhere = matters_for(session, desk.email, envelope)
    assert [matter.conversation_id for matter in elsewhere] == [desk.conversations()[0].id]


BO = "bo@mail.example"


def _passes(desk: Desk, place: int, days: int) -> None:
    """A conversation is that much older."""
    with transaction() as session:
        row = session.get_one(Conversation, desk.conversations()[place].id)
        row.last_at -= timedelta(days=days)


def test_a_matter_that_nobody_closed_is_gone_on_with_after_weeks(desk: Desk) -> None:
    desk.writes_mail(BO, "Jug", "The glass jug arrived in pieces.")
    _passes(desk, 0, 12)
    desk.writes_mail(BO, "Hello", "As I wrote, the glass jug arrived in pieces.")
    assert len(desk.conversations()) == 1


def test_what_was_closed_too_early_is_opened_again_by_who_goes_on_with_it(desk: Desk) -> None:
    desk.writes_mail(BO, "Jug", "The glass jug arrived in pieces.")
    with transaction() as session:
        row = session.get_one(Conversation, desk.conversations()[0].id)
        conversations.resolve(session, row, by="lea")
    desk.writes_mail(BO, "Other", "Do you sell gift cards?")
    assert len(desk.conversations()) == 2
    desk.writes_mail(BO, "Hello", "As I wrote, the glass jug arrived in pieces.")
    assert len(desk.conversations()) == 2
    assert {row.status for row in desk.conversations()} == {Status.OPEN}


def test_a_chat_silent_for_weeks_goes_on_in_the_thread_it_has(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "The glass jug arrived in pieces.")
    _passes(desk, 0, 12)
    desk.writes_on_whatsapp(ADA, "As I wrote, the glass jug arrived in pieces.")
    assert len(desk.conversations()) == 1
    with reading() as session:
        assert len(session.scalars(select(Thread)).all()) == 1


def test_where_too_little_speaks_for_it_a_teammate_is_told_once(desk: Desk) -> None:
    desk.writes_mail(BO, "First", "My parcel is late and the tracking stands still.")
    desk.writes_mail(BO, "Second", "The package has not turned up.")
    asked = desk.conversations()[1]
    hints = [text for text in desk.texts(asked) if text.startswith(HINT)]
    assert len(hints) == 1
    assert "“First”" in hints[0]
    desk.writes_mail(BO, "Gift cards", "Do you sell gift cards?")
    assert len(desk.texts(desk.conversations()[2])) == 1


@pytest.fixture
def broken_model(desk: Desk) -> Iterator[None]:
    """A model file that nobody can read."""
    folder = model_folder(minilm.NAME)
    folder.parent.unlink()  # the link to the model that all tests share
    folder.mkdir(parents=True)
    for name in ("model.onnx", "tokenizer.json"):
        (folder / name).write_text("half a download")
    matters._embedder.cache_clear()
    yield
    matters._embedder.cache_clear()


@pytest.mark.usefixtures("broken_model")
def test_without_the_model_a_message_still_comes_in(desk: Desk) -> None:
    desk.writes_mail("ada@mail.example", "Mugs", "Which mugs do you have?")
    desk.writes_mail("ada@mail.example", "Norway", "Do you ship there?")
    with reading() as session:
        assert inbound.dead_letters(session) == []
    assert [desk.texts(one) for one in desk.conversations()] == [
        ["Which mugs do you have?"],
        ["Do you ship there?"],
    ]
