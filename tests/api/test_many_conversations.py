"""With a hundred thousand conversations every list is read along an index, never whole."""

import shutil
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import event, insert

from core.clock import now
from core.db import engine, transaction
from core.ids import new_id
from core.installation import installation as at
from core.settings import Settings
from desk import teams
from desk.conversations import Conversation, Thread
from desk.customers import Customer
from desk.identities import Identity
from desk.messages import Message
from desk.seen import Seen
from tests.api.conftest import Browser, browser_of, open_desk

pytestmark = pytest.mark.slow

CONVERSATIONS = 100_000
CUSTOMERS = 20_000


@pytest.fixture(scope="module")
def crowd(sqlite_template: Any, tmp_path_factory: Any, app: FastAPI) -> Any:
    """On SQLite, which explains its plans in words. The tests only read."""
    folder = tmp_path_factory.mktemp("crowd")
    shutil.copy(sqlite_template, folder / "onethread.db")
    with at(Settings(data=folder)):
        customers = fill(open_desk().inbox_id)
        yield browser_of(app, "Ben"), customers


def fill(inbox_id: Any) -> Any:
    """One conversation in five is open; of those every fourth waits for a person."""
    start = now() - timedelta(days=300)
    customers = [new_id() for _ in range(CUSTOMERS)]
    identities = [new_id() for _ in range(CUSTOMERS)]
    with transaction() as session:
        known = teams.by_email(session, "ben@shop.example")
        assert known is not None
        ben = known.id
        queue = teams.fallback_queue(session).id
        session.execute(
            insert(Customer),
            [{"id": one, "name": f"Customer {n}"} for n, one in enumerate(customers)],
        )
        session.execute(
            insert(Identity),
            [
                {
                    "id": one,
                    "customer_id": customers[n],
                    "kind": "phone",
                    "value": f"+49{n:09}",
                    "strength": "asserted",
                }
                for n, one in enumerate(identities)
            ],
        )
        rows, threads, messages, seen = [], [], [], []
        for n in range(CONVERSATIONS):
            conversation, at = new_id(), start + timedelta(minutes=4 * n)
            is_open, waits = n % 5 == 0, n % 20 == 0
            rows.append(
                {
                    "id": conversation,
                    "customer_id": customers[n % CUSTOMERS],
                    "status": "open" if is_open else "resolved",
                    "with_person": waits,
                    "queue_id": queue if waits else None,
                    "assignee_id": ben if n % 200 == 0 else None,
                    "last_at": at,
                }
            )
            thread = new_id()
            threads.append(
                {
                    "id": thread,
                    "conversation_id": conversation,
                    "inbox_id": inbox_id,
                    "identity_id": identities[n % CUSTOMERS],
                }
            )
            messages += [
                {
                    "id": new_id(),
                    "created_at": at,
                    "conversation_id": conversation,
                    "thread_id": thread,
                    "inbox_id": inbox_id,
                    "direction": "in" if part % 2 == 0 else "out",
                    "author": "customer" if part % 2 == 0 else "assistant",
                    "at": at + timedelta(seconds=part),
                    "text": f"question {n} part {part}",
                    "draft": part == 1 and n % 500 == 0,
                }
                for part in range(3)
            ]
            if n % 3 == 0:
                seen.append({"conversation_id": conversation, "teammate_id": ben, "at": at})
        for table, made in ((Conversation, rows), (Thread, threads), (Message, messages)):
            session.execute(insert(table), made)
        session.execute(insert(Seen), seen)
    return customers


def plans(client: Browser, path: Any) -> Any:
    """What each query of a request does, by SQLite's own account."""
    asked = []

    def remember(_conn: Any, _cursor: Any, statement: Any, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(engine(), "before_cursor_execute", remember)
    try:
        answer = client.get(path)
    finally:
        event.remove(engine(), "before_cursor_execute", remember)
    assert answer.status_code == 200, answer.text
    with engine().connect() as connection:
        return answer.json(), [
            (statement, row[-1])
            for statement, parameters in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


BIG = ("conversation", "message", "customer", "identity", "thread", "seen")


def reads_it_whole(step: Any) -> Any:
    """A scan of a big table that no index narrows or that an index merely stands in for."""
    words = step.split()
    return words[0] == "SCAN" and words[1] in BIG and "USING" not in step


def assert_along_indexes(found: Any) -> None:
    for statement, step in found:
        assert not reads_it_whole(step), f"{step}\n{statement}"
        if "ORDER BY conversation.last_at" in statement:
            assert "TEMP B-TREE" not in step, f"{step}\n{statement}"


def test_every_list_of_the_inbox_is_read_along_an_index(crowd: Any) -> None:
    ben, _ = crowd
    queue = ben.get("/api/queues").json()[0]["id"]
    lists = [
        f"/api/conversations?status={status}&box={box}"
        for status in ("open", "snoozed", "resolved", "all")
        for box in ("mine", "unassigned", "assistant", "all")
        if (status, box) != ("all", "mine")
    ]
    lists += [
        f"/api/conversations?queue={queue}",
    ]
    for path in lists:
        page, found = plans(ben, path)
        assert_along_indexes(found)
        if page["next"]:
            page, found = plans(ben, f"{path}&cursor={page['next']}")
            assert page["items"]
            assert_along_indexes(found)


def test_a_deep_page_is_read_like_the_first(crowd: Any) -> None:
    ben, _ = crowd
    page = ben.get("/api/conversations?status=all&limit=100").json()
    for _ in range(30):
        page = ben.get(f"/api/conversations?status=all&limit=100&cursor={page['next']}").json()
    _, found = plans(ben, f"/api/conversations?status=all&limit=100&cursor={page['next']}")
    assert_along_indexes(found)


def test_counts_read_no_table_whole(crowd: Any) -> None:
    ben, _ = crowd
    counted, found = plans(ben, "/api/conversations/counts")
    assert counted["all"] == CONVERSATIONS / 5
    assert counted["resolved"] == CONVERSATIONS * 4 / 5
    assert counted["drafts"] == CONVERSATIONS / 500
    assert_along_indexes(found)


def test_one_customers_conversations_are_found_without_a_look_at_the_others(crowd: Any) -> None:
    ben, customers = crowd
    page, found = plans(ben, f"/api/conversations?customer={customers[7]}&status=all")
    assert len(page["items"]) == CONVERSATIONS / CUSTOMERS
    assert not [step for _, step in found if reads_it_whole(step)]


def test_customers_are_listed_along_their_ids(crowd: Any) -> None:
    ben, _ = crowd
    page, found = plans(ben, "/api/customers?limit=100")
    assert len(page["items"]) == 100
    for statement, step in found:
        assert not reads_it_whole(step) or "ORDER BY customer.id DESC" in statement, step


def test_the_check_itself_would_notice_a_table_read_whole(crowd: Any) -> None:
    ben, _ = crowd
    _, found = plans(ben, "/api/conversations?q=nothing+like+it")
    with pytest.raises(AssertionError):
        assert_along_indexes(found)
