"""Settling accounts: each kind of wrong is found, and nothing is found where all is well."""

from dataclasses import replace

import pytest

from connectors.simulator.books import (
    Books,
    Brought,
    Fate,
    Held,
    HeldMessage,
    HeldReply,
    Taken,
    What,
    Written,
)
from connectors.simulator.settlement import settle

BOOKS = Books(
    brought=(
        Brought("m1", "Anna", What.MESSAGE, 1, "Hello"),
        Brought("m2", "Anna", What.MESSAGE, 2, "Do you ship?"),
        Brought("e1", "Anna", What.EDIT, 3, "Do you ship to Norway?", about="m2"),
        Brought("d1", "Anna", What.DELETE, 4, about="m1"),
        Brought("r1", "Anna", What.REACTION, 5, "👍", about="m2"),
        Brought("m3", "Ben", What.MESSAGE, 6, "Hi"),
        Brought("g1", "Ben", What.GARBLED, 7),
    ),
    taken=(Taken("o1", "Anna", "Yes"), Taken("o2", "Anna", "Bye"), Taken("o4", "Ben", "Hi")),
    written=(Written("c1", "Yes"), Written("c1", "Bye")),
    seen=("o1",),
)
HELD = Held(
    messages=(
        HeldMessage("m1", "c1", "Hello", deleted=True),
        HeldMessage("m2", "c1", "Do you ship to Norway?", reaction="👍"),
        HeldMessage("m3", "c2", "Hi"),
    ),
    replies=(
        HeldReply("o1", "c1", Fate.SENT, text="Yes", read=True),
        HeldReply("o2", "c1", Fate.SENT, text="Bye"),
        HeldReply("o3", "c2", Fate.FAILED, seen_by_person=True),
        HeldReply("o4", "c2", Fate.UNKNOWN, seen_by_person=True),
    ),
    dead={"g1": "The text message has no body."},
)
M1, M2, M3 = HELD.messages
O1, O2, O3, O4 = HELD.replies
UNREAD = replace(O1, read=False)


def test_where_all_is_well_nothing_is_found() -> None:
    settled = settle(BOOKS, HELD)
    assert settled.is_clean
    assert (settled.brought, settled.stored, settled.dead) == (7, 3, 1)
    assert (settled.sent, settled.failed, settled.unknown, settled.outstanding) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "held"),
    [
        ("lost", replace(HELD, messages=(M1, M2))),
        ("stored twice", replace(HELD, messages=(M1, M2, M2, M3))),
        (
            "conversation of two people",
            replace(HELD, messages=(M1, M2, replace(M3, conversation="c1"))),
        ),
        (
            "one matter in two conversations",
            replace(HELD, messages=(M1, replace(M2, conversation="c3"), M3)),
        ),
        ("out of order", replace(HELD, messages=(M2, M1, M3))),
        ("edit without effect", replace(HELD, messages=(M1, replace(M2, text="Do you ship?"), M3))),
        ("wrongly deleted or kept", replace(HELD, messages=(replace(M1, deleted=False), M2, M3))),
        ("wrong reaction", replace(HELD, messages=(M1, replace(M2, reaction=""), M3))),
        ("delivered though nobody wrote it", replace(HELD, replies=(O1, O3, O4))),
        (
            "said to be sent and never taken",
            replace(HELD, replies=(O1, O2, replace(O3, fate=Fate.SENT), O4)),
        ),
        (
            "said to have failed and taken",
            replace(HELD, replies=(O1, O2, O3, replace(O4, fate=Fate.FAILED))),
        ),
        (
            "failed or unknown and nobody was told",
            replace(HELD, replies=(O1, O2, O3, replace(O4, seen_by_person=False))),
        ),
        (
            "delivered to somebody else",
            replace(HELD, replies=(O1, replace(O2, conversation="c2"), O3, O4)),
        ),
        ("sent out of order", replace(HELD, replies=(O2, O1, O3, O4))),
        ("read by the customer and not known to be", replace(HELD, replies=(UNREAD, O2, O3, O4))),
        ("a teammate's words lost", replace(HELD, replies=(O1, replace(O2, text=""), O3, O4))),
        ("a teammate's words kept twice", replace(HELD, replies=(O1, O2, O2, O3, O4))),
        ("a teammate's words out of order", replace(HELD, replies=(O2, O1, O3, O4))),
        ("talked over a person", replace(HELD, talked_over=("o2",))),
        ("dead letter without a cause", replace(HELD, dead={**HELD.dead, "m9": "Why."})),
        ("dead letter unexplained", replace(HELD, dead={"g1": ""})),
        ("garbled and not kept", replace(HELD, dead={})),
        ("waits for nobody", replace(HELD, unanswered=("c1",))),
        ("answered twice", replace(HELD, answered_twice=("c1",))),
        ("unfinished", replace(HELD, unfinished=1)),
    ],
)
def test_each_kind_of_wrong_is_found(wrong: str, held: Held) -> None:
    assert wrong in settle(BOOKS, held).wrongs


