"""What a website tells about its visitor: kept in bounds, shown to teammates, proof of nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import jwt
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, select, update

from api.app import create_app
from api.chat.pace import AT_ONCE, Pace, TooFast, chats_begun
from core import events
from core.audit import AuditEntry
from core.clock import now
from core.db import reading, transaction
from core.installation import installation as at
from core.settings import Settings
from delivery import inbound, receive
from desk import identities, inboxes, merges
from desk.customers import Customer, Merge
from desk.envelope import Address, Strength
from desk.identities import Identity
from desk.messages import Message
from desk.visitor_attributes import MOST, VisitorAttribute
from desk.visitor_events import KEPT, VisitorEvent
from jobs.visitors import forget
from tests.api.conftest import Browser, Desk

SECRET = "a secret of at least thirty-two characters"


@dataclass
class Widget:
    """One browser's chat, as the widget speaks to the API."""

    client: TestClient
    inbox_id: str
    token: str = ""

    def begins(self, signed_as: str = "") -> None:
        claims = {"sub": signed_as, "exp": time.time() + 600}
        identity = jwt.encode(claims, SECRET, "HS256") if signed_as else ""
        asked = {"visitor_token": self.token, "identity_jwt": identity}
        answer = self.client.post(f"/chat/{self.inbox_id}/session", json=asked)
        self.token = answer.raise_for_status().json()["visitor_token"]

    def writes(self, text: str, **more: str) -> None:
        body = {"client_id": str(uuid4()), "text": text, **more}
        self.asks("messages", body).raise_for_status()
        with reading() as session:
            waiting = select(inbound.Event.id).where(inbound.Event.done_at.is_(None))
            event_ids = session.scalars(waiting).all()
        for event_id in event_ids:
            receive.receive(event_id)

    def sets(self, **values: Any) -> Response:
        return self.asks("attributes", {"values": values})

    def tracks(self, name: str, data: dict[str, Any] | None = None, **more: Any) -> Response:
        event = {"client_id": str(uuid4()), "name": name, "data": data or {}}
        return self.asks("events", {**event, **more})

    def asks(self, what: str, body: Any) -> Response:
        return self.client.post(
            f"/chat/{self.inbox_id}/{what}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
        )

    @property
    def customer_id(self) -> str:
        """Who this browser's visitor is now."""
        with reading() as session:
            visitor = self.token.partition(".")[0]
            found = identities.customer_of(session, "visitor", visitor)
        assert found
        return found


@pytest.fixture
def widget(desk: Desk, app: FastAPI) -> Widget:
    """A browser on a website that can sign in Ada (C-1) and Bo (C-2)."""
    app.state.chats_begun = chats_begun()
    with transaction() as session:
        inbox = inboxes.open_inbox(session, "web", "Chat", secrets={"identity_secret": SECRET})
        for name, number in (("Ada Writer", "C-1"), ("Bo Reader", "C-2")):
            customer = Customer(name=name, merchant_id=number)
            session.add(customer)
            session.flush()
            address = Address("external", number, Strength.SIGNED, "the shop")
            identities.assign(session, customer, address)
        return Widget(TestClient(app, base_url="http://desk.example"), inbox.id)


def attributes(teammate: Browser, customer_id: str) -> dict[str, Any]:
    whole = teammate.get(f"/api/customers/{customer_id}").json()
    return {one["name"]: one["value"] for one in whole["visitor_attributes"]}


def did(teammate: Browser, customer_id: str) -> list[str]:
    whole = teammate.get(f"/api/customers/{customer_id}").json()
    return [one["name"] for one in whole["visitor_events"]]


def test_a_teammate_sees_what_the_website_said_last_and_when(ben: Browser, widget: Widget) -> None:
    before = now()
    widget.begins()
    widget.writes("Hello")
    widget.sets(plan="basic", cart=2, vip=False, weight=0.5)
    widget.sets(plan="pro", cart=None)

    assert attributes(ben, widget.customer_id) == {"plan": "pro", "vip": False, "weight": 0.5}
    shown = ben.get(f"/api/customers/{widget.customer_id}").json()["visitor_attributes"]
    assert all(before.isoformat() < one["at"] for one in shown)


