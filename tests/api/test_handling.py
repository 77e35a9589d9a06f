"""What teammates do with a conversation, and that nobody works against somebody else."""

from datetime import timedelta
from typing import Any

from core.clock import now
from core.db import reading
from desk.conversations import Conversation
from desk.messages import Message
from tests.api.conftest import Browser, Desk


def act(client: Browser, conversation_id: Any, verb: Any, **body: Any) -> Any:
    return client.post(f"/api/conversations/{conversation_id}/{verb}", json=body or None)


def whole(client: Browser, conversation_id: Any) -> Any:
    return client.get(f"/api/conversations/{conversation_id}").json()


def test_a_reply_waits_to_be_sent_and_the_conversation_is_taken(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Where is my order?")
    answer = act(ben, opened, "reply", text="  On its way, arriving tomorrow. ")
    assert answer.status_code == 201
    message = answer.json()
    assert message["text"] == "On its way, arriving tomorrow."
    assert (message["direction"], message["state"]) == ("out", "pending")
    assert (message["author"], message["author_name"]) == ("teammate", "Ben")
    after = whole(ben, opened)
    assert after["assignee"]["name"] == "Ben"
    assert after["with_person"] is True
    assert after["waiting_since"] is None
    assert after["messages"][-1] == message


def test_an_empty_reply_is_refused_and_changes_nothing(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello?")
    assert act(ben, opened, "reply", text="  \n ").status_code == 422
    assert whole(ben, opened)["assignee"] is None


def test_a_reply_in_a_thread_of_another_conversation_is_refused(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello?")
    other = desk.customer_writes("Hi!", phone="+4915112345677")
    thread = whole(ben, other)["threads"][0]["id"]
    assert act(ben, opened, "reply", text="Hello", thread_id=thread).status_code == 404
    assert len(whole(ben, opened)["messages"]) == 1


def test_a_reply_can_resolve_the_conversation(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Thanks!")
    act(ben, opened, "reply", text="You are welcome.", resolve=True)
    after = whole(ben, opened)
    assert after["status"] == "resolved"
    assert after["messages"][-1]["state"] == "pending"


def test_answering_a_resolved_conversation_opens_it_again(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Thanks!")
    act(ben, opened, "resolve")
    act(ben, opened, "reply", text="One more thing.")
    assert whole(ben, opened)["status"] == "open"


def test_answering_a_colleagues_conversation_leaves_it_theirs(
    ben: Browser, cem: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("Hello?")
    act(cem, opened, "take")
    act(ben, opened, "reply", text="Cem is at lunch, I can help.")
    assert whole(ben, opened)["assignee"]["name"] == "Cem"


def test_a_note_is_for_teammates_only(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello?")
    answer = act(ben, opened, "note", text="Called the warehouse.")
    assert answer.status_code == 201
    assert (answer.json()["direction"], answer.json()["state"]) == ("note", None)
    assert whole(ben, opened)["with_person"] is False


def test_taking_over_voids_what_the_assistant_prepares_and_giving_back_frees_it(
    ben: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("Hello?")
    with reading() as session:
        before = session.get_one(Message, whole(ben, opened)["messages"][0]["id"]).conversation_id
        assert before == opened
    taken = act(ben, opened, "take").json()
    assert taken["with_person"] is True
    assert taken["assignee"]["name"] == "Ben"
    free = act(ben, opened, "give-back").json()
    assert free["with_person"] is False
    assert free["assignee"] is None


def test_what_a_person_leaves_unanswered_is_the_assistants_turn_when_given_back(
    ben: Browser, desk: Desk
) -> None:
    """Else the customer would wait for nobody until they write again."""
    opened = desk.customer_writes("Hello?")
    act(ben, opened, "take")
    act(ben, opened, "give-back")
    with reading() as session:
        assert session.get_one(Conversation, opened).turn_due_at is not None
    act(ben, opened, "reply", text="Hello!")
    act(ben, opened, "give-back")
    with reading() as session:
        assert session.get_one(Conversation, opened).turn_due_at is None


def test_assigning_keeps_what_is_not_named(ben: Browser, ada: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello?")
    queue = ada.post("/api/queues", json={"name": "Returns"}).json()
    cem_id = next(t["id"] for t in ben.get("/api/teammates").json() if t["name"] == "Cem")
    act(ben, opened, "assign", queue_id=queue["id"])
    row = act(ben, opened, "assign", teammate_id=cem_id).json()
    assert row["queue"]["name"] == "Returns"
    assert row["assignee"]["name"] == "Cem"
    row = act(ben, opened, "assign", teammate_id=None).json()
    assert row["queue"]["name"] == "Returns"
    assert row["assignee"] is None
    for nowhere in ("nowhere", ""):
        assert act(ben, opened, "assign", queue_id=nowhere).status_code == 404
    assert act(ben, opened, "assign", teammate_id="nobody").status_code == 404


def test_reopening_takes_resolving_back_whole(ben: Browser, cem: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("My kettle leaks.")
    act(ben, opened, "take")
    before = whole(ben, opened)
    act(cem, opened, "resolve")
    act(cem, opened, "reopen")
    after = whole(ben, opened)
    for kept in ("status", "with_person", "assignee", "waiting_since"):
        assert after[kept] == before[kept], kept


def test_what_the_assistant_had_is_the_assistants_again(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Thanks!")
    act(ben, opened, "resolve")
    assert act(ben, opened, "reopen").json()["with_person"] is False


def test_a_reopened_conversation_of_somebody_who_left_waits_for_anybody(
    ada: Browser, ben: Browser, cem: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("My kettle leaks.")
    act(cem, opened, "take")
    act(ben, opened, "resolve")
    cem_id = cem.get("/api/me").json()["id"]
    assert ada.patch(f"/api/teammates/{cem_id}", json={"active": False}).status_code == 200
    row = act(ben, opened, "reopen").json()
    assert (row["with_person"], row["assignee"]) == (True, None)


def test_a_conversation_is_snoozed_until_a_time_to_come(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Next week, please.")
    past = (now() - timedelta(minutes=1)).isoformat()
    assert act(ben, opened, "snooze", until=past).status_code == 422
    assert act(ben, opened, "snooze", until="2999-01-01T09:00:00").status_code == 422
    later = (now() + timedelta(days=7)).isoformat()
    assert act(ben, opened, "snooze", until=later).json()["status"] == "snoozed"
    assert act(ben, opened, "reopen").json()["status"] == "open"


def test_a_draft_is_approved_as_it_stands(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Do you ship to Malta?")
    draft = desk.assistant_drafts(opened, "Yes, within six days.")
    assert whole(ben, opened)["drafts"] == 1
    sent = act(ben, opened, "reply", draft_id=draft).json()
    assert (sent["id"], sent["text"], sent["state"]) == (draft, "Yes, within six days.", "pending")
    assert sent["draft"] is False
    assert sent["author_name"] == "Ben"
    assert whole(ben, opened)["drafts"] == 0


def test_an_edited_draft_keeps_what_the_assistant_had_written(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Do you ship to Malta?")
    draft = desk.assistant_drafts(opened, "Yes, within six days.")
    sent = act(ben, opened, "reply", draft_id=draft, text="Yes, within eight days.").json()
    assert sent["text"] == "Yes, within eight days."
    assert sent["details"]["drafted"] == "Yes, within six days."


def test_a_draft_is_sent_once_however_many_approve_it(
    ben: Browser, cem: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("Do you ship to Malta?")
    draft = desk.assistant_drafts(opened, "Yes.")
    assert act(ben, opened, "reply", draft_id=draft).status_code == 201
    refused = act(cem, opened, "reply", draft_id=draft, text="No.")
    assert refused.status_code == 409
    assert [m["text"] for m in whole(ben, opened)["messages"]] == ["Do you ship to Malta?", "Yes."]


def test_a_rejected_draft_is_never_sent_and_keeps_the_reason(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Do you ship to Malta?")
    draft = desk.assistant_drafts(opened, "No.")
    answer = ben.request("DELETE", f"/api/messages/{draft}/draft", json={"reason": "We do ship"})
    assert answer.status_code == 200
    assert act(ben, opened, "reply", draft_id=draft).status_code == 409
    after = whole(ben, opened)
    assert after["drafts"] == 0
    assert after["with_person"] is True
    kept = next(m for m in after["messages"] if m["id"] == draft)
    assert kept["state"] is None
    assert kept["details"]["rejected"] == "We do ship"


def test_a_draft_of_another_conversation_is_not_approved_here(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello?")
    other = desk.customer_writes("Hi!", phone="+4915112345677")
    draft = desk.assistant_drafts(other, "Yes.")
    assert act(ben, opened, "reply", draft_id=draft).status_code == 404


def test_typing_is_heard_by_whoever_shows_the_chat(ben: Browser, desk: Desk) -> None:
    from core import live

    opened = desk.customer_writes("Hello?")
    heard: list[str] = []
    with live.listening(live.ASSISTANT_TYPING, heard.append):
        assert act(ben, opened, "typing").status_code == 200
    assert heard == [opened]


def test_a_split_and_a_merge_are_done_and_taken_back(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("A lamp")
    second = desk.customer_adds(opened, "And a table")
    moved = act(ben, opened, "split", message_id=second).json()
    assert [m["text"] for m in whole(ben, opened)["messages"]] == ["A lamp"]
    apart = whole(ben, moved["conversation_id"])
    assert [m["text"] for m in apart["messages"]] == ["And a table"]
    assert apart["assignee"]["name"] == "Ben"
    merged = act(ben, apart["id"], "merge", into_id=opened).json()
    assert merged["conversation_id"] == opened
    assert len(whole(ben, opened)["messages"]) == 2
    assert act(ben, opened, f"undo-move/{moved['id']}").status_code == 409
    assert act(ben, opened, f"undo-move/{merged['id']}").status_code == 200
    assert act(ben, opened, f"undo-move/{moved['id']}").status_code == 200
    assert [m["text"] for m in whole(ben, opened)["messages"]] == ["A lamp", "And a table"]
    assert act(ben, opened, f"undo-move/{moved['id']}").status_code == 404
