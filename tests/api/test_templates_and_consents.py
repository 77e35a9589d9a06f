"""Templates, consents and what an inbox's settings show of its state."""

import json
from datetime import timedelta
from typing import Any

import pytest

from connectors.simulator.meta import FakeMeta
from core.clock import now
from core.db import reading, transaction
from delivery import holds
from desk import conversations, inboxes, messages
from desk.conversations import Thread
from desk.envelope import Concerns, DeliveryState, Receipt
from desk.messages import Message
from tests.api.conftest import Browser, Desk

OFFERED = {
    "id": "77",
    "name": "we_are_back",
    "language": "en",
    "status": "APPROVED",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Hello {{1}}, our answer: {{2}}"}],
}


@pytest.fixture(autouse=True)
def _on_whatsapp(desk: Desk) -> None:
    with transaction() as session:
        inbox = inboxes.find(session, desk.inbox_id)
        inbox.kind, inbox.config = "whatsapp", {"phone_number_id": "100200300"}
        keys = {"access_token": "old", "app_secret": "secret", "verify_token": "v"}
        inbox.secrets_json = json.dumps(keys)


def _inbox_of(conversation_id: str) -> str:
    with reading() as session:
        thread = messages.thread_to_answer(session, conversation_id)
        assert thread is not None
        return thread.inbox_id


def _synced(ada: Browser, desk: Desk, conversation_id: str, **changes: Any) -> tuple[str, Any]:
    inbox_id = _inbox_of(conversation_id)
    with FakeMeta(templates=[{**OFFERED, **changes}]) as meta:
        with transaction() as session:
            inbox = inboxes.find(session, inbox_id)
            inbox.config = {
                **inbox.config,
                "api_base": meta.base_url,
                "business_account_id": meta.business_account_id,
            }
            inbox.keep_secrets({"access_token": meta.access_token})
        answer = ada.post(f"/api/inboxes/{inbox_id}/templates/sync")
    return inbox_id, answer


def test_templates_are_fetched_and_listed_with_their_state(ada: Browser, desk: Desk) -> None:
    inbox_id, answer = _synced(ada, desk, desk.customer_writes("Hello"))
    assert answer.status_code == 200, answer.text
    [template] = ada.get(f"/api/inboxes/{inbox_id}/templates").json()
    assert (template["state"], template["category"]) == ("approved", "utility")
    assert [gap["key"] for gap in template["gaps"]] == ["body:0:1", "body:0:2"]


def test_templates_without_an_account_id_say_what_is_missing(ada: Browser, desk: Desk) -> None:
    inbox_id = _inbox_of(desk.customer_writes("Hello"))
    answer = ada.post(f"/api/inboxes/{inbox_id}/templates/sync")
    assert answer.status_code == 409
    assert "business account ID" in answer.text


