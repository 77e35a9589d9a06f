"""Inboxes and settings: what admins set up, and that secrets never come back out."""

from collections.abc import Callable
from typing import Any

import pytest

from core.audit import AuditEntry
from core.db import engine, reading, transaction
from core.settings import Settings
from desk import inboxes
from tests.api.conftest import Browser, Desk


@pytest.fixture
def installation(small_installation: Settings) -> Any:
    """What happens here does not depend on the database."""
    return small_installation


WHATSAPP = {
    "kind": "whatsapp",
    "name": "Shop on WhatsApp",
    "config": {"phone_number_id": "100200300"},
    "secrets": {"app_secret": "s3cr3t-app", "access_token": "s3cr3t-token", "verify_token": "v3"},
}


def test_the_channels_say_what_they_need(ben: Browser) -> None:
    channels = {channel["kind"]: channel for channel in ben.get("/api/channels").json()}
    assert set(channels) == {
        "web", "whatsapp", "instagram", "messenger", "email", "telegram", "slack", "sms", "voice",
        "asterisk", "api",
    }  # fmt: skip
    secret = {field["name"] for field in channels["whatsapp"]["fields"] if field["secret"]}
    assert {"app_secret", "access_token"} <= secret


def test_an_inbox_is_connected_and_its_secrets_stay_inside(ada: Browser) -> None:
    made = ada.post("/api/inboxes", json=WHATSAPP)
    assert made.status_code == 201, made.text
    inbox = made.json()
    assert set(WHATSAPP["secrets"]) <= set(inbox["secrets_set"])
    assert inbox["webhook_url"].endswith(f"/webhooks/{inbox['id']}")
    assert "s3cr3t" not in ada.get("/api/inboxes").text + made.text
    with engine().connect() as connection:
        stored = connection.exec_driver_sql("SELECT secrets_json FROM inbox").scalars().all()
        audited = connection.exec_driver_sql("SELECT data FROM audit_entry").scalars().all()
    assert not any("s3cr3t" in str(row) for row in [*stored, *audited])


def test_changing_one_secret_keeps_the_others_and_an_empty_one_is_taken_away(ada: Browser) -> None:
    inbox = ada.post("/api/inboxes", json=WHATSAPP).json()
    place = f"/api/inboxes/{inbox['id']}"
    changed = ada.patch(place, json={"secrets": {"app_secret": "another"}, "threshold": 0.8})
    assert changed.json()["secrets_set"] == inbox["secrets_set"]
    assert changed.json()["threshold"] == 0.8
    refused = ada.patch(place, json={"secrets": {"app_secret": ""}})
    assert refused.status_code == 422
    assert "fill in" in refused.json()["message"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"kind": "pigeon"}, 404),
        ({"config": {"wings": "2", "phone_number_id": "1"}}, 422),
        ({"config": {"phone_number_id": "1", "app_secret": "in the open"}}, 422),
        ({"secrets": {}}, 422),
        ({"queue_id": "nowhere"}, 404),
        ({"queue_id": ""}, 404),
        ({"policy": "yolo"}, 422),
        ({"threshold": 1.5}, 422),
    ],
)
def test_an_inbox_that_could_not_work_is_refused(ada: Browser, wrong: Any, status: Any) -> None:
    refused = ada.post("/api/inboxes", json={**WHATSAPP, **wrong})
    assert refused.status_code == status, refused.text
    assert len(ada.get("/api/inboxes").json()) == 1


def test_a_setting_that_is_one_of_a_list_says_which_and_takes_no_other(ada: Browser) -> None:
    channels = {channel["kind"]: channel for channel in ada.get("/api/channels").json()}
    fields = {field["name"]: field for field in channels["voice"]["fields"]}
    assert [choice["value"] for choice in fields["mode"]["choices"]] == ["gather", "relay"]
    phone = {
        "kind": "voice",
        "name": "Phone",
        "config": {"number": "+4930123456", "account_sid": "AC1", "mode": "telepathy"},
        "secrets": {"auth_token": "t"},
    }
    refused = ada.post("/api/inboxes", json=phone)
    assert refused.status_code == 422
    assert "gather, relay" in refused.text
    phone["config"] = {"number": "+4930123456", "account_sid": "AC1", "mode": "relay"}
    made = ada.post("/api/inboxes", json=phone).json()
    assert [address["url"].split("/")[-1] for address in made["addresses"]] == ["answer", "status"]
    assert (
        ada.post("/api/inboxes", json=WHATSAPP)
        .json()["addresses"][0]["url"]
        .endswith(ada.get("/api/inboxes").json()[-1]["id"])
    )


