"""Customers, merges, teammates and queues."""

from collections.abc import Callable
from typing import Any

import pytest

from core.audit import AuditEntry
from core.clock import now
from core.db import reading, transaction
from desk import conversations, messages
from tests.api.conftest import Browser, Desk


def customer_of(conversation_id: Any) -> Any:
    with reading() as session:
        return conversations.find(session, conversation_id).customer_id


def two_customers(desk: Desk) -> Any:
    first = customer_of(desk.customer_writes("from my phone", name="Ines Aster"))
    second = customer_of(desk.customer_writes("from work", name="I. Aster", phone="+4915112345699"))
    return first, second


def listed(client: Browser, **query: Any) -> Any:
    answer = client.get("/api/customers", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_a_customer_is_shown_with_addresses_evidence_and_history(ben: Browser, desk: Desk) -> None:
    customer = customer_of(desk.customer_writes("Hello?"))
    shown = ben.get(f"/api/customers/{customer}").json()
    assert shown["name"] == "Ines Aster"
    identity = shown["identities"][0]
    assert (identity["kind"], identity["value"]) == ("phone", "+4915112345601")
    assert identity["evidence"][0]["source"] == "WhatsApp webhook"
    assert [row["preview"] for row in shown["conversations"]] == ["Hello?"]
    assert shown["orders"] == []
    assert shown["merges"] == []


def test_a_customers_history_is_one_line_of_time_over_all_conversations(
    ben: Browser, desk: Desk
) -> None:
    first = desk.customer_writes("from my phone")
    customer = customer_of(first)
    with transaction() as session:
        other = conversations.open_for(session, customer)
        messages.note(session, other, "Called back.", author_id=None, kind="message")
        messages.note(session, other, "Handed over.", author_id=None, kind="activity")
    desk.customer_adds(first, "and once more")
    desk.assistant_drafts(first, "not said yet")

    path = f"/api/customers/{customer}/history"
    page = ben.get(path, params={"limit": 2}).json()
    assert [one["text"] for one in page["items"]] == ["and once more", "Called back."]
    assert page["items"][0]["channel"] == "web"
    rest = ben.get(path, params={"limit": 2, "cursor": page["next"]}).json()
    assert [one["text"] for one in rest["items"]] == ["from my phone"]
    assert rest["next"] is None


def test_a_customers_open_questions_are_those_nobody_has_closed(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Where is my lamp?")
    with transaction() as session:
        conversations.find(session, opened).waiting_since = now()
    desk.assistant_drafts(opened, "It is on its way.")
    path = f"/api/customers/{customer_of(opened)}"
    found = ben.get(path).json()["open_questions"]
    assert {one["why"] for one in found} == {"waiting", "draft"}
    assert {one["words"] for one in found} == {"Where is my lamp?"}
    ben.post(f"/api/conversations/{opened}/resolve")
    assert ben.get(path).json()["open_questions"] == []


def test_a_merge_is_one_customer_and_undone_exactly(ben: Browser, desk: Desk) -> None:
    first, second = two_customers(desk)
    before = [ben.get(f"/api/customers/{c}").json() for c in (first, second)]
    request = {"other_id": second, "why": "Same order number on both"}
    merged = ben.post(f"/api/customers/{first}/merge", json=request).json()
    assert {i["value"] for i in merged["identities"]} == {"+4915112345601", "+4915112345699"}
    assert len(merged["conversations"]) == 2
    assert merged["merges"][0]["merged"] == {"id": second, "name": "I. Aster"}
    assert ben.get(f"/api/customers/{second}").json()["id"] == first
    assert [c["id"] for c in listed(ben)] == [first]
    assert [c["id"] for c in listed(ben, q="12345699")] == [first]
    assert listed(ben)[0]["conversations"] == 2
    undone = ben.post(f"/api/merges/{merged['merges'][0]['id']}/undo", json={"why": "twins"})
    assert undone.status_code == 200
    assert [ben.get(f"/api/customers/{c}").json() for c in (first, second)] == before
    assert ben.post(f"/api/merges/{merged['merges'][0]['id']}/undo").status_code == 404


def test_merges_are_audited_with_who_and_why(ben: Browser, desk: Desk) -> None:
    first, second = two_customers(desk)
    ben.post(f"/api/customers/{first}/merge", json={"other_id": second, "why": "Same address"})
    me = ben.get("/api/me").json()["id"]
    with reading() as session:
        entry = session.query(AuditEntry).filter_by(action="customer.merged").one()
        assert (entry.actor, entry.why, entry.data["merged"]) == (me, "Same address", second)


def test_a_merge_needs_a_reason_and_two_customers(ben: Browser, desk: Desk) -> None:
    first, second = two_customers(desk)
    merge = f"/api/customers/{first}/merge"
    assert ben.post(merge, json={"other_id": second, "why": "  "}).status_code == 422
    assert ben.post(merge, json={"other_id": first, "why": "hm"}).status_code == 409
    assert ben.post(merge, json={"other_id": "nobody", "why": "hm"}).status_code == 404


def test_customers_come_in_pages_and_are_found_by_name_or_address(ben: Browser, desk: Desk) -> None:
    for number in range(5):
        desk.customer_writes("hi", name=f"Customer {number}", phone=f"+49151999000{number}")
    first = ben.get("/api/customers", params={"limit": 3}).json()
    rest = ben.get("/api/customers", params={"limit": 3, "cursor": first["next"]}).json()
    names = [c["name"] for c in first["items"] + rest["items"]]
    assert names == [f"Customer {number}" for number in reversed(range(5))]
    assert rest["next"] is None
    assert [c["name"] for c in listed(ben, q="customer 3")] == ["Customer 3"]
    assert [c["name"] for c in listed(ben, q="9990002")] == ["Customer 2"]


def test_a_teammate_corrects_a_customers_record(ben: Browser, desk: Desk) -> None:
    customer = customer_of(desk.customer_writes("Hello?"))
    changed = ben.patch(f"/api/customers/{customer}", json={"name": " Inès ", "city": "Lyon"})
    assert (changed.json()["name"], changed.json()["city"]) == ("Inès", "Lyon")
    assert ben.patch(f"/api/customers/{customer}", json={"name": ""}).status_code == 422


NEW = {"name": "Dana", "email": "Dana@Shop.Example", "password": "long enough to last"}


def test_an_admin_adds_a_teammate_who_can_sign_in(
    ada: Browser, browser: Callable[..., Browser]
) -> None:
    added = ada.post("/api/teammates", json=NEW)
    assert added.status_code == 201
    assert added.json()["role"] == "agent"
    assert "password" not in added.text
    credentials = {"email": "dana@shop.example", "password": NEW["password"]}
    assert browser().post("/api/sign-in", json=credentials).status_code == 200
    assert ada.post("/api/teammates", json=NEW).status_code == 409


@pytest.mark.parametrize("name", ["Ben", "Lea"])
def test_who_is_not_an_admin_changes_no_teammates(
    browser: Callable[..., Browser], ada: Browser, name: Any
) -> None:
    client = browser(name)
    someone = ada.get("/api/teammates").json()[0]["id"]
    assert client.get("/api/teammates").status_code == 200
    assert client.post("/api/teammates", json=NEW).status_code == 403
    assert client.patch(f"/api/teammates/{someone}", json={"role": "admin"}).status_code == 403
    assert len(ada.get("/api/teammates").json()) == 4


def test_the_last_admin_stays(ada: Browser) -> None:
    me = ada.get("/api/me").json()["id"]
    for change in ({"role": "agent"}, {"active": False}):
        refused = ada.patch(f"/api/teammates/{me}", json=change)
        assert refused.status_code == 409
        assert "last admin" in refused.json()["message"]
    ben = next(t["id"] for t in ada.get("/api/teammates").json() if t["name"] == "Ben")
    ada.patch(f"/api/teammates/{ben}", json={"role": "admin"})
    assert ada.patch(f"/api/teammates/{me}", json={"role": "agent"}).status_code == 200


def test_who_leaves_is_out_at_once_and_their_conversations_wait_for_the_others(
    ada: Browser, ben: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("Hello?")
    ben.post(f"/api/conversations/{opened}/take")
    me = ben.get("/api/me").json()["id"]
    assert ada.patch(f"/api/teammates/{me}", json={"active": False}).json()["active"] is False
    assert ben.get("/api/me").status_code == 401
    row = ada.get("/api/conversations", params={"box": "unassigned"}).json()["items"][0]
    assert row["id"] == opened
    assert row["queue"]["name"] == "Everyone"


QUEUE = {
    "name": "Returns",
    "rules": [{"topic": "returns"}, {"language": ["de", "fr"], "risk": "R2"}],
    "hours": {"timezone": "Europe/Berlin", "days": {"mon": [["09:00", "17:30"]]}},
    "first_reply_minutes": 30,
}


def test_a_lead_makes_a_queue_and_changes_it(lea: Browser, ben: Browser) -> None:
    members = [t["id"] for t in lea.get("/api/teammates").json() if t["name"] in ("Ben", "Cem")]
    made = lea.post("/api/queues", json={**QUEUE, "members": members}).json()
    assert sorted(made["members"]) == sorted(members)
    assert made["rules"] == QUEUE["rules"]
    assert made["hours"] == QUEUE["hours"]
    changed = lea.patch(f"/api/queues/{made['id']}", json={"members": [], "name": "Refunds"})
    assert changed.json() == {**made, "members": [], "name": "Refunds"}
    assert [q["name"] for q in ben.get("/api/queues").json()] == ["Everyone", "Refunds"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"rules": [{}]},
        {"rules": [{"colour": "red"}]},
        {"hours": {"timezone": "Mars/Olympus"}},
        {"hours": {"days": {"mon": [["17:00", "09:00"]]}}},
        {"hours": {"days": {"mon": [["9", "17"]]}}},
        {"first_reply_minutes": 0},
    ],
)
def test_a_queue_that_makes_no_sense_is_refused(lea: Browser, wrong: Any) -> None:
    assert lea.post("/api/queues", json={**QUEUE, **wrong}).status_code == 422
    assert len(lea.get("/api/queues").json()) == 1


def test_two_queues_never_share_a_name(lea: Browser) -> None:
    lea.post("/api/queues", json=QUEUE)
    assert lea.post("/api/queues", json={"name": "returns"}).status_code == 409


def test_something_always_takes_what_no_rule_routes(lea: Browser) -> None:
    fallback = lea.get("/api/queues").json()[0]
    other = lea.post("/api/queues", json=QUEUE).json()
    place = f"/api/queues/{fallback['id']}"
    assert lea.patch(place, json={"is_fallback": False}).status_code == 422
    assert lea.delete(place).status_code == 409
    lea.patch(f"/api/queues/{other['id']}", json={"is_fallback": True})
    assert [q["is_fallback"] for q in lea.get("/api/queues").json()] == [False, True]
    assert lea.delete(place).status_code == 200


def test_what_waits_in_a_removed_queue_goes_to_the_fallback(lea: Browser, desk: Desk) -> None:
    queue = lea.post("/api/queues", json=QUEUE).json()
    opened = desk.customer_writes("Hello?")
    lea.post(f"/api/conversations/{opened}/assign", json={"queue_id": queue["id"]})
    lea.delete(f"/api/queues/{queue['id']}")
    row = lea.get("/api/conversations").json()["items"][0]
    assert row["queue"]["name"] == "Everyone"
    assert lea.get("/api/queues").json()[0]["name"] == "Everyone"
    assert lea.post("/api/queues", json=QUEUE).status_code == 201


def test_agents_change_no_queues(ben: Browser) -> None:
    assert ben.post("/api/queues", json=QUEUE).status_code == 403