def test_a_template_is_sent_with_its_values(ada: Browser, ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello")
    _, fetched = _synced(ada, desk, opened)
    [template] = fetched.json()
    request = {"template_id": template["id"], "values": {"body:0:1": "Ines"}}
    missing = ben.post(f"/api/conversations/{opened}/template", json=request)
    assert missing.status_code == 422
    assert "needs a value" in missing.text

    request["values"] = {"body:0:1": "Ines", "body:0:2": "Yes, we do."}
    sent = ben.post(f"/api/conversations/{opened}/template", json=request)
    assert sent.status_code == 201, sent.text
    assert sent.json()["text"] == "Hello Ines, our answer: Yes, we do."
    assert sent.json()["state"] == "pending"


def test_a_rejected_template_is_not_sent(ada: Browser, ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello")
    _, fetched = _synced(ada, desk, opened, status="REJECTED")
    request = {"template_id": fetched.json()[0]["id"], "values": {}}
    answer = ben.post(f"/api/conversations/{opened}/template", json=request)
    assert answer.status_code == 422
    assert "rejected" in answer.text


def test_the_assistant_uses_a_template_only_when_each_gap_has_a_source(
    ada: Browser, desk: Desk
) -> None:
    _, fetched = _synced(ada, desk, desk.customer_writes("Hello"))
    path = f"/api/templates/{fetched.json()[0]['id']}/use"
    half = {"for_late_answers": True, "fills": {"body:0:1": "name"}}
    assert ada.put(path, json=half).status_code == 422
    whole = {"for_late_answers": True, "fills": {"body:0:1": "name", "body:0:2": "text"}}
    assert ada.put(path, json=whole).json()["for_late_answers"] is True
    wrong = {"for_late_answers": True, "fills": {"body:0:1": "name", "body:0:2": "password"}}
    assert ada.put(path, json=wrong).status_code == 422


def test_only_admins_say_what_the_assistant_may_send(
    ada: Browser, ben: Browser, desk: Desk
) -> None:
    _, fetched = _synced(ada, desk, desk.customer_writes("Hello"))
    path = f"/api/templates/{fetched.json()[0]['id']}/use"
    assert ben.put(path, json={"for_late_answers": False}).status_code == 403


def test_consent_is_recorded_with_its_source_and_kept_as_history(ben: Browser, desk: Desk) -> None:
    customer = _customer(desk.customer_writes("Hello"))
    for granted in (True, False):
        word = {"purpose": "marketing", "granted": granted, "source": "Said so on the phone"}
        assert ben.post(f"/api/customers/{customer}/consents", json=word).status_code == 201
    shown = ben.get(f"/api/customers/{customer}/consents").json()
    assert [word["granted"] for word in shown["history"]] == [False, True]
    [in_force] = shown["in_force"]
    assert (in_force["granted"], in_force["source"]) == (False, "Said so on the phone")


def test_a_preferred_channel_is_set_by_hand_and_taken_back(ben: Browser, desk: Desk) -> None:
    customer = _customer(desk.customer_writes("Hello"))
    path = f"/api/customers/{customer}/preferred"
    assert ben.put(path, json={"channel": "email"}).json()["preferred"]["channel"] == "email"
    assert ben.put(path, json={"channel": ""}).json()["preferred"] is None
    assert ben.put(path, json={"channel": "pigeon"}).status_code == 404


def test_the_composer_is_told_when_free_text_ends_and_what_the_customer_refused(
    ben: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("Hello")
    [thread] = ben.get(f"/api/conversations/{opened}").json()["threads"]
    assert thread["objection"] == ""
    assert thread["person_closes_at"] == thread["window_closes_at"]

    with transaction() as session:
        row = session.get_one(Thread, thread["id"])
        row.customer_wrote_at = now() - timedelta(hours=30)
    word = {"purpose": "service", "granted": False, "source": "Asked us to stop."}
    ben.post(f"/api/customers/{_customer(opened)}/consents", json=word)
    [thread] = ben.get(f"/api/conversations/{opened}").json()["threads"]
    assert "Asked us to stop." in thread["objection"]


def test_an_inbox_shows_what_waits_and_when_its_token_ends(ada: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello")
    ada.post(f"/api/conversations/{opened}/reply", json={"text": "Hi"})
    inbox_id = _inbox_of(opened)
    with transaction() as session:
        inboxes.find(session, inbox_id).token_expires_at = now() + timedelta(days=3)
    shown = next(one for one in ada.get("/api/inboxes").json() if one["id"] == inbox_id)
    assert shown["waiting"] == 1
    assert "runs out on" in shown["token_warning"]
    assert shown["has_templates"] is True


def test_changed_settings_let_what_was_held_try_at_once(ada: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello")
    sent = ada.post(f"/api/conversations/{opened}/reply", json={"text": "Hi"}).json()
    inbox_id = _inbox_of(opened)
    with transaction() as session:
        message = session.get_one(Message, sent["id"])
        refusal = Receipt(DeliveryState.FAILED, error="No token.", concerns=Concerns.INBOX)
        assert holds.refused(session, message, str(message.identity_id), refusal)
    broken = next(one for one in ada.get("/api/inboxes").json() if one["id"] == inbox_id)
    assert broken["problem"] == "No token."
    assert broken["sending_held_until"] is not None

    ada.patch(f"/api/inboxes/{inbox_id}", json={"secrets": {"access_token": "new"}})
    mended = next(one for one in ada.get("/api/inboxes").json() if one["id"] == inbox_id)
    assert (mended["problem"], mended["sending_held_until"]) == ("", None)


def _customer(conversation_id: str) -> str:
    with reading() as session:
        return conversations.find(session, conversation_id).customer_id


def test_a_person_settles_a_message_nobody_was_sure_of(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello")
    sent = ben.post(f"/api/conversations/{opened}/reply", json={"text": "Hi"}).json()
    path = f"/api/messages/{sent['id']}/arrived"
    assert ben.post(path).status_code == 409
    with transaction() as session:
        session.get_one(Message, sent["id"]).state = DeliveryState.UNKNOWN
    assert ben.post(path).json()["state"] == "sent"
    assert ben.post(f"/api/messages/{sent['id']}/retry").status_code == 409