def test_a_teammate_sees_what_the_visitor_did_the_newest_first(
    ben: Browser, widget: Widget
) -> None:
    widget.begins()
    widget.writes("Hello")
    earlier = (now() - timedelta(minutes=5)).isoformat()
    widget.tracks("Added to cart", {"product": "Kiesel", "price": 119})
    widget.tracks("Viewed a product", at=earlier)

    shown = ben.get(f"/api/customers/{widget.customer_id}").json()["visitor_events"]
    assert [one["name"] for one in shown] == ["Added to cart", "Viewed a product"]
    assert shown[0]["data"] == {"product": "Kiesel", "price": 119}


def test_whoever_never_visited_has_nothing_from_a_website(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello")
    customer = ben.get(f"/api/conversations/{opened}").json()["customer"]["id"]
    assert attributes(ben, customer) == {}
    assert did(ben, customer) == []


def test_what_was_told_before_signing_in_follows_the_visitor(ben: Browser, widget: Widget) -> None:
    widget.begins()
    widget.sets(cart=3)
    widget.tracks("Viewed a product")
    widget.begins("C-1")

    assert attributes(ben, widget.customer_id) == {"cart": 3}
    assert did(ben, widget.customer_id) == ["Viewed a product"]
    assert ben.get(f"/api/customers/{widget.customer_id}").json()["name"] == "Ada Writer"


def test_somebody_else_who_signs_in_at_the_same_browser_gets_none_of_it(
    ben: Browser, widget: Widget
) -> None:
    widget.begins()
    widget.sets(cart=3)
    widget.begins("C-1")
    ada = widget.customer_id
    widget.tracks("Viewed a product")
    widget.begins("C-2")
    widget.sets(cart=1)

    assert widget.customer_id != ada
    assert attributes(ben, widget.customer_id) == {"cart": 1}
    assert did(ben, widget.customer_id) == []
    assert attributes(ben, ada) == {"cart": 3}


def test_an_undone_merge_takes_along_what_belongs_to_it(ben: Browser, widget: Widget) -> None:
    widget.begins()
    widget.writes("Hello")
    widget.sets(cart=3)
    widget.begins("C-1")
    ada = widget.customer_id
    assert attributes(ben, ada) == {"cart": 3}
    with transaction() as session:
        merge = session.scalars(select(Merge)).one()
        merges.undo(session, merge.id, by="lea", why="a shared computer")

    assert attributes(ben, ada) == {}
    assert attributes(ben, widget.customer_id) == {"cart": 3}


def test_on_two_devices_the_value_that_was_said_last_counts(
    ben: Browser, widget: Widget, app: FastAPI
) -> None:
    phone = Widget(TestClient(app, base_url="http://desk.example"), widget.inbox_id)
    widget.begins("C-1")
    phone.begins("C-1")
    phone.sets(cart=1, theme="dark")
    widget.sets(cart=2)

    assert attributes(ben, widget.customer_id) == {"cart": 2, "theme": "dark"}


def test_an_attribute_called_email_proves_nothing(ben: Browser, widget: Widget) -> None:
    widget.begins("C-1")
    ada = widget.customer_id
    widget.sets(email="bo@mail.example", phone="+4915112345678", merchant_id="C-2", sub="C-2")
    widget.tracks("identify", {"email": "bo@mail.example"})

    assert widget.customer_id == ada
    with reading() as session:
        kinds = set(session.scalars(select(Identity.kind)))
    assert kinds == {"external", "visitor"}


def test_a_phone_number_typed_before_the_chat_is_only_claimed(widget: Widget) -> None:
    widget.begins()
    widget.writes("Hello", phone="+49 151 12345678")

    with reading() as session:
        message = session.scalars(select(Message)).one()
        kinds = set(session.scalars(select(Identity.kind)))
    assert message.details["claimed"] == ["phone: +4915112345678"]
    assert "phone" not in kinds


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"cart": ["a", "b"]}, "values.cart: Give a text, a number, true, false or null"),
        ({"cart": {"a": 1}}, "not a list or an object"),
        ({"note": "x" * 501}, "values.note: A text can have 500 characters at most"),
        ({"size": 1e300}, "values.size: The number is too large"),
        ({"x" * 65: 1}, "at most 64 characters"),
        ({"  ": 1}, "at least 1 character"),
        ({"a\nb": 1}, "pattern"),
        ({f"n{i}": i for i in range(MOST + 1)}, f"at most {MOST}"),
        ({}, "at least 1"),
    ],
)
def test_attributes_that_are_not_plain_or_too_many_are_refused_in_words(
    widget: Widget, values: dict[str, Any], says: str
) -> None:
    widget.begins()
    refused = widget.asks("attributes", {"values": values})
    assert refused.status_code == 422
    assert says in refused.json()["message"]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "9007199254740993"])
