"""Outbound webhooks in the console's API: admins only, and the secret is shown once."""

from typing import Any

import pytest

from core.db import engine
from core.settings import Settings
from tests.api.conftest import Browser, Desk


@pytest.fixture
def installation(small_installation: Settings) -> Any:
    """What happens here does not depend on the database."""
    return small_installation


HOOK = {"url": "https://crm.example/hook", "note": "CRM", "kinds": ["message.received"]}


def test_a_webhook_is_added_and_its_secret_shown_once(ada: Browser) -> None:
    made = ada.post("/api/hooks", json=HOOK)
    assert made.status_code == 201, made.text
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    listed = ada.get("/api/hooks")
    assert secret not in listed.text
    assert listed.json()["hooks"][0]["kinds"] == ["message.received"]
    with engine().connect() as connection:
        kept = connection.exec_driver_sql("SELECT secret FROM webhook_endpoint").scalar_one()
    assert secret not in kept

    hook_id = made.json()["hook"]["id"]
    fresh = ada.post(f"/api/hooks/{hook_id}/rotate").json()
    assert fresh["secret"] != secret
    assert fresh["hook"]["old_secret_until"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://crm.example/hook"},
        {"url": "https://127.0.0.1/hook"},
        {"url": "https://user:pass@crm.example/hook"},
        {"kinds": ["message.eaten"]},
    ],
)
def test_a_wrong_webhook_is_refused_in_words(ada: Browser, wrong: dict[str, Any]) -> None:
    refused = ada.post("/api/hooks", json=HOOK | wrong)
    assert refused.status_code == 422
    assert refused.json()["message"]


def test_a_test_waits_in_the_list_and_can_be_posted_again(ada: Browser) -> None:
    hook_id = ada.post("/api/hooks", json=HOOK).json()["hook"]["id"]
    made = ada.post(f"/api/hooks/{hook_id}/test")
    assert (made.status_code, made.json()["state"]) == (202, "waiting")
    (listed,) = ada.get(f"/api/hooks/{hook_id}/deliveries").json()
    assert listed["name"] == "webhook.test"
    again = ada.post(f"/api/hooks/deliveries/{listed['id']}/replay")
    assert again.status_code == 202
    assert ada.get("/api/hooks").json()["hooks"][0]["waiting"] == 1


def test_one_that_is_off_takes_no_tests_until_it_is_on_again(ada: Browser) -> None:
    hook_id = ada.post("/api/hooks", json=HOOK).json()["hook"]["id"]
    assert not ada.patch(f"/api/hooks/{hook_id}", json={"enabled": False}).json()["enabled"]
    assert ada.post(f"/api/hooks/{hook_id}/test").status_code == 409
    assert ada.patch(f"/api/hooks/{hook_id}", json={"enabled": True}).json()["enabled"]
    assert ada.request("DELETE", f"/api/hooks/{hook_id}").json() == {"ok": True}
    assert ada.get("/api/hooks").json()["hooks"] == []
    assert ada.get(f"/api/hooks/{hook_id}/deliveries").status_code == 404


def test_webhooks_are_for_admins(ben: Browser, desk: Desk) -> None:
    assert ben.get("/api/hooks").status_code == 403
    assert ben.post("/api/hooks", json=HOOK).status_code == 403
