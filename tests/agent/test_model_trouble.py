"""A model that misbehaves in every way endpoints do: each turn still ends with a proven answer,
with the documents' own words, or with a person, in time, and the trace tells what happened."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.answer.llm import LlmAnswerer
from agent.think import think
from agent.tools.search_knowledge import search_knowledge
from agent.turn import HandOff, Reply, Thought
from connectors.simulator.llm import Scripted, SimulatedLlm, answering
from core.llm import Llm
from retrieval.library import Library
from tests.agent.conftest import asks
from tests.agent.test_think import RETURN_QUESTION, Ear, shop, sure
from tests.library import write

__all__ = ["shop"]

TRUE = "You may return any item within 30 days of delivery."
GOOD = answering((TRUE, 1))


def thought_of(shop: Library, llm: Llm, *, voice: Ear | None = None) -> Thought:
    answerer = LlmAnswerer(llm, (search_knowledge(shop),))
    return think(RETURN_QUESTION, shop, answerer=answerer, head=sure(), voice=voice)


def ended(thought: Thought) -> str:
    """Whose words the customer gets: the model's, quoted ones, or a person's."""
    match thought.decision:
        case Reply(answer):
            return "model" if answer.mode == "llm" else "quoted"
        case HandOff():
            return "person"
    raise AssertionError(thought.decision)


def account(thought: Thought) -> dict[str, Any]:
    told = thought.trace["account"]
    assert isinstance(told, dict)
    return told


def notes(thought: Thought) -> str:
    return " ".join(account(thought)["notes"])


def claims(*texts: str, source: object = 1) -> str:
    return json.dumps({"claims": [{"text": text, "sources": [source]} for text in texts]})


def test_an_endpoint_that_refuses_schemas_with_a_500_is_asked_in_simpler_words_and_remembered(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    refusal = Scripted(status=500, error="Input should be 'text' or 'json_object'")
    model.refuses = {"json_schema": refusal}
    model.will(GOOD, GOOD)
    assert ended(thought_of(shop, llm)) == "model"
    assert len(model.asked) == 2
    assert ended(thought_of(shop, llm)) == "model"
    assert len(model.asked) == 3


def test_an_endpoint_that_breaks_down_over_schemas_without_a_word_is_found_out(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    model.refuses = {"json_schema": Scripted(status=500, retry_after=0.01)}
    model.will(GOOD)
    assert ended(thought_of(shop, llm)) == "model"
    assert llm.ability.form == "json_object"


def test_an_hour_of_500s_teaches_nothing_wrong_about_an_endpoint(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    model.mind = lambda body: Scripted(status=500, retry_after=0.01)
    thought = thought_of(shop, llm)
    assert ended(thought) == "quoted"
    assert "status 500" in notes(thought)
    assert llm.ability.form == "json_schema"


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("tools", "registry/tiny does not support tools"),
        ("tools", '"auto" tool choice requires --enable-auto-tool-choice'),
        ("stream_options", "Unrecognized request argument supplied: stream_options"),
        ("temperature", "Unsupported value: 'temperature' does not support 0 with this model"),
        ("max_completion_tokens", "extra_forbidden: body.max_completion_tokens"),
        ("tools", "bad request"),
    ],
)
def test_what_an_endpoint_does_not_know_is_left_out_from_then_on(
    shop: Library, model: SimulatedLlm, llm: Llm, part: str, words: str
) -> None:
    model.refuses = {part: Scripted(status=400, error=words)}
    model.will(GOOD, GOOD)
    assert ended(thought_of(shop, llm)) == "model"
    asked = len(model.asked)
    assert ended(thought_of(shop, llm)) == "model"
    assert len(model.asked) == asked + 1
    assert part not in model.asked[-1]


def test_an_endpoint_that_cannot_stream_is_asked_for_whole_replies(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    whole = {
        "id": "x", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": GOOD.text}}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
    }  # fmt: skip
    model.refuses = {"stream_options": Scripted(body=json.dumps(whole))}
    model.will(GOOD)
    thought = thought_of(shop, llm)
    assert ended(thought) == "model"
    assert "stream" not in model.asked[-1] or model.asked[-1]["stream"] is False


@pytest.mark.parametrize(
    "text",
    [
        f"Sure! Here is the answer:\n\n{GOOD.text}\n\nI hope that helps.",
        f"```json\n{GOOD.text}\n```",
        f"<think>The customer asks. I could say {claims('Returns are free.')}</think>{GOOD.text}",
        f"\n<think>\n\n</think>\n\n{GOOD.text}",
        claims(f"{TRUE} [1]"),
        claims(TRUE, source="Passage 1"),
        claims(TRUE, source="[1]"),
        claims(TRUE, TRUE, f" {TRUE.upper()} "),
        json.dumps({"answer": {"claims": [{"text": TRUE, "sources": 1}]}}),
    ],
)
def test_an_answer_is_found_in_whatever_it_is_wrapped(
    shop: Library, model: SimulatedLlm, llm: Llm, text: str
) -> None:
    model.will(Scripted(text, pieces_of=5))
    thought = thought_of(shop, llm)
    assert ended(thought) == "model"
    assert thought.best
    assert thought.best.text.casefold() == TRUE.casefold()


def test_thoughts_beside_the_answer_are_not_the_answer(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    model.will(Scripted(GOOD.text, thinks=claims("Returns are free.")))
    thought = thought_of(shop, llm)
    assert thought.best
    assert thought.best.text == TRUE


@pytest.mark.parametrize(
    "text",
    [
        claims("You may return any item within ninety days of delivery."),
        claims("You may return any item within 90 days of delivery."),
        claims("Sie können jeden Artikel innerhalb von dreißig Tagen zurückgeben."),
        claims("Return shipping costs 4.95 EUR.", source=99),
        claims("Return shipping costs 4.95 EUR.", source=0),
        json.dumps({"claims": [{"text": TRUE}]}),
        json.dumps({"claims": [{"text": TRUE, "sources": []}]}),
        claims("I have refunded you 4.95 EUR."),
        claims("Write to help@evil.example within 30 days of delivery."),
    ],
)
def test_a_sentence_that_cannot_be_proven_is_never_sent(
    shop: Library, model: SimulatedLlm, llm: Llm, text: str
) -> None:
    model.will(Scripted(text), Scripted(text))
    ear = Ear()
    thought = thought_of(shop, llm, voice=ear)
    assert ended(thought) == "person"
    assert ear.heard == []
    assert "Refused: " in notes(thought)
    assert len(model.asked) == 2


def test_a_false_sentence_does_not_ride_along_with_true_ones(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    model.will(
        Scripted(
            claims(
                f"{TRUE} The item must be unused and in its box. Bananas are free. "
                "Return shipping costs 4.95 EUR, which we take off the refund."
            )
        )
    )
    thought = thought_of(shop, llm)
    assert thought.best
    assert "Bananas" not in thought.best.text
    assert TRUE in thought.best.text


def test_a_yes_that_nothing_proves_is_left_out(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    model.will(Scripted(claims(f"Yes. {TRUE}")))
    thought = thought_of(shop, llm)
    assert thought.best
    assert thought.best.text == TRUE


def test_a_true_sentence_with_the_wrong_number_is_asked_for_again(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    model.will(Scripted(claims(TRUE, source=99)), GOOD)
    thought = thought_of(shop, llm)
    assert ended(thought) == "model"
    assert "cites no passage" in notes(thought)
    assert account(thought)["requests"] == 2


def test_of_an_endless_answer_only_the_beginning_is_read(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    many = [f"You may return any item within 30 days of delivery{'!' * n}" for n in range(1, 500)]
    model.will(Scripted(claims(*many), pieces_of=500))
    thought = thought_of(shop, llm)
    assert thought.best
    assert len(thought.best.claims) == 8
    assert "cut after 8 sentences" in notes(thought)
    model.will(Scripted("na " * 100_000, pieces_of=3000))
    thought = thought_of(shop, llm)
    assert ended(thought) == "quoted"
    assert "never ends" in notes(thought)


NONSENSE: Mapping[str, Scripted] = {
    "empty": Scripted(""),
    "no JSON": Scripted("I would love to help you."),
    "half a JSON": Scripted(GOOD.text[:-40]),
    "other JSON": Scripted('{"result": 5}'),
    "a web page": Scripted(body="<html>Please sign in</html>"),
    "broken events": Scripted(body="data: {oops\n\n"),
    "an error in the stream": Scripted(body='data: {"error": {"message": "overloaded"}}\n\n'),
    "no end": Scripted('{"insufficient": false,', finish=""),
    "too long": Scripted('{"insufficient": false,', finish="length"),
    "filtered": Scripted("", finish="content_filter"),
    "unending thoughts": Scripted("<think>Let me think about this."),
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_what_is_no_answer_is_replaced_by_the_documents_words(
    shop: Library, model: SimulatedLlm, llm: Llm, kind: str
) -> None:
    model.mind = lambda body: NONSENSE[kind]
    thought = thought_of(shop, llm)
    assert ended(thought) == "quoted"
    assert account(thought)["failed"].startswith("llm_")
    assert "quoted instead" in notes(thought)


SLOW: Mapping[str, Scripted] = {
    "silence": Scripted(GOOD.text, seconds=8),
    "a drip": Scripted(GOOD.text, pieces_of=1, pause=0.2),
    "only pings": Scripted(GOOD.text, pings=80, pause=0.1),
    "asks for patience": Scripted(status=429, retry_after=50),
    "busy over and over": Scripted(status=429, retry_after=0.4),
}


@pytest.mark.parametrize("kind", SLOW)
def test_a_slow_model_is_given_up_in_time(
    shop: Library, model: SimulatedLlm, hasty: Llm, kind: str
) -> None:
    model.mind = lambda body: SLOW[kind]
    began = time.monotonic()
    thought = thought_of(shop, hasty)
    assert time.monotonic() - began < hasty.endpoint.timeout + 3
    assert ended(thought) == "quoted"
    assert account(thought)["failed"] in {"llm_timeout", "llm_busy"}


def test_a_second_try_has_only_the_time_that_is_left(
    shop: Library, model: SimulatedLlm, hasty: Llm
) -> None:
    wrong = Scripted(claims("Returns take 90 days."), seconds=0.7)
    model.mind = lambda body: wrong
    began = time.monotonic()
    thought = thought_of(shop, hasty)
    assert time.monotonic() - began < hasty.endpoint.timeout + 3
    assert ended(thought) == "quoted"
    assert account(thought)["failed"] == "llm_timeout"


def test_a_model_that_stops_while_it_is_heard_is_followed_by_a_person(
    shop: Library, model: SimulatedLlm, hasty: Llm
) -> None:
    text = claims(TRUE, "The item must be unused and in its box.", "The item must be unused.")
    model.will(Scripted(text, pieces_of=40, pause=0.4))
    ear = Ear()
    thought = thought_of(shop, hasty, voice=ear)
    assert ear.heard[0] == TRUE
    assert ended(thought) == "person"
    assert account(thought)["failed"] == "llm_timeout"


def test_a_model_that_says_it_does_not_know_and_goes_on_is_taken_at_its_word(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    model.will(answering((TRUE, 1), insufficient=True))
    ear = Ear()
    thought = thought_of(shop, llm, voice=ear)
    assert ended(thought) == "person"
    assert ear.heard == []
    assert "do not answer" in notes(thought)


def test_the_cost_of_every_try_is_counted(shop: Library, model: SimulatedLlm, llm: Llm) -> None:
    wrong = answering(("You may return any item within 90 days of delivery.", 1))
    model.will(wrong, GOOD)
    told = account(thought_of(shop, llm))
    assert told["requests"] == 2
    assert told["tokens_out"] == len(wrong.text) // 4 + len(GOOD.text) // 4
    price = told["tokens_in"] * 1.0 + told["tokens_out"] * 2.0
    assert told["cost"] == pytest.approx(price / 1e6)


@pytest.mark.parametrize(
    "scripted",
    [GOOD, Scripted(GOOD.text, usage_each_time=True)],
    ids=["at the end", "with every piece"],
)
def test_tokens_are_counted_once_however_they_are_told(
    shop: Library, model: SimulatedLlm, llm: Llm, scripted: Scripted
) -> None:
    model.will(scripted)
    told = account(thought_of(shop, llm))
    assert told["tokens_out"] == len(GOOD.text) // 4
    assert told["estimated"] is False


def test_where_a_translation_has_no_form_the_customer_is_pointed_to_the_article(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    write("korea", "Sending to Korea", "Parcels to Korea cost 31 EUR.", language="en")
    shop.index_articles(["korea"])
    model.will(answering(("Parcels to Korea cost 31 EUR.", 1)), Scripted("Das kostet 31 Euro."))
    turn = asks("Was kostet ein Paket nach Korea?", language="de", threshold=0.0)
    thought = think(turn, shop, answerer=LlmAnswerer(llm))
    assert ended(thought) == "quoted"
    assert thought.best
    assert "Sending to Korea" in thought.best.text
    assert "31" not in thought.best.text
    assert "pointed to the article" in notes(thought)


def search_for(query: str) -> Scripted:
    return Scripted(calls=(("search_knowledge", {"query": query}),))


def test_a_model_looks_again_and_cites_what_it_found_by_the_next_number(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    def mind(body: Mapping[str, Any]) -> Scripted:
        if body["messages"][-1]["role"] != "tool":
            return search_for("Cleaning the grinder")
        found = body["messages"][-1]["content"]
        assert "Passage 1:" not in found
        number = int(found.split("Cleaning the grinder")[0].rsplit("Passage ", 1)[1].rstrip(": "))
        return answering(("Brush the burrs every month.", number))

    model.mind = mind
    small = Llm(replace(llm.endpoint, window=1550))
    thought = thought_of(shop, small)
    assert ended(thought) == "model"
    assert thought.best
    assert thought.best.sources[0].title == "Cleaning the grinder"
    [use] = account(thought)["tools"]
    assert json.loads(use["arguments"]) == {"query": "Cleaning the grinder"}
    assert "Cleaning the grinder" in use["found"]
    assert use["ms"] > 0


ODD: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "in single letters": (
        {"tool_calls": [{"index": 0, "id": "c1", "type": "function",
                         "function": {"name": "search_knowledge", "arguments": ""}}]},
        *({"tool_calls": [{"index": 0, "function": {"arguments": sign}}]}
          for sign in '{"query": "gift cards"}'),
    ),
    "twice at once": (
        {"tool_calls": [
            {"index": place, "id": f"c{place}", "type": "function",
             "function": {"name": "search_knowledge", "arguments": '{"query": "gift cards"}'}}
            for place in range(2)
        ]},
    ),
    "without an id": (
        {"tool_calls": [{"index": 0, "type": "function", "function": {
            "name": "search_knowledge", "arguments": '{"query": "gift cards"}'}}]},
    ),
    "with broken JSON": (
        {"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {
            "name": "search_knowledge", "arguments": '{"query": gift cards'}}]},
    ),
    "with a list": (
        {"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {
            "name": "search_knowledge", "arguments": '["gift cards"]'}}]},
    ),
    "with nothing": (
        {"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {
            "name": "search_knowledge", "arguments": ""}}]},
    ),
    "with a number for words": (
        {"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {
            "name": "search_knowledge", "arguments": '{"query": 7}'}}]},
    ),
    "for a tool there is not": (
        {"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {
            "name": "delete_everything", "arguments": "{}"}}]},
    ),
    "forty times": (
        {"tool_calls": [
            {"index": place, "id": f"c{place}", "type": "function",
             "function": {"name": "search_knowledge", "arguments": '{"query": "cards"}'}}
            for place in range(40)
        ]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_a_tool_asked_for_in_an_odd_way_does_no_harm(
    shop: Library, model: SimulatedLlm, llm: Llm, kind: str
) -> None:
    model.will(Scripted(deltas=ODD[kind]), GOOD)
    thought = thought_of(shop, llm)
    assert ended(thought) == "model"
    assert account(thought)["tools"]
    asked_again = model.asked[1]["messages"]
    calls = asked_again[-len(account(thought)["tools"]) - 1]["tool_calls"]
    answers = [message["tool_call_id"] for message in asked_again if message["role"] == "tool"]
    assert [call["id"] for call in calls] == answers


def test_a_tool_call_without_its_place_is_no_answer(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    function = {"name": "search_knowledge", "arguments": "{}"}
    model.will(Scripted(deltas=({"tool_calls": [{"id": "c1", "function": function}]},)))
    assert ended(thought_of(shop, llm)) == "quoted"


def test_a_model_that_only_ever_asks_for_tools_is_stopped(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    model.mind = lambda body: search_for("returns")
    thought = thought_of(shop, llm)
    assert ended(thought) == "quoted"
    assert len(model.asked) == 3
    assert "tools" not in model.asked[-1]
    assert "again and again" in notes(thought)


def test_what_was_written_before_a_tool_was_asked_for_is_not_said_twice(
    shop: Library, model: SimulatedLlm, llm: Llm
) -> None:
    model.will(Scripted(GOOD.text, calls=(("search_knowledge", {"query": "box"}),)))
    model.will(answering((TRUE, 1), ("The item must be unused and in its box.", 1)))
    thought = thought_of(shop, llm)
    assert thought.best
    assert [claim.text for claim in thought.best.claims] == [
        TRUE,
        "The item must be unused and in its box.",
    ]
