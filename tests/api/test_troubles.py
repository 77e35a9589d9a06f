"""What the console tells of inboxes in trouble, and sending to oneself."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.base import Request
from connectors.simulator.faults import Fault
from connectors.simulator.meta import FakeMeta
from core.clock import now
from core.db import transaction
from delivery import inbound
from delivery.accounts import channel_of
from desk import inboxes
from tests.api.conftest import Browser, Desk

ME = {"kind": "phone", "value": "+49 151 2345678"}


@pytest.fixture
def meta() -> Iterator[FakeMeta]:
    with FakeMeta() as meta:
        yield meta


@pytest.fixture
def whatsapp(desk: Desk, meta: FakeMeta) -> str:
    with transaction() as session:
        return inboxes.open_inbox(
            session,
            "whatsapp",
            "WhatsApp",
            config={"phone_number_id": meta.phone_number_id, "api_base": meta.base_url},
            secrets={
                "access_token": meta.access_token,
                "app_secret": meta.app_secret,
                "verify_token": "v",
            },
        ).id


def test_agents_see_what_is_broken_until_it_is_mended(
    ada: Browser, ben: Browser, desk: Desk
) -> None:
    assert ben.get("/api/inboxes/troubles").json() == []
    with transaction() as session:
        inboxes.mark_broken(session, desk.inbox_id, "The page is gone.")
    [wrong] = ben.get("/api/inboxes/troubles").json()
    assert (wrong["inbox_id"], wrong["what"]) == (desk.inbox_id, "broken")
    assert (wrong["name"], wrong["words"]) == ("Shop chat", "The page is gone.")
    assert wrong["since"]

    ada.post(f"/api/inboxes/{desk.inbox_id}/check")
    assert ben.get("/api/inboxes/troubles").json() == []


def test_a_token_put_in_is_warned_about_no_more(ada: Browser, whatsapp: str) -> None:
    with transaction() as session:
        inboxes.find(session, whatsapp).token_expires_at = now() + timedelta(days=3)
    assert ada.get("/api/inboxes/troubles").json()[0]["what"] == "token"
    ada.patch(f"/api/inboxes/{whatsapp}", json={"secrets": {"access_token": "another"}})
    assert ada.get("/api/inboxes/troubles").json() == []


def test_a_test_is_sent_and_told_to_be_delivered(
    ada: Browser, whatsapp: str, meta: FakeMeta
) -> None:
    place = f"/api/inboxes/{whatsapp}/trial"
    assert ada.get(place).json() == {"kind": "phone", "own": None, "recent": []}
    started = ada.post(place, json=ME).json()
    assert (started["sent"]["ok"], started["heard"], started["waiting"]) == (True, None, True)
    assert ada.post(f"{place}/news", json=started).json()["heard"] is None

    provider_says(whatsapp, meta, "sent")
    heard = ada.post(f"{place}/news", json=started).json()
    assert (heard["heard"]["ok"], heard["waiting"]) == (True, True)
    provider_says(whatsapp, meta, "delivered")
    heard = ada.post(f"{place}/news", json=started).json()
    assert "delivered" in heard["heard"]["message"]
    assert not heard["waiting"]

    kept = ada.get(place).json()["own"]
    assert (kept["kind"], kept["value"]) == ("phone", "+491512345678")


def provider_says(inbox_id: str, meta: FakeMeta, status: str) -> None:
    post = meta.report(meta.sent[0], status)
    with transaction() as session:
        channel = channel_of(inboxes.find(session, inbox_id))
        inbound.store(session, inbox_id, channel.split(Request(post.body, {}, {})))


def test_a_test_that_works_mends_and_one_that_fails_says_why(
    ada: Browser, whatsapp: str, meta: FakeMeta
) -> None:
    with transaction() as session:
        inboxes.mark_broken(session, whatsapp, "The token has run out.")
    meta.faults.append(Fault(status=401, code=190))
    refused = ada.post(f"/api/inboxes/{whatsapp}/trial", json=ME).json()
    assert not refused["sent"]["ok"]
    assert not refused["waiting"]
    assert "token has expired" in refused["sent"]["message"]
    assert ada.get("/api/inboxes/troubles").json()

    assert ada.post(f"/api/inboxes/{whatsapp}/trial", json=ME).json()["sent"]["ok"]
    assert ada.get("/api/inboxes/troubles").json() == []


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ({"kind": "phone", "value": "0151 23"}, "with its country"),
        ({"kind": "email", "value": "ada@shop.example"}, "over this inbox"),
    ],
)
def test_an_address_the_inbox_cannot_reach_is_refused(
    ada: Browser, whatsapp: str, meta: FakeMeta, to: dict[str, str], words: str
) -> None:
    answer = ada.post(f"/api/inboxes/{whatsapp}/trial", json=to)
    assert answer.status_code == 422
    assert words in answer.text
    assert meta.sent == []


def test_only_admins_send_tests_and_nobody_over_a_chat(
    ada: Browser, lea: Browser, desk: Desk, whatsapp: str
) -> None:
    assert lea.post(f"/api/inboxes/{whatsapp}/trial", json=ME).status_code == 403
    assert ada.get(f"/api/inboxes/{desk.inbox_id}/trial").json()["kind"] == ""
    assert ada.post(f"/api/inboxes/{desk.inbox_id}/trial", json=ME).status_code == 422
