"""A chat model behind any OpenAI-compatible endpoint, through LangChain and the openai client."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal

import httpx
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    ToolMessage,
)
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
from core.tokens import count_tokens

Form = Literal["json_schema", "json_object", "text"]


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
    """Seconds without a sign of life."""
    retries: int = 2
    """After 429, 5xx or no connection, as the endpoint's Retry-After says."""
    most_tokens: int = 700
    window: int = 8192
    price_in: float = 0.0
    """Per million tokens."""
    price_out: float = 0.0


@dataclass
class Spent:
    """What a request cost. `estimated`: the endpoint did not say, tokens were counted here."""

    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    requests: int = 0
    estimated: bool = False


@dataclass(frozen=True)
class ToolCall:
    id: str
    name: str
    arguments: Mapping[str, Any]


@dataclass
class Streamed:
    """One streamed reply: read `text` to its end, then `calls` and `spent` are filled."""

    text: Iterator[str]
    calls: list[ToolCall] = field(default_factory=list)
    message: AIMessage | None = None


@lru_cache(maxsize=8)
def open_llm(endpoint: LlmEndpoint) -> "Llm":
    """One per endpoint, so that what it has learnt of the endpoint is kept."""
    return Llm(endpoint)


class Llm:
    """Streams replies. Remembers which forms of structured output its endpoint understands."""

    def __init__(self, endpoint: LlmEndpoint) -> None:
        self.endpoint = endpoint
        self._forms: list[Form] = ["json_schema", "json_object", "text"]
        self._tells_usage = True

    def stream(
        self,
        messages: Sequence[BaseMessage],
        *,
        schema: Mapping[str, Any] | None = None,
        tools: Sequence[Mapping[str, Any]] = (),
        spent: Spent,
    ) -> Streamed:
        """Ask. The reply is JSON by `schema` as far as the endpoint can be made to keep to it."""
        streamed = Streamed(iter(()))
        streamed.text = self._pieces(messages, schema, tools, spent, streamed)
        return streamed

    def check(self) -> str:
        """A short question for real; what the model says. Raises LlmFailed."""
        return "".join(self.stream([HumanMessage("Say: ready")], spent=Spent()).text)

    def _pieces(
        self,
        messages: Sequence[BaseMessage],
        schema: Mapping[str, Any] | None,
        tools: Sequence[Mapping[str, Any]],
        spent: Spent,
        streamed: Streamed,
    ) -> Iterator[str]:
        whole: AIMessageChunk | None = None
        try:
            for chunk in self._understood(messages, schema, tools):
                whole = chunk if whole is None else whole + chunk
                text = chunk.text
                if text:
                    yield text
        except (APIError, httpx.HTTPError) as wrong:
            raise LlmFailed(_advice(wrong, self.endpoint)) from wrong
        finally:
            self._account(messages, whole, spent)
        finish = whole.response_metadata.get("finish_reason") if whole else None
        if whole is None or not finish:
            raise LlmFailed("The model broke off in the middle of its reply.")
        if finish == "length":
            raise LlmFailed("The model's reply was longer than it may be; raise most_tokens.")
        streamed.message = AIMessage(content=whole.content, tool_calls=whole.tool_calls)
        streamed.calls += [
            ToolCall(call["id"] or "", call["name"], call["args"]) for call in whole.tool_calls
        ]

    def _understood(
        self,
        messages: Sequence[BaseMessage],
        schema: Mapping[str, Any] | None,
        tools: Sequence[Mapping[str, Any]],
    ) -> Iterator[AIMessageChunk]:
        """Step down, once and for all, to what the endpoint understands of our request."""
        while True:
            started = False
            try:
                for chunk in self._request(messages, schema, tools):
                    started = True
                    yield chunk
                return
            except APIStatusError as refused:
                if started or not self._step_down(refused, bool(schema)):
                    raise

    def _request(
        self,
        messages: Sequence[BaseMessage],
        schema: Mapping[str, Any] | None,
        tools: Sequence[Mapping[str, Any]],
    ) -> Iterator[AIMessageChunk]:
        extra: dict[str, Any] = {}
        if schema and self._forms[0] == "json_schema":
            shape = {"name": "answer", "schema": dict(schema), "strict": True}
            extra["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif schema and self._forms[0] == "json_object":
            extra["response_format"] = {"type": "json_object"}
        model = self._model.bind(extra_body=extra) if extra else self._model
        if tools:
            model = model.bind(tools=[dict(tool) for tool in tools])  # type: ignore[assignment]
        for chunk in model.stream(list(messages), stream_usage=self._tells_usage):
            if isinstance(chunk, AIMessageChunk):
                yield chunk

    def _step_down(self, refused: APIStatusError, with_schema: bool) -> bool:
        words = str(refused).lower()
        if "stream_options" in words or "include_usage" in words:
            was, self._tells_usage = self._tells_usage, False
            return was
        about_form = "response_format" in words or "json_schema" in words or "json_object" in words
        if (
            with_schema
            and len(self._forms) > 1
            and (about_form or refused.status_code in {400, 422})
        ):
            self._forms = self._forms[1:]
            return True
        return False

    def _account(
        self, messages: Sequence[BaseMessage], whole: AIMessageChunk | None, spent: Spent
    ) -> None:
        usage = whole.usage_metadata if whole else None
        if usage:
            tokens_in, tokens_out = usage["input_tokens"], usage["output_tokens"]
        else:
            tokens_in = sum(count_tokens(message.text) + 4 for message in messages)
            tokens_out = count_tokens(whole.text) if whole else 0
            spent.estimated = True
        spent.model = self.endpoint.model
        spent.tokens_in += tokens_in
        spent.tokens_out += tokens_out
        spent.requests += 1
        price = tokens_in * self.endpoint.price_in + tokens_out * self.endpoint.price_out
        spent.cost += price / 1_000_000

    @cached_property
    def _model(self) -> ChatOpenAI:
        return ChatOpenAI(
            model=self.endpoint.model,
            base_url=self.endpoint.base_url,
            api_key=SecretStr(self.endpoint.api_key or "none"),
            timeout=self.endpoint.timeout,
            max_retries=self.endpoint.retries,
            temperature=0,
            extra_body={},
            max_tokens=self.endpoint.most_tokens,
        )


def result_of(call: ToolCall, text: str) -> ToolMessage:
    """What a tool said, for the model to read."""
    return ToolMessage(text, tool_call_id=call.id)


def _advice(wrong: Exception, endpoint: LlmEndpoint) -> str:
    match wrong:
        case APITimeoutError() | httpx.TimeoutException():
            return f"The model did not answer within {endpoint.timeout:g} s. Raise the timeout."
        case APIConnectionError() | httpx.HTTPError():
            return "The model's endpoint can't be reached, or it broke off. Check its address."
        case AuthenticationError() | PermissionDeniedError():
            return "The model's endpoint refuses the key. Check it in Settings, Model."
        case NotFoundError():
            return f"The endpoint has no model called {endpoint.model}, or its address is wrong."
        case RateLimitError():
            return "The model's endpoint is over its limit. Try later, or raise the limit there."
        case APIStatusError():
            return f"The model's endpoint answered with status {wrong.status_code}."
    return "The model's endpoint sent something that is no answer."
