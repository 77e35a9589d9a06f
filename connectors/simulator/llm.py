"""An OpenAI-compatible chat endpoint that says what it is told to: for demos, tests and drills.

It speaks the wire format of /v1/chat/completions, streamed or whole, with every way a real
endpoint goes wrong.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


@dataclass(frozen=True)
class Scripted:
    """One answer of the endpoint, good or bad."""

    text: str = ""
    pieces_of: int = 12
    """Characters per streamed piece."""
    calls: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """Tools the model asks for: (name, arguments)."""
    status: int = 200
    error: str = "The server had an error."
    retry_after: float | None = None
    cut_after: int | None = None
    """Pieces after which the connection breaks."""
    seconds: float = 0.0
    """Silence before the first piece."""
    tells_usage: bool = True
    usage_each_time: bool = False
    """Tells with every piece how much it is by now, as some do."""
    thinks: str = ""
    """What a reasoning model sends first, beside the content."""
    deltas: tuple[Mapping[str, Any], ...] = ()
    """Sent as they are, after the text: for endpoints that shape tool calls their own way."""
    pause: float = 0.0
    """Seconds between two pieces."""
    pings: int = 0
    """Comments sent first, a pause apart, as proxies do to keep a connection open."""
    finish: str | None = None
    """Another reason to end than the usual; empty: none is given."""
    body: str | None = None
    """Sent instead of a stream, with status 200."""


def answering(*sentences: tuple[str, int], insufficient: bool = False) -> Scripted:
    """A reply in the agreed form: sentences, each with the number of the passage it cites."""
    claims = [{"text": text, "sources": [source]} for text, source in sentences]
    return Scripted(json.dumps({"insufficient": insufficient, "claims": claims}))


@dataclass
class SimulatedLlm:
    """The endpoint's state: what it will say next, and what it was asked."""

    script: deque[Scripted] = field(default_factory=deque)
    understands: Sequence[str] = ("json_schema", "json_object")
    """The response formats it takes; others are refused with 400, as real endpoints do."""
    refuses: Mapping[str, Scripted] = field(default_factory=dict)
    """Parts of a request (a parameter's name, or a response format) and how they are refused."""
    mind: Callable[[Mapping[str, Any]], Scripted] | None = None
    """Answers by what it is asked, instead of a script."""
    asked: list[dict[str, Any]] = field(default_factory=list)

    def will(self, *answers: Scripted) -> None:
        self.script.extend(answers)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/v1/chat/completions", self._complete, methods=["POST"])])

    async def _complete(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        form = (body.get("response_format") or {}).get("type", "text")
        refused = next((self.refuses[part] for part in (*body, form) if part in self.refuses), None)
        if refused is None and form != "text" and form not in self.understands:
            return _error(400, f"response_format of type '{form}' is not supported")
        scripted = refused or self._next(body)
        if scripted.body is not None:
            return Response(scripted.body)
        if scripted.status != 200:
            return _error(scripted.status, scripted.error, scripted.retry_after)
        if body.get("stream"):
            return StreamingResponse(_stream(scripted, body), media_type="text/event-stream")
        await asyncio.sleep(scripted.seconds)
        return JSONResponse(_whole(scripted, body))

    def _next(self, body: Mapping[str, Any]) -> Scripted:
        if self.mind:
            return self.mind(body)
        return self.script.popleft() if self.script else Scripted("I have nothing to say.")


async def _stream(scripted: Scripted, body: Mapping[str, Any]) -> AsyncIterator[str]:
    await asyncio.sleep(scripted.seconds)
    for _ in range(scripted.pings):
        yield ": still here\n\n"
        await asyncio.sleep(scripted.pause)
    size = scripted.pieces_of
    pieces = [scripted.text[at : at + size] for at in range(0, len(scripted.text), size)]
    so_far = {"usage": _usage(scripted, body)} if scripted.usage_each_time else {}
    yield _event(_chunk(body, {"role": "assistant", "content": ""}))
    if scripted.thinks:
        yield _event(_chunk(body, {"content": None, "reasoning_content": scripted.thinks}))
    for number, piece in enumerate(pieces):
        if number == scripted.cut_after:
            raise ConnectionResetError("cut as scripted")
        yield _event({**_chunk(body, {"content": piece}), **so_far})
        await asyncio.sleep(scripted.pause)
    for place, (name, arguments) in enumerate(scripted.calls):
        yield _event(_chunk(body, {"tool_calls": [_call(place, name, arguments)]}))
    for delta in scripted.deltas:
        yield _event(_chunk(body, delta))
    usual = "tool_calls" if scripted.calls or scripted.deltas else "stop"
    finish = usual if scripted.finish is None else scripted.finish
    yield _event({**_chunk(body, {}, finish=finish or None), **so_far})
    wants_usage = (body.get("stream_options") or {}).get("include_usage")
    if wants_usage and scripted.tells_usage:
        yield _event({**_chunk(body, {}), "choices": [], "usage": _usage(scripted, body)})
    yield "data: [DONE]\n\n"


def _whole(scripted: Scripted, body: Mapping[str, Any]) -> dict[str, Any]:
    calls = [_call(place, *call) for place, call in enumerate(scripted.calls)]
    message = {"role": "assistant", "content": scripted.text, "tool_calls": calls or None}
    finish = scripted.finish or ("tool_calls" if calls else "stop")
    choices = [{"index": 0, "message": message, "finish_reason": finish}]
    usage = _usage(scripted, body) if scripted.tells_usage else None
    return {**_head(body, "chat.completion"), "choices": choices, "usage": usage}


def _chunk(
    body: Mapping[str, Any], delta: Mapping[str, Any], finish: str | None = None
) -> dict[str, Any]:
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {**_head(body, "chat.completion.chunk"), "choices": choices}


def _head(body: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-sim", "object": kind, "created": 1, "model": body.get("model", "")}


def _call(place: int, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"index": place, "id": f"call_{place}", "type": "function", "function": function}


def _usage(scripted: Scripted, body: Mapping[str, Any]) -> dict[str, int]:
    asked = sum(len(str(message.get("content") or "")) for message in body.get("messages", []))
    tokens_in, tokens_out = asked // 4, len(scripted.text) // 4
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }


def _event(data: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"


def _error(status: int, message: str, retry_after: float | None = None) -> JSONResponse:
    headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
    kinds = {429: "rate_limit_exceeded", 401: "invalid_api_key"}
    error = {"message": message, "type": "invalid_request_error", "code": kinds.get(status)}
    return JSONResponse({"error": error}, status_code=status, headers=headers)
