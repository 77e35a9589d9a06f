"""What the console shows of the assistant: traces, hand-offs, what failed on its way."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from agent.runs import Run
from connectors.channels.web_identity import verify
from connectors.simulator.llm import Scripted, SimulatedLlm
from core.db import reading, transaction
from core.settings import settings
from delivery import inbound
from delivery.inbound import Event
from desk import conversations, customers, messages
from desk.envelope import Batch, DeadLetter, DeliveryState, RawEvent
from desk.inboxes import Inbox
from desk.messages import Message
from escalation.hand_off import hand_off
from ingestion import pipeline
from knowledge.passages import PassageRow
from tests.api.conftest import Browser, Desk, serving
from tests.library import a_library


def trace_of(passage: Any) -> Any:
    return {
        "understood": {"language": "en", "risk": "R0"},
        "retrieved": [
            {"article_id": "a", "title": "Returns", "url": "", "score": 0.9, "passage": passage}
        ],
        "claims": [{"text": "30 days.", "passage_id": passage, "ok": True, "problem": ""}],
        "features": {"margin": 0.4},
        "reasons": ["confident"],
        "versions": {"loop": "1", "head": "shipped"},
        "account": {"model": "m", "requests": 2, "cost": 0.25, "notes": ["It was slow."]},
        "decision": "draft",
        "explanation": "The inbox asks for drafts only.",
    }


def test_a_run_shows_what_was_found_and_why_it_was_said(
    ben: Browser, lea: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("How long do I have?")
    article = lea.post("/api/articles", json={"title": "Returns", "text": "You have 30 days."})
    passage = article.json()["passages"][0]
    with transaction() as session:
        run = Run(
            conversation_id=opened, revision=1, decision="draft", outcome="applied",
            confidence=0.8, threshold=0.6, policy="drafts", mode="extractive",
            trace=trace_of(passage["id"]), timings={"think": 12.5},
        )  # fmt: skip
        session.add(run)
    shown = ben.get(f"/api/runs/{run.id}").json()
    assert shown["explanation"] == "The inbox asks for drafts only."
    assert shown["retrieved"][0]["passage"] == "You have 30 days."
    assert shown["claims"][0]["passage"] == "You have 30 days."
    assert shown["timings"] == {"think": 12.5}
    assert shown["account"]["notes"] == ["It was slow."]
    assert shown["conversation_cost"] == 0.25
    assert ben.get("/api/runs/nothing").status_code == 404


def test_a_run_that_was_cut_short_is_shown_as_far_as_it_went(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("A person, please")
    with transaction() as session:
        run = Run(
            conversation_id=opened, revision=1, decision="handoff", outcome="applied",
            confidence=0.0, threshold=0.6, policy="off", mode="",
            trace={"error": "RuntimeError"}, timings={},
        )  # fmt: skip
        session.add(run)
    shown = ben.get(f"/api/runs/{run.id}").json()
    assert (shown["decision"], shown["retrieved"], shown["claims"]) == ("handoff", [], [])


def test_a_passage_that_is_gone_leaves_the_trace_readable(
    ben: Browser, lea: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("How long do I have?")
    with transaction() as session:
        assert session.query(PassageRow).count() == 0
        run = Run(
            conversation_id=opened, revision=1, decision="reply", outcome="applied",
            confidence=0.8, threshold=0.6, policy="threshold", mode="faq",
            trace=trace_of("gone"), timings={},
        )  # fmt: skip
        session.add(run)
    shown = ben.get(f"/api/runs/{run.id}").json()
    assert shown["claims"][0]["passage"] is None
    assert shown["retrieved"][0]["passage"] == ""


def test_a_hand_off_brings_its_summary_until_the_assistant_has_it_back(
    ben: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("I was charged twice!")
    with transaction() as session:
        conversation = conversations.lock(session, opened)
        hand_off(session, conversation, "risk", "It is about money.")
    whole = ben.get(f"/api/conversations/{opened}").json()
    assert whole["hand_off"]["reason"] == "risk"
    assert whole["hand_off"]["summary"]["asked"] == ["I was charged twice!"]
    assert whole["queue"]["name"] == "Everyone"
    assert whole["messages"][-1]["kind"] == "activity"
    ben.post(f"/api/conversations/{opened}/give-back")
    assert ben.get(f"/api/conversations/{opened}").json()["hand_off"] is None


def failed_reply(ben: Browser, desk: Desk, state: Any) -> Any:
    opened = desk.customer_writes("Hello?")
    reply = ben.post(f"/api/conversations/{opened}/reply", json={"text": "Hi."}).json()
    with transaction() as session:
        message = session.get_one(Message, reply["id"])
        messages.advance(session, message, DeliveryState.SENDING)
        messages.advance(session, message, state, "timeout", "It may have arrived.")
    return reply["id"]


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNKNOWN])
def test_a_person_sends_again_what_failed_or_may_not_have_arrived(
    ben: Browser, desk: Desk, state: Any
) -> None:
    message = failed_reply(ben, desk, state)
    again = ben.post(f"/api/messages/{message}/retry").json()
    assert (again["state"], again["error"]) == ("pending", "")
    assert again["details"]["resent_by"] == ben.get("/api/me").json()["id"]
    assert ben.post(f"/api/messages/{message}/retry").status_code == 409


def test_what_was_sent_is_not_sent_again(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello?")
    reply = ben.post(f"/api/conversations/{opened}/reply", json={"text": "Hi."}).json()
    with transaction() as session:
        messages.advance(session, session.get_one(Message, reply["id"]), DeliveryState.DELIVERED)
    assert ben.post(f"/api/messages/{reply['id']}/retry").status_code == 409


def dead_letter(desk: Desk) -> Any:
    with transaction() as session:
        inbound.store(session, desk.inbox_id, Batch((), (DeadLetter("Not JSON.", "{oops"),)))
    with reading() as session:
        return session.query(Event).one().id


def test_a_dead_letter_is_shown_and_tried_again(lea: Browser, desk: Desk) -> None:
    letter = dead_letter(desk)
    shown = lea.get("/api/dead-letters").json()
    assert [(one["id"], one["reason"], one["body"]) for one in shown] == [
        (letter, "Not JSON.", "{oops")
    ]
    assert shown[0]["inbox_name"] == "Shop chat"
    assert lea.post(f"/api/dead-letters/{letter}/replay").status_code == 200
    assert lea.get("/api/dead-letters").json() == []
    with reading() as session:
        assert inbound.claim(session, letter)


def test_dead_letters_of_one_inbox_are_shown_and_tried_again_together(
    lea: Browser, desk: Desk
) -> None:
    dead_letter(desk)
    body = '{"access_token": "EAAB-very-secret", "from": "+4915112345678"}'
    with transaction() as session:
        letters = (DeadLetter("It names nobody.", body),)
        inbound.store(session, desk.inbox_id, Batch((), letters))
    shown = lea.get(f"/api/dead-letters?inbox_id={desk.inbox_id}").json()
    assert [one["reason"] for one in shown] == ["It names nobody.", "Not JSON."]
    assert "very-secret" not in shown[0]["body"]
    assert "+4915112345678" in shown[0]["body"]
    assert lea.get("/api/dead-letters?inbox_id=another").json() == []

    assert lea.post("/api/dead-letters/replay?inbox_id=another").json() == {"count": 0}
    tried = lea.post(f"/api/dead-letters/replay?inbox_id={desk.inbox_id}").json()
    assert tried == {"count": 2}
    assert lea.get("/api/dead-letters").json() == []


def test_a_dismissed_dead_letter_is_no_news_when_it_comes_again(lea: Browser, desk: Desk) -> None:
    letter = dead_letter(desk)
    assert lea.delete(f"/api/dead-letters/{letter}").status_code == 200
    assert dead_letter(desk) == letter
    assert lea.get("/api/dead-letters").json() == []
    assert lea.delete(f"/api/dead-letters/{letter}").status_code == 404
    assert lea.post(f"/api/dead-letters/{letter}/replay").status_code == 404


def test_a_dismissed_dead_letter_can_be_brought_back(lea: Browser, desk: Desk) -> None:
    letter = dead_letter(desk)
    assert lea.post(f"/api/dead-letters/{letter}/restore").status_code == 404
    lea.delete(f"/api/dead-letters/{letter}")
    assert lea.post(f"/api/dead-letters/{letter}/restore").status_code == 200
    assert [one["id"] for one in lea.get("/api/dead-letters").json()] == [letter]


def test_an_event_that_is_alive_is_no_dead_letter(lea: Browser, desk: Desk) -> None:
    with transaction() as session:
        inbound.store(session, desk.inbox_id, Batch((RawEvent("e1", "{}"),)))
    with reading() as session:
        event = session.query(Event).one().id
    assert lea.delete(f"/api/dead-letters/{event}").status_code == 404
    assert lea.post(f"/api/dead-letters/{event}/restore").status_code == 404


def test_dead_letters_hold_customers_words_and_are_for_leads(ben: Browser, desk: Desk) -> None:
    assert ben.get("/api/dead-letters").status_code == 403


def test_a_model_that_cannot_be_reached_is_told_in_words(ada: Browser) -> None:
    model = {"enabled": True, "base_url": "http://127.0.0.1:9/v1", "model": "m", "timeout": 2}
    check = ada.post("/api/settings/model/test", json=model).json()
    assert check["ok"] is False
    assert "reached" in check["message"]
    assert check["latency_ms"] is None
    assert ada.get("/api/settings/model").json()["enabled"] is False
    unset = ada.post("/api/settings/model/test").json()
    assert (unset["ok"], unset["message"]) == (False, "Set an address and a model first.")


def test_the_demo_shop_signs_its_customers_in(
    browser: Callable[..., Browser], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "demo", True)
    opened = desk.customer_writes("Hello?")
    with transaction() as session:
        session.get_one(Inbox, desk.inbox_id).keep_secrets({"identity_secret": "s" * 40})
        customer = customers.find(session, conversations.find(session, opened).customer_id)
        customer.merchant_id = "C-1"
    client = browser()
    assert client.get("/demo/settings").json() == {"inbox_id": desk.inbox_id}
    token = client.get("/demo/identity/C-1").json()["jwt"]
    proven = {(a.kind, a.value): a.strength for a in verify(token, "s" * 40).addresses}
    assert proven == {("external", "C-1"): "signed", ("phone", "+4915112345601"): "signed"}
    assert client.get("/demo/identity/C-2").status_code == 404


def test_no_trace_carries_a_secret(ada: Browser, desk: Desk) -> None:
    ada.patch(f"/api/inboxes/{desk.inbox_id}", json={"secrets": {"identity_secret": "z" * 40}})
    shown = [ada.get(path).json() for path in ("/api/inboxes", "/api/dead-letters")]
    assert "zzzz" not in json.dumps(shown)


def test_a_model_that_answers_is_told_with_its_latency(ada: Browser) -> None:
    model = SimulatedLlm()
    model.will(Scripted("ready"), Scripted("one two"), Scripted('{"city": "Paris"}'))
    model.will(Scripted(calls=(("look_up", {"order": "A-7"}),)))
    check = tried(ada, model)
    assert check["ok"] is True
    assert check["latency_ms"] >= 0
    assert {one["name"]: one["ok"] for one in check["capabilities"]} == {
        "chat": True,
        "stream": True,
        "json_schema": True,
        "tools": True,
    }


def test_the_test_button_says_what_a_small_endpoint_cannot_do_and_what_happens_instead(
    ada: Browser,
) -> None:
    model = SimulatedLlm(understands=("json_object",))
    model.refuses = {"tools": Scripted(status=400, error="this model does not support tools")}
    model.will(Scripted("ready"), Scripted("one two", tells_usage=False))
    model.will(Scripted('Of course: {"city": "Paris"}'))
    check = tried(ada, model)
    assert check["ok"] is True
    told = {one["name"]: one["message"] for one in check["capabilities"] if not one["ok"]}
    assert "plain JSON is" in told["json_schema"]
    assert "does not support tools" in told["tools"]
    assert "Tokens are not told" in check["capabilities"][1]["message"]


def test_a_model_that_never_writes_json_is_of_no_use(ada: Browser) -> None:
    model = SimulatedLlm()
    model.mind = lambda body: Scripted("What a lovely day.")
    check = tried(ada, model)
    assert check["ok"] is False
    assert check["message"] == "Its replies are no JSON."


def tried(ada: Browser, model: SimulatedLlm) -> Any:
    with serving(model.app) as address:
        wanted = {"enabled": True, "base_url": f"{address}/v1", "model": "m", "timeout": 5}
        ada.put("/api/settings/model", json={**wanted, "api_key": "sk-1"})
        return ada.post("/api/settings/model/test").json()


def test_an_uploaded_file_answers_a_question_and_its_source_opens_at_the_section(
    app: FastAPI,
    lea: Browser,
    ben: Browser,
    browser: Callable[..., Browser],
    exported_model: Path,
) -> None:
    shops = " ".join(f"Our shop number {n} stands in the street of lamps {n}." for n in range(30))
    text = (
        f"# Returns\n\n{shops}\n\n## How long do I have?\n\nYou may return any kettle within 45 "
        "days of delivery. The kettle must be unused and in its box. Write to us first, and we "
        "send you a label for the parcel. We refund the price within five days after the parcel "
        "has arrived here. Opened tea is food and stays with you, whatever the reason may be."
    ).encode()
    upload = lea.post("/api/uploads", files={"file": ("returns.md", text)}).json()[0]
    with a_library(exported_model) as library:
        pipeline.ingest(upload["id"], library.index, library.models)
        app.state.library = lambda: library
        try:
            question = "Within how many days may I return a kettle?"
            asked = ben.post("/api/ask", json={"question": question})
        finally:
            del app.state.library
    assert asked.status_code == 200, asked.text
    told = asked.json()
    assert "45 days" in told["text"]
    assert told["claims"]
    assert any("45 days" in hit["passage"] for hit in told["retrieved"])
    source = urlsplit(told["sources"][0]["url"])
    page = browser().get(source.path)
    assert page.status_code == 200
    assert f'id="{source.fragment}"' in page.text
    done = ben.get("/api/uploads").json()[0]
    assert (done["state"], done["progress"]) == ("done", 1.0)
    assert ben.get("/api/articles").json()["items"][0]["indexed"] is True