def test_a_message_that_the_provider_got_twice_is_found() -> None:
    books = replace(BOOKS, taken=(*BOOKS.taken, BOOKS.taken[0]))
    assert settle(books, HELD).wrongs["delivered twice"] == ["o1"]


ARRIVED = {"m1": (1.0, 1.1), "m2": (2.0, 2.1), "m3": (1.0, 1.1)}


def test_where_no_time_is_named_the_order_is_that_of_arrival() -> None:
    books = replace(BOOKS, arrived=ARRIVED)
    assert settle(books, HELD).is_clean
    assert settle(books, replace(HELD, messages=(M2, M1, M3))).wrongs["out of order"] == ["m1"]


def test_what_arrived_at_the_same_time_has_no_order() -> None:
    books = replace(BOOKS, arrived=ARRIVED | {"m2": (1.0, 2.1)})
    assert settle(books, replace(HELD, messages=(M2, M1, M3))).is_clean


NAMELESS = replace(BOOKS, taken=[replace(one, id="", name=f"p{one.id}") for one in BOOKS.taken])
NAMED = replace(
    HELD,
    replies=(
        replace(O1, name="po1", parts=("Yes",)),
        replace(O2, name="po2", parts=("Bye",)),
        replace(O3, parts=("Hi",)),
        replace(O4, parts=("Hi",)),
    ),
)


def test_what_was_surely_sent_is_known_by_the_providers_id_and_a_doubtful_one_by_its_text() -> None:
    assert settle(NAMELESS, NAMED).is_clean


@pytest.mark.parametrize(
    ("taken", "wrong"),
    [
        (Taken("", "Ben", "Hi", "p9"), "delivered twice"),
        (Taken("", "Anna", "Bye", "p9"), "delivered twice"),
        (Taken("", "Ben", "Bye", "p9"), "delivered though nobody wrote it"),
        (Taken("", "Ben", "Ho", "p9"), "delivered though nobody wrote it"),
    ],
)
def test_without_our_ids_one_too_many_is_found(taken: Taken, wrong: str) -> None:
    books = replace(NAMELESS, taken=(*NAMELESS.taken, taken))
    assert wrong in settle(books, NAMED).wrongs


def test_without_our_ids_one_that_never_went_out_is_found() -> None:
    books = replace(NAMELESS, taken=NAMELESS.taken[1:])
    assert settle(books, NAMED).wrongs["said to be sent and never taken"] == ["o1"]


def test_of_several_texts_that_make_one_message_the_last_counts() -> None:
    books = replace(NAMELESS, taken=(Taken("", "Ben", "First", "p8"), *NAMELESS.taken))
    parted = (*NAMED.replies[:3], replace(O4, parts=("First", "Hi")))
    assert settle(books, replace(NAMED, replies=parted)).is_clean


def test_of_two_doubtful_ones_with_the_same_words_the_one_in_order_is_meant() -> None:
    replies = (
        HeldReply("o1", "c1", Fate.UNKNOWN, seen_by_person=True, parts=("Yes",)),
        HeldReply("o2", "c1", Fate.SENT, name="po2", parts=("Bye",)),
        HeldReply("o3", "c1", Fate.UNKNOWN, seen_by_person=True, parts=("Yes",)),
    )
    taken = (Taken("", "Anna", "Bye", "po2"), Taken("", "Anna", "Yes", "po3"))
    books = replace(BOOKS, taken=taken, written=(), seen=())
    assert settle(books, replace(HELD, replies=replies)).is_clean
    again = replace(books, taken=(*taken, *taken[1:]))
    assert "sent out of order" in settle(again, replace(HELD, replies=replies)).wrongs
