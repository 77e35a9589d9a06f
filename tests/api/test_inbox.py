"""The inbox: lists with filters and pages, one conversation whole, and what is unread."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from core.clock import now
from core.db import engine, transaction
from desk import conversations, merges, teams
from desk.teams import Role
from tests.api.conftest import Browser, Desk


def rows(client: Browser, **query: Any) -> Any:
    answer = client.get("/api/conversations", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def texts(client: Browser, **query: Any) -> Any:
    return [row["preview"] for row in rows(client, **query)["items"]]


def test_an_empty_desk_has_an_empty_list(ben: Browser) -> None:
    assert rows(ben) == {"items": [], "next": None}


def test_a_row_shows_who_wrote_what_and_where(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Where is my order?")
    row = rows(ben)["items"][0]
    assert row["id"] == opened
    assert row["customer"]["name"] == "Ines Aster"
    assert row["preview"] == "Where is my order?"
    assert row["preview_author"] == "customer"
    assert row["channels"] == ["web"]
    assert row["unread"] is True
    assert row["drafts"] == 0
    assert row["last_at"].endswith("Z")


def test_who_has_no_name_is_called_by_their_address(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello?", name="")
    assert rows(ben)["items"][0]["customer"]["name"] == "+4915112345601"
    whole = ben.get(f"/api/conversations/{opened}").json()
    assert whole["customer"]["name"] == "+4915112345601"


def test_the_newest_come_first_and_pages_neither_repeat_nor_skip(ben: Browser, desk: Desk) -> None:
    for number in range(7):
        desk.customer_writes(f"question {number}", phone=f"+49151123456{number:02}")
    seen, cursor = [], None
    for _ in range(3):
        page = rows(ben, limit=3, **({"cursor": cursor} if cursor else {}))
        seen += [row["preview"] for row in page["items"]]
        cursor = page["next"]
    assert seen == [f"question {number}" for number in reversed(range(7))]
    assert cursor is None


def test_a_page_keeps_its_place_while_new_conversations_arrive(ben: Browser, desk: Desk) -> None:
    for number in range(4):
        desk.customer_writes(f"question {number}")
    first = rows(ben, limit=2)
    desk.customer_writes("a newer one")
    second = rows(ben, limit=2, cursor=first["next"])
    assert [row["preview"] for row in second["items"]] == ["question 1", "question 0"]


@pytest.mark.parametrize("cursor", ["nonsense", "bm90IGEgZGF0ZSBhdCBhbGw=", "%00", "ÿ"])
def test_a_made_up_cursor_is_refused_with_words(ben: Browser, cursor: Any) -> None:
    answer = ben.get("/api/conversations", params={"cursor": cursor})
    assert answer.status_code == 422
    assert "cursor" in answer.json()["message"]


def test_each_box_shows_its_own(ben: Browser, cem: Browser, desk: Desk) -> Any:
    assistants = desk.customer_writes("for the assistant")
    waiting = desk.customer_writes("for a person")
    mine = desk.customer_writes("for ben")
    with transaction() as session:
        queue = teams.fallback_queue(session)
        conversations.assign(
            session, conversations.lock(session, waiting), queue_id=queue.id, teammate_id=None
        )
    ben.post(f"/api/conversations/{mine}/take")

    def ids(client: Browser, **query: Any) -> Any:
        return {row["id"] for row in rows(client, **query)["items"]}

    assert ids(ben, box="mine") == {mine}
    assert ids(cem, box="mine") == set()
    assert ids(ben, box="unassigned") == {waiting}
    assert ids(ben, box="assistant") == {assistants}
    assert ids(ben, box="all") == {assistants, waiting, mine}
    assert ids(ben, queue=queue.id) == {waiting}
    assert ids(ben, inbox=desk.inbox_id) == {assistants, waiting, mine}
    assert ids(ben, inbox="another") == set()
    assert ben.get("/api/conversations/counts").json() == {
        "mine": 1, "unassigned": 1, "assistant": 1, "all": 3, "drafts": 0, "snoozed": 0,
        "resolved": 0,
    }  # fmt: skip


def test_drafts_that_wait_and_snoozed_ones_are_counted_and_listed(ben: Browser, desk: Desk) -> None:
    drafted = desk.customer_writes("Do you ship to Malta?")
    desk.assistant_drafts(drafted, "Yes.")
    asleep = desk.customer_writes("Next week, please.")
    until = (now() + timedelta(days=7)).isoformat()
    ben.post(f"/api/conversations/{asleep}/snooze", json={"until": until})

    assert texts(ben, box="drafts") == ["Do you ship to Malta?"]
    assert texts(ben, status="snoozed") == ["Next week, please."]
    counts = ben.get("/api/conversations/counts").json()
    assert (counts["drafts"], counts["snoozed"], counts["all"]) == (1, 1, 1)


def test_who_has_waited_longest_comes_first_and_who_does_not_wait_not_at_all(
    ben: Browser, desk: Desk
) -> None:
    for text in ("waits longest", "answered", "waits", "waits least"):
        opened = desk.customer_writes(text)
        if text == "answered":
            ben.post(f"/api/conversations/{opened}/reply", json={"text": "Yes."})
    first = rows(ben, order="waiting", limit=2)
    rest = rows(ben, order="waiting", limit=2, cursor=first["next"])
    listed = [row["preview"] for row in first["items"] + rest["items"]]
    assert listed == ["waits longest", "waits", "waits least"]
    assert rest["next"] is None


def test_a_row_shows_what_the_customer_asks_until_they_are_answered(
    ben: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("Do you ship to Malta?")
    draft = desk.assistant_drafts(opened, "Yes, within six days.")
    assert texts(ben) == ["Do you ship to Malta?"]
    ben.post(f"/api/conversations/{opened}/note", json={"text": "I ask the warehouse."})
    assert texts(ben) == ["Do you ship to Malta?"]
    ben.post(f"/api/conversations/{opened}/reply", json={"draft_id": draft})
    assert texts(ben) == ["Yes, within six days."]


def test_resolved_ones_leave_the_open_list_and_can_be_listed(ben: Browser, desk: Desk) -> None:
    done = desk.customer_writes("thanks, that is all")
    ben.post(f"/api/conversations/{done}/resolve")
    assert texts(ben) == []
    assert texts(ben, status="resolved") == texts(ben, status="all") == ["thanks, that is all"]
    assert ben.get("/api/conversations/counts").json()["resolved"] == 1


@pytest.mark.parametrize("words", ["kettle", "KETTLE", "Aster", "4915112", "  kettle "])
def test_search_looks_at_words_names_and_addresses(ben: Browser, desk: Desk, words: Any) -> None:
    desk.customer_writes("My kettle leaks")
    desk.customer_writes("Something else", name="Otto Berg", phone="+33612345678")
    assert texts(ben, q=words) == ["My kettle leaks"]


@pytest.mark.parametrize("words", ["100%", "_", "\\", "'"])
def test_search_takes_signs_literally(ben: Browser, desk: Desk, words: Any) -> None:
    desk.customer_writes(f"before {words} after")
    desk.customer_writes("nothing of the kind")
    assert texts(ben, q=words) == [f"before {words} after"]


def test_a_merged_customers_conversations_are_one_list_under_one_name(
    ben: Browser, desk: Desk
) -> None:
    first = desk.customer_writes("from my phone", name="Ines Aster")
    second = desk.customer_writes("from work", name="I. Aster", phone="+4915112345699")
    with transaction() as session:
        into, other = (conversations.find(session, c).customer_id for c in (first, second))
        merges.merge(session, other, into, source="same person", strength="verified", by="ada")
    assert {row["customer"]["name"] for row in rows(ben)["items"]} == {"Ines Aster"}
    for customer in (into, other):
        assert len(rows(ben, customer=customer)["items"]) == 2


def test_opening_a_conversation_marks_it_read_for_this_teammate_only(
    ben: Browser, cem: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("Hello?")
    ben.get(f"/api/conversations/{opened}")
    assert rows(ben)["items"][0]["unread"] is False
    assert rows(cem)["items"][0]["unread"] is True


def test_what_the_customer_adds_later_is_unread_again(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello?")
    ben.get(f"/api/conversations/{opened}")
    desk.customer_adds(opened, "Anybody there?")
    assert rows(ben)["items"][0]["unread"] is True
    assert ben.get(f"/api/conversations/{opened}").json()["unread"] is True
    assert rows(ben)["items"][0]["unread"] is False


def test_the_whole_conversation_has_its_messages_and_threads_in_order(
    ben: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("Where is my order?")
    desk.customer_adds(opened, "It is number 1234.")
    whole = ben.get(f"/api/conversations/{opened}").json()
    assert [m["text"] for m in whole["messages"]] == ["Where is my order?", "It is number 1234."]
    assert whole["messages"][0]["author_name"] == "Ines Aster"
    assert whole["messages"][0]["inbox_name"] == "Shop chat"
    thread = whole["threads"][0]
    assert thread["inbox"] == {"id": desk.inbox_id, "name": "Shop chat", "kind": "web"}
    assert thread["identity"]["value"] == "+4915112345601"
    assert whole["hand_off"] is None


def test_a_conversation_that_is_not_there_is_said_so(ben: Browser) -> None:
    answer = ben.get("/api/conversations/nothing")
    assert answer.status_code == 404
    assert answer.json() == {"code": "not_found", "message": "There is no such conversation."}


def test_a_page_takes_as_many_queries_for_fifty_rows_as_for_five(ben: Browser, desk: Desk) -> Any:
    for number in range(50):
        desk.customer_writes(f"question {number}", phone=f"+49151123457{number:02}")

    def queries(limit: Any) -> Any:
        counted = []

        def count(_conn: Any, _cursor: Any, statement: Any, *_: Any) -> None:
            counted.append(statement)

        event.listen(engine(), "before_cursor_execute", count)
        try:
            assert len(rows(ben, limit=limit)["items"]) == limit
        finally:
            event.remove(engine(), "before_cursor_execute", count)
        return len(counted)

    assert queries(50) == queries(5) <= 12


def test_every_role_may_read_the_inbox(browser: Callable[..., Browser], desk: Desk) -> None:
    desk.customer_writes("Hello?")
    with transaction() as session:
        from tests.api.conftest import PASSWORD

        teams.add_teammate(session, "quinn@shop.example", "Quinn", PASSWORD, Role.QA)
    for name in ("Ada", "Lea", "Ben", "Quinn"):
        assert len(rows(browser(name))["items"]) == 1