def test_a_number_that_no_browser_can_read_back_is_refused(widget: Widget, value: str) -> None:
    widget.begins()
    body = f'{{"values": {{"size": {value}}}}}'
    headers = {"Authorization": f"Bearer {widget.token}", "Content-Type": "application/json"}
    path = f"/chat/{widget.inbox_id}/attributes"
    refused = widget.client.post(path, content=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def test_half_a_character_in_a_name_is_refused(widget: Widget) -> None:
    widget.begins()
    headers = {"Authorization": f"Bearer {widget.token}", "Content-Type": "application/json"}
    path = f"/chat/{widget.inbox_id}/attributes"
    body = r'{"values": {"\ud800": 1}}'
    assert widget.client.post(path, content=body, headers=headers).status_code == 422


def test_one_visitor_has_a_bounded_number_of_attributes(ben: Browser, widget: Widget) -> None:
    widget.begins("C-1")
    assert widget.sets(**{f"n{i}": i for i in range(MOST)}).status_code == 200
    refused = widget.sets(one_more=1)
    assert refused.status_code == 422
    assert "null" in refused.json()["message"]
    assert widget.sets(n0=None, one_more=1).status_code == 200
    assert len(attributes(ben, widget.customer_id)) == MOST


def test_of_a_long_history_the_newest_is_kept(ben: Browser, widget: Widget) -> None:
    widget.begins("C-1")
    for step in range(KEPT + 5):
        widget.tracks(f"Step {step}").raise_for_status()

    with reading() as session:
        assert session.scalar(select(func.count()).select_from(VisitorEvent)) == KEPT
    assert did(ben, widget.customer_id)[0] == f"Step {KEPT + 4}"


def test_an_event_sent_twice_is_one_and_none_is_from_the_future(
    ben: Browser, widget: Widget
) -> None:
    widget.begins("C-1")
    same, tomorrow = str(uuid4()), (now() + timedelta(days=1)).isoformat()
    for _ in range(2):
        widget.tracks("Paid", client_id=same, at=tomorrow).raise_for_status()

    shown = ben.get(f"/api/customers/{widget.customer_id}").json()["visitor_events"]
    assert [one["name"] for one in shown] == ["Paid"]
    assert shown[0]["at"] <= now().isoformat()


def test_without_a_session_nothing_is_taken(widget: Widget) -> None:
    assert widget.sets(cart=1).status_code == 401
    assert widget.tracks("Paid").status_code == 401


def test_whoever_tells_too_much_at_once_is_asked_to_wait(widget: Widget) -> None:
    widget.begins()
    answers = [widget.tracks(f"Step {step}") for step in range(AT_ONCE + 30)]
    refused = answers[-1]
    assert answers[AT_ONCE - 1].status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (429, "too_fast")
    other = Widget(widget.client, widget.inbox_id)
    other.begins()
    assert other.tracks("Step").status_code == 200


def test_a_pace_allows_a_burst_and_then_so_many_a_second() -> None:
    pace = Pace(at_once=3, a_second=2)
    for _ in range(3):
        pace.count("ada", at=10.0)
    with pytest.raises(TooFast):
        pace.count("ada", at=10.4)
    pace.count("ada", at=10.5)
    with pytest.raises(TooFast):
        pace.count("ada", at=10.6)
    pace.count("bo", at=10.6)


def test_the_console_hears_of_news_about_a_customer_and_the_audit_does_not(
    ben: Browser, widget: Widget, entries: Callable[[], list[tuple[str, dict[str, Any]]]]
) -> None:
    widget.begins()
    widget.sets(cart=1)
    assert entries() == []
    widget.begins("C-1")
    with reading() as session:
        audited = session.scalar(select(func.count()).select_from(AuditEntry))
    widget.sets(cart=2)
    widget.sets(cart=2)
    widget.tracks("Paid", {"secret": "words"})

    names = [name for name, _ in entries()]
    assert names == ["visitor.changed", "visitor.acted"]
    assert all(data["customer"] == widget.customer_id for _, data in entries())
    assert "words" not in str(entries())
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == audited


@pytest.fixture
def entries(installation: Settings) -> Callable[[], list[tuple[str, dict[str, Any]]]]:
    """What the event log says about visitors."""
    return lambda: [
        (entry.name, entry.data) for entry in events.after(0) if entry.name.startswith("visitor.")
    ]


def test_one_address_begins_so_many_chats_at_once_and_another_still_can(widget: Widget) -> None:
    _forget_slowly(widget)
    assert [_begin(widget, "203.0.113.5") for _ in range(60)] == [200] * 60
    assert _begin(widget, "203.0.113.5") == 429
    assert _begin(widget, "203.0.113.6") == 200
    forged = {"x-forwarded-for": "198.51.100.9"}
    assert _begin(widget, "203.0.113.5", forged) == 429, "nobody says who they are by themselves"


def test_one_ipv6_line_is_one_address(widget: Widget) -> None:
    _forget_slowly(widget)
    codes = [_begin(widget, f"2001:db8:1:2::{number:x}") for number in range(62)]
    assert codes.count(200) == 60
    assert _begin(widget, "2001:db8:1:3::1") == 200


def test_behind_a_proxy_that_a_setting_names_each_client_counts_alone(
    installation: Settings, widget: Widget
) -> None:
    with at(installation.model_copy(update={"trusted_proxies": "10.0.0.0/8"})):
        widget.client.app = create_app()
        _forget_slowly(widget)
        crowd = [{"x-forwarded-for": f"198.51.100.{number}"} for number in range(70)]
        assert {_begin(widget, "10.1.2.3", one) for one in crowd} == {200}
        same = [_begin(widget, "10.1.2.3", {"x-forwarded-for": "1.2.3.4"}) for _ in range(62)]
        assert 429 in same


def _forget_slowly(widget: Widget) -> None:
    """However slow this machine is, nobody may begin more while the test runs."""
    cast(FastAPI, widget.client.app).state.chats_begun.a_second = 0.0


def _begin(widget: Widget, address: str, headers: dict[str, str] | None = None) -> int:
    client = TestClient(widget.client.app, client=(address, 50000))
    return client.post(f"/chat/{widget.inbox_id}/session", json={}, headers=headers).status_code


def test_what_was_told_about_a_passing_visitor_goes_after_a_month(
    installation: Settings, widget: Widget
) -> None:
    def passes(age: int, *, writes: bool) -> str:
        widget.token = ""
        widget.begins()
        widget.sets(plan="basic")
        widget.tracks("looked")
        if writes:
            widget.writes("Hello?")
        visitor = widget.token.split(".")[0]
        told = now() - timedelta(days=age)
        with transaction() as session:
            mine = VisitorAttribute.visitor == visitor
            session.execute(update(VisitorAttribute).where(mine).values(at=told))
            mine = VisitorEvent.visitor == visitor
            session.execute(update(VisitorEvent).where(mine).values(created_at=told))
        return visitor

    passes(31, writes=False)
    kept = {passes(29, writes=False), passes(31, writes=True)}
    forget()
    with reading() as session:
        assert set(session.scalars(select(VisitorAttribute.visitor))) == kept
        assert set(session.scalars(select(VisitorEvent.visitor))) == kept
