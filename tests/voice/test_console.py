"""Calls as teammates see and steer them."""

import httpx
import pytest
from sqlalchemy import select

from core.db import reading
from desk.phone_calls import PhoneCall
from desk.teams import Teammate
from escalation.hand_off import latest
from jobs import calls as jobs
from tests.voice.conftest import Shop
from tests.voice.test_talking import NORWAY


@pytest.fixture
def lea(shop: Shop) -> httpx.Client:
    shop.has_teammate()
    headers = {"X-Requested-With": "onethread"}
    client = httpx.Client(base_url=shop.url, headers=headers, timeout=20)
    credentials = {"email": "lea@shop.example", "password": "a long password"}
    client.post("/api/sign-in", json=credentials).raise_for_status()
    return client


def test_the_transcript_stands_in_the_timeline_while_the_call_runs(
    shop: Shop, lea: httpx.Client
) -> None:
    caller = shop.caller().call()
    caller.says(NORWAY)
    whole = lea.get(f"/api/conversations/{shop.conversation.id}").json()
    [call] = [one for one in whole["messages"] if one["kind"] == "call"]
    assert call["details"]["stage"] == "talking"
    authors = [one["author"] for one in call["utterances"]]
    assert authors == ["assistant", "customer", "assistant"]
    assert "12 euros 90" in call["utterances"][2]["text"]
    assert call["utterances"][2]["run_id"]


def test_calling_and_taking_a_call_are_refused_with_words_that_help(
    shop: Shop, lea: httpx.Client
) -> None:
    caller = shop.caller().call()
    conversation = shop.conversation.id
    again = lea.post(f"/api/conversations/{conversation}/call", json={"reason": "the grinder"})
    assert (again.status_code, "under way" in again.text) == (409, True)
    caller.hangs_up()
    late = lea.post(f"/api/conversations/{conversation}/take-call")
    assert (late.status_code, "No call is running" in late.text) == (404, True)
    without = lea.post(f"/api/conversations/{conversation}/call", json={"reason": " "})
    assert without.status_code == 422
    planned = lea.post(f"/api/conversations/{conversation}/call", json={"reason": "the grinder"})
    assert planned.status_code == 201


def test_a_planned_call_is_cancelled_once(shop: Shop, lea: httpx.Client) -> None:
    shop.caller().call().hangs_up()
    path = f"/api/conversations/{shop.conversation.id}/call"
    assert lea.post(path, json={"reason": "the grinder"}).status_code == 201
    assert lea.delete(path).status_code == 200
    again = lea.delete(path)
    assert (again.status_code, "No call is planned" in again.text) == (404, True)
    with reading() as session:
        stages = session.scalars(select(PhoneCall.stage).order_by(PhoneCall.created_at)).all()
    assert stages == ["ended", "cancelled"]
    jobs.sweep()
    assert shop.carrier.orders == []


def test_taking_a_call_stops_the_assistant_and_moves_the_line(
    shop: Shop, lea: httpx.Client
) -> None:
    caller = shop.caller().call()
    taken = lea.post(f"/api/conversations/{shop.conversation.id}/take-call")
    assert taken.status_code == 200
    [(carrier_id, _)] = shop.carrier.redirected
    assert carrier_id == caller.call_sid
    assert shop.call.stage == "transferring"
    with reading() as session:
        owner = session.get_one(Teammate, shop.conversation.assignee_id)
    assert owner.name == "Lea"


def test_a_call_the_carrier_does_not_pass_on_stays_with_the_assistant(
    shop: Shop, lea: httpx.Client
) -> None:
    caller = shop.caller().call()
    shop.set(api_base="http://127.0.0.1:9")
    refused = lea.post(f"/api/conversations/{shop.conversation.id}/take-call")
    assert refused.status_code == 409
    caller.says(NORWAY)
    assert "12 euros 90" in caller.last


def test_the_summary_quotes_the_call_and_leaves_open_only_what_is(shop: Shop) -> None:
    caller = shop.caller().call()
    caller.says(NORWAY)
    caller.says("I want to speak to a human being, please")
    with reading() as session:
        row = latest(session, shop.conversation.id)
    assert row is not None
    assert row.summary["asked"][0] == NORWAY
    assert NORWAY not in row.summary["open"]
    assert any("12 euros 90" in tried for tried in row.summary["tried"])
