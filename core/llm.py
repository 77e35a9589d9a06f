"""A chat model behind any OpenAI-compatible endpoint, through LangChain and the openai client."""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, cast

import httpx
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolMessage
from langchain_openai import ChatOpenAI
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
)
from pydantic import SecretStr

from core.errors import OneThreadError
from core.llm_ability import Ability, Part, likeliest, named_in
from core.log import log
from core.spent import Spent
from core.tokens import count_tokens

MOST_SIGNS = 60_000
"""Of one reply, its thinking included; more comes only from a model that runs in circles."""


class LlmFailed(OneThreadError):
    """The model could not be asked, or broke off. The message says what to do."""

    code = "llm_failed"
    status = 502


@dataclass(frozen=True)
class LlmEndpoint:
    """Where a model is and what it may cost in time, tokens and money."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout: float = 30.0
    """Seconds for one answer in all: waiting, writing, and every further try."""
    retries: int = 2
    """After 429, 5xx or no connection, as the endpoint's Retry-After says, while time is left."""
    most_tokens: int = 700
    window: int = 8192
    price_in: float = 0.0
    """Per million tokens."""
    price_out: float = 0.0


@dataclass(frozen=True)
class ToolCall:
    """`arguments` is None where the model wrote no JSON object."""

    id: str
    name: str
    arguments: Mapping[str, Any] | None


@dataclass
class Streamed:
    """One streamed reply: read `text` to its end, then `reply` is whole.

    Close `text` where it is not read to its end. Left to the garbage collector it could be closed
    in the middle of another request, which then waits for itself for ever.
    """

    text: Generator[str]
    reply: "Reply"


@dataclass(frozen=True)
class Ask:
    """One request. `until` is the monotonic time by which its reply must have come."""

    messages: Sequence[BaseMessage]
    until: float
    schema: Mapping[str, Any] | None = None
    tools: Sequence[Mapping[str, Any]] = ()

    @property
    def left(self) -> float:
        return self.until - time.monotonic()

    @property
    def parts(self) -> frozenset[Part]:
        """What an endpoint may refuse about it."""
        parts: set[Part] = {"stream", "usage", "limit", "temperature"}
        parts |= {"form"} if self.schema else set()
        parts |= {"tools"} if self.tools else set()
        return frozenset(parts)


@lru_cache(maxsize=8)
def open_llm(endpoint: LlmEndpoint) -> "Llm":
    """One per endpoint, so that what it has learnt of the endpoint is kept."""
    return Llm(endpoint)