def test_a_new_token_clears_what_was_broken(ada: Browser) -> None:
    inbox = ada.post("/api/inboxes", json=WHATSAPP).json()
    with transaction() as session:
        inboxes.mark_broken(session, inbox["id"], "The token has run out.")
    path = f"/api/inboxes/{inbox['id']}"
    assert ada.patch(path, json={"name": "Shop"}).json()["problem"] == "The token has run out."
    mended = ada.patch(path, json={"secrets": {"access_token": "new"}}).json()
    assert (mended["problem"], mended["broken_since"]) == ("", None)


def test_an_inboxs_queue_can_be_set_and_taken_off(ada: Browser, desk: Desk) -> None:
    queue = ada.get("/api/queues").json()[0]["id"]
    place = f"/api/inboxes/{desk.inbox_id}"
    assert ada.patch(place, json={"queue_id": queue}).json()["queue_id"] == queue
    assert ada.patch(place, json={"name": "Chat"}).json()["queue_id"] == queue
    assert ada.patch(place, json={"queue_id": None}).json()["queue_id"] is None


def test_the_self_test_tries_the_account_for_real(ada: Browser, desk: Desk) -> None:
    checks = ada.post(f"/api/inboxes/{desk.inbox_id}/check").json()
    assert checks
    assert all(check["ok"] for check in checks)
    ada.patch(f"/api/inboxes/{desk.inbox_id}", json={"config": {"allowed_origins": "shop"}})
    checks = ada.post(f"/api/inboxes/{desk.inbox_id}/check").json()
    assert not all(check["ok"] for check in checks)


@pytest.mark.parametrize("name", ["Ben", "Lea"])
def test_settings_are_for_admins(browser: Callable[..., Browser], desk: Desk, name: Any) -> None:
    client = browser(name)
    company = {"name": "Other", "website": "", "tagline": "", "disclosure": ""}
    assert client.put("/api/settings/company", json=company).status_code == 403
    assert client.get("/api/settings/model").status_code == 403
    assert client.post("/api/inboxes", json=WHATSAPP).status_code == 403
    assert client.patch(f"/api/inboxes/{desk.inbox_id}", json={}).status_code == 403
    assert client.post(f"/api/inboxes/{desk.inbox_id}/check").status_code == 403


def test_the_companys_name_is_what_teammates_see(ada: Browser, ben: Browser) -> None:
    company = {
        "name": "Mill & Co",
        "website": "https://mill.example",
        "tagline": "",
        "disclosure": "An assistant answers here.",
    }
    assert ada.put("/api/settings/company", json=company).json() == company
    assert ben.get("/api/settings/company").json() == company
    assert ben.get("/api/me").json()["company"] == "Mill & Co"
    wrong = {**company, "website": "javascript:alert(1)"}
    assert ada.put("/api/settings/company", json=wrong).status_code == 422


MODEL = {
    "enabled": True,
    "base_url": "http://127.0.0.1:9/v1",
    "model": "small",
    "timeout": 5,
    "price_in": 2.5,
    "price_out": 10,
}


def test_the_models_key_is_kept_until_it_is_replaced_or_removed(ada: Browser) -> None:
    place = "/api/settings/model"
    assert ada.get(place).json()["enabled"] is False
    assert ada.put(place, json={**MODEL, "api_key": "sk-s3cr3t"}).json()["api_key_set"] is True
    kept = ada.put(place, json={**MODEL, "model": "large"})
    assert kept.json() == {**MODEL, "model": "large", "api_key_set": True}
    assert ada.put(place, json={**MODEL, "api_key": ""}).json()["api_key_set"] is False
    with reading() as session:
        entries = session.query(AuditEntry).filter_by(action="model.changed").all()
        assert len(entries) == 3
        assert not any("s3cr3t" in str(e.data) for e in entries)


def test_an_enabled_model_needs_an_address_and_a_name(ada: Browser) -> None:
    refused = ada.put("/api/settings/model", json={**MODEL, "base_url": ""})
    assert refused.status_code == 422
    assert "address" in refused.json()["message"]
