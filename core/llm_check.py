"""Tries a model's endpoint for real: what of our requests it understands, one by one."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.messages import HumanMessage
from openai import APIError

from core.llm import Ask, Llm, LlmEndpoint, LlmFailed, Reply, failure
from core.llm_ability import Ability, Form
from core.spent import Spent

_CITY: dict[str, object] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
_LOOK_UP = {
    "type": "function",
    "function": {
        "name": "look_up",
        "description": "Tells the state of an order.",
        "parameters": {
            "type": "object",
            "properties": {"order": {"type": "string"}},
            "required": ["order"],
        },
    },
}
_INSTEAD: dict[Form, str] = {
    "json_schema": "Replies follow our schema.",
    "json_object": "Not understood; plain JSON is, and is asked for instead.",
    "text": "Not understood; JSON is asked for in words instead.",
}


@dataclass(frozen=True)
class Probe:
    """One ability of an endpoint. Only chat is needed: `needed` is false where we do without."""

    name: str
    ok: bool
    message: str
    needed: bool = False
    latency_ms: int | None = None


def check(endpoint: LlmEndpoint) -> Iterator[Probe]:
    """Ask for chat, a stream, structured output and a tool; each is told as soon as it is known.

    Each may take the endpoint's timeout, once.
    """
    exam = Exam(Llm(replace(endpoint, retries=0)))
    chat = exam.chat()
    yield chat
    if chat.ok:
        yield exam.streaming()
        yield exam.structured()
        yield exam.tools()


class Exam:
    """One endpoint under test. Chat comes first: it finds out what a plain request may hold."""

    def __init__(self, llm: Llm) -> None:
        self._llm = llm

    def chat(self) -> Probe:
        began = time.perf_counter()
        try:
            said = "".join(self._llm.stream([HumanMessage("Say: ready")], spent=Spent()).text)
        except LlmFailed as failed:
            return Probe("chat", False, failed.message, needed=True)
        took = round((time.perf_counter() - began) * 1000)
        if not said.strip():
            return Probe("chat", False, "It answers, but with no words.", needed=True)
        name = self._llm.endpoint.model
        return Probe("chat", True, f"{name} answers.", needed=True, latency_ms=took)

    def streaming(self) -> Probe:
        if not self._llm.ability.has("stream"):
            return Probe("stream", False, "Whole replies only; customers see no words appear.")
        replies, problem = self._asked("Count from one to ten in words.", self._llm.ability)
        if problem:
            return Probe("stream", False, problem)
        counted = "Tokens are told." if replies.told_usage else "Tokens are not told: estimated."
        return Probe("stream", True, counted)

    def structured(self) -> Probe:
        problem = ""
        forms: tuple[Form, ...] = ("json_schema", "json_object", "text")
        for form in forms:
            reply, refused = self._asked(
                'Where is the Eiffel Tower? Reply with JSON only: {"city": "..."}',
                replace(self._llm.ability, form=form),
                schema=_CITY,
            )
            problem = problem or refused
            if not refused and _has_city(reply.text):
                return Probe("json_schema", form == "json_schema", _INSTEAD[form])
        return Probe("json_schema", False, problem or "Its replies are no JSON.", needed=True)

    def tools(self) -> Probe:
        reply, problem = self._asked(
            "Use the tool look_up to tell me the state of order A-7.",
            self._llm.ability,
            tools=[_LOOK_UP],
        )
        if problem:
            return Probe("tools", False, f"{problem} It answers without a second search.")
        _, calls = reply.message()
        if not any(call.name == "look_up" and call.arguments for call in calls):
            return Probe("tools", False, "It did not use the tool it was told to use.")
        return Probe("tools", True, "It asks for tools.")

    def _asked(self, text: str, ability: Ability, **more: Any) -> tuple[Reply, str]:
        """The reply to one request, and why there is none."""
        endpoint, reply = self._llm.endpoint, Reply()
        ask = Ask([HumanMessage(text)], time.monotonic() + endpoint.timeout, **more)
        try:
            with closing(self._llm.attempt(ask, ability)) as chunks:
                for chunk in chunks:
                    reply.add(chunk)
        except Exception as wrong:
            words = wrong.message if isinstance(wrong, APIError) else ""
            return reply, f"{failure(wrong, endpoint).message} {words[:200]}".strip()
        return reply, reply.problem.message if reply.problem else ""


def _has_city(text: str) -> bool:
    start, end = text.find("{"), text.rfind("}")
    try:
        value = json.loads(text[start : end + 1])
    except ValueError:
        return False
    return isinstance(value, Mapping) and isinstance(value.get("city"), str)