class Llm:
    """Streams replies. Remembers in `ability` what its endpoint understands of our requests."""

    def __init__(self, endpoint: LlmEndpoint) -> None:
        self.endpoint = endpoint
        self.ability = Ability()

    def stream(
        self,
        messages: Sequence[BaseMessage],
        *,
        schema: Mapping[str, Any] | None = None,
        tools: Sequence[Mapping[str, Any]] = (),
        until: float | None = None,
        spent: Spent,
    ) -> Streamed:
        """Ask. The reply is JSON by `schema` as far as the endpoint can be made to keep to it.

        Reading raises LlmFailed; at `until` (monotonic seconds) at the latest, which is by
        default after the endpoint's timeout.
        """
        if until is None:
            until = time.monotonic() + self.endpoint.timeout
        reply = Reply()
        return Streamed(self._text(Ask(messages, until, schema, tools), spent, reply), reply)

    def attempt(self, ask: Ask, ability: Ability) -> Generator[AIMessageChunk]:
        """Ask once, for no more than `ability`. Raises what the client raises. Close it."""
        if ask.left <= 0:
            raise TimeoutError
        # Reading, and our own limit on the whole response (_start, _end_in_time), end together.
        given: dict[str, Any] = {"timeout": httpx.Timeout(ask.left, connect=min(10.0, ask.left))}
        extra: dict[str, Any] = {}
        if ask.schema and ability.form == "json_schema":
            shape = {"name": "answer", "schema": dict(ask.schema), "strict": True}
            extra["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif ask.schema and ability.form == "json_object":
            extra["response_format"] = {"type": "json_object"}
        if ability.has("limit"):
            given["max_tokens"] = self.endpoint.most_tokens
        else:
            extra["max_tokens"] = self.endpoint.most_tokens
        if ability.has("temperature"):
            given["temperature"] = 0
        if ask.tools and ability.has("tools"):
            given["tools"] = [dict(tool) for tool in ask.tools]
        model = self._model.bind(extra_body=extra, **given)
        if not ability.has("stream"):
            yield _as_chunk(model.invoke(list(ask.messages)))
            return
        chunks = model.stream(list(ask.messages), stream_usage=ability.has("usage"))
        with closing(cast(Generator[BaseMessage], chunks)):
            for chunk in chunks:
                if isinstance(chunk, AIMessageChunk):
                    yield chunk

    def _text(self, ask: Ask, spent: Spent, reply: "Reply") -> Generator[str]:
        try:
            with closing(self._understood(ask)) as chunks:
                for chunk in chunks:
                    text = reply.add(chunk)
                    if reply.signs > MOST_SIGNS:
                        raise LlmFailed("The model's reply never ends.", code="llm_too_long")
                    if text:
                        yield text
                    if ask.left <= 0:
                        raise TimeoutError
        except LlmFailed:
            raise
        except Exception as wrong:
            raise failure(wrong, self.endpoint) from wrong
        finally:
            self._account(ask, reply, spent)
        if problem := reply.problem:
            raise problem

    def _understood(self, ask: Ask) -> Generator[AIMessageChunk]:
        """Try again what may pass, and step down to what the endpoint understands.

        What it was seen to do with less is remembered, so that the rest is not tried each time.
        """
        ability, failures = self.ability, 0
        while True:
            started = False
            try:
                with closing(self.attempt(ask, ability)) as chunks:
                    for chunk in chunks:
                        started = True
                        self._remember(ability)
                        yield chunk
                return
            except Exception as wrong:
                if started:
                    raise
                part = self._refused(wrong, ability, ask, failures)
                if part:
                    ability = ability.without(part)
                elif _may_pass(wrong) and failures < self.endpoint.retries:
                    self._wait(wrong, failures, ask)
                    failures += 1
                else:
                    raise

    def _refused(self, wrong: Exception, ability: Ability, ask: Ask, failures: int) -> Part | None:
        """What to leave out next time; None: the request itself was not at fault."""
        if isinstance(wrong, ValueError) and ability.has("stream"):
            return "stream"
        if not isinstance(wrong, APIError) or isinstance(wrong, _NOT_ABOUT_THE_REQUEST):
            return None
        part = named_in(str(wrong), ability, ask.parts)
        if part or not isinstance(wrong, APIStatusError):
            return part
        if wrong.status_code in {400, 422}:
            return likeliest(ability, ask.parts)
        if wrong.status_code >= 500 and failures >= self.endpoint.retries:
            return likeliest(ability, ask.parts & {"form", "tools"})
        return None

    def _remember(self, ability: Ability) -> None:
        if ability != self.ability:
            self.ability = ability
            log.info("llm_endpoint_takes_less", model=self.endpoint.model, ability=str(ability))

    def _wait(self, wrong: Exception, failures: int, ask: Ask) -> None:
        """As long as the endpoint asks for; not at all where no time would be left then."""
        seconds = _retry_after(wrong)
        if seconds is None:
            seconds = min(0.5 * 2**failures, 8.0)
        if seconds >= ask.left:
            raise wrong
        time.sleep(seconds)

    def _account(self, ask: Ask, reply: "Reply", spent: Spent) -> None:
        once = Spent(self.endpoint.model, reply.tokens_in, reply.tokens_out, requests=1)
        if not reply.told_usage:
            once.tokens_in = sum(count_tokens(message.text) + 4 for message in ask.messages)
            once.tokens_out = count_tokens(reply.text)
            once.estimated = True
        once.cost = (
            once.tokens_in * self.endpoint.price_in + once.tokens_out * self.endpoint.price_out
        ) / 1_000_000
        spent.add(once)

    @cached_property
    def _model(self) -> ChatOpenAI:
        hooks: dict[str, list[Any]] = {"request": [_start], "response": [_end_in_time]}
        return ChatOpenAI(
            model=self.endpoint.model,
            base_url=self.endpoint.base_url,
            api_key=SecretStr(self.endpoint.api_key or "none"),
            max_retries=0,
            http_client=httpx.Client(event_hooks=hooks, follow_redirects=True),
            use_responses_api=False,
        )


class Reply:
    """A reply as it grows. Endpoints differ in what they send with each piece."""

    def __init__(self) -> None:
        self.text = ""
        self.signs = 0
        self.tokens_in = self.tokens_out = 0
        self._whole: AIMessageChunk | None = None
        self._finish = ""

    def add(self, chunk: AIMessageChunk) -> str:
        """The new words of this piece."""
        self.text += chunk.text
        self.signs += len(chunk.text) + sum(len(c["args"] or "") for c in chunk.tool_call_chunks)
        self._finish = str(chunk.response_metadata.get("finish_reason") or self._finish)
        usage = chunk.usage_metadata
        if usage:  # some say it once, some with every piece how much it is by now
            self.tokens_in = max(self.tokens_in, usage["input_tokens"])
            self.tokens_out = max(self.tokens_out, usage["output_tokens"])
        # Only words and calls are merged: LangChain adds up counts and joins names of the rest.
        own = AIMessageChunk(content=chunk.text, tool_call_chunks=chunk.tool_call_chunks)
        self._whole = own if self._whole is None else self._whole + own
        return chunk.text

    @property
    def told_usage(self) -> bool:
        return bool(self.tokens_in or self.tokens_out)

    @property
    def problem(self) -> LlmFailed | None:
        match self._finish:
            case "":
                return LlmFailed("The model broke off in the middle of its reply.")
            case "length":
                return LlmFailed(
                    "The model's reply was longer than it may be.", code="llm_too_long"
                )
            case "content_filter":
                return LlmFailed("The endpoint's filter held the reply back.", code="llm_filtered")
        return None

    def message(self) -> tuple[AIMessage, list[ToolCall]]:
        """The whole reply as the endpoint must see it again, and the tools it asks for."""
        whole = self._whole or AIMessageChunk(content="")
        good = [
            ToolCall(call["id"] or f"call_{place}", call["name"], call["args"])
            for place, call in enumerate(whole.tool_calls)
        ]
        broken = [
            ToolCall(call["id"] or f"broken_{place}", call["name"] or "", None)
            for place, call in enumerate(whole.invalid_tool_calls)
        ]
        calls = [call for call in (*good, *broken) if call.name]
        shown = [{"id": c.id, "name": c.name, "args": dict(c.arguments or {})} for c in calls]
        return AIMessage(content=whole.content, tool_calls=shown), calls


def result_of(call: ToolCall, text: str) -> ToolMessage:
    """What a tool said, for the model to read."""
    return ToolMessage(text, tool_call_id=call.id)


def failure(wrong: Exception, endpoint: LlmEndpoint) -> LlmFailed:
    """What went wrong, in words that say what to do."""
    match wrong:
        case TimeoutError() | APITimeoutError() | httpx.TimeoutException():
            return LlmFailed(
                f"The model did not answer within {endpoint.timeout:g} s. Raise the time it has, "
                "or use a faster one.",
                code="llm_timeout",
            )
        case APIConnectionError() | httpx.HTTPError():
            return LlmFailed(
                "The model's endpoint can't be reached, or it broke off. Check its address.",
                code="llm_unreachable",
            )
        case AuthenticationError() | PermissionDeniedError():
            return LlmFailed("The model's endpoint refuses the key. Check it in Settings, Model.")
        case NotFoundError():
            return LlmFailed(
                f"The endpoint has no model called {endpoint.model}, or its address is wrong."
            )
        case RateLimitError():
            return LlmFailed(
                "The model's endpoint is over its limit. Try later, or raise the limit there.",
                code="llm_busy",
            )
        case APIStatusError():
            return LlmFailed(f"The model's endpoint answered with status {wrong.status_code}.")
    return LlmFailed("The model's endpoint sent something that is no answer.", code="llm_nonsense")


_NOT_ABOUT_THE_REQUEST = (
    APIConnectionError,
    AuthenticationError,
    PermissionDeniedError,
    RateLimitError,
)


def _may_pass(wrong: Exception) -> bool:
    if isinstance(wrong, APIStatusError):
        return wrong.status_code in {408, 409, 429} or wrong.status_code >= 500
    return isinstance(wrong, APIConnectionError | httpx.TransportError)


def _retry_after(wrong: Exception) -> float | None:
    """Seconds the endpoint asks us to wait."""
    if not isinstance(wrong, APIStatusError):
        return None
    try:
        return max(0.0, float(wrong.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _as_chunk(message: BaseMessage) -> AIMessageChunk:
    whole = AIMessage.model_validate(message.model_dump())
    return AIMessageChunk(
        content=whole.content,
        tool_calls=whole.tool_calls,
        invalid_tool_calls=whole.invalid_tool_calls,
        usage_metadata=whole.usage_metadata,
        response_metadata=whole.response_metadata,
    )


def _start(request: httpx.Request) -> None:
    request.extensions["until"] = time.monotonic() + request.extensions["timeout"]["read"]


def _end_in_time(response: httpx.Response) -> None:
    if isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _Body(response.stream, response.request.extensions["until"])


class _Body(httpx.SyncByteStream):
    """A response that ends in time. httpx alone only limits the silence between two bytes."""

    def __init__(self, stream: httpx.SyncByteStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            if time.monotonic() > self._until:
                raise httpx.ReadTimeout("the whole response took too long")
            yield piece

    def close(self) -> None:
        self._stream.close()
