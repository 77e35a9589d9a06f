"""What an endpoint takes of our requests: learnt from what it refuses, asked for no more then."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

Form = Literal["json_schema", "json_object", "text"]
Part = Literal["stream", "usage", "limit", "temperature", "tools", "form"]

_SIMPLER: dict[Form, Form] = {"json_schema": "json_object", "json_object": "text"}
_NAMES: dict[Part, tuple[str, ...]] = {
    "usage": ("stream_options", "include_usage"),
    "limit": ("max_completion_tokens",),
    "temperature": ("temperature",),
    "tools": ("tool", "function call"),
    "form": ("response_format", "json_schema", "json_object", "json mode", "structured output"),
}
_GUESSES: tuple[Part, ...] = ("form", "tools", "usage", "limit")


@dataclass(frozen=True)
class Ability:
    """The most that may be asked of an endpoint. Everything, until it has refused.

    stream: words as they are written. usage: the tokens of a stream, told. limit: the name
    `max_completion_tokens`, else it is told `max_tokens`. form: structured output.
    """

    form: Form = "json_schema"
    lacks: frozenset[Part] = frozenset()

    def has(self, part: Part) -> bool:
        return self.form != "text" if part == "form" else part not in self.lacks

    def without(self, part: Part) -> "Ability":
        if part == "form":
            return replace(self, form=_SIMPLER[self.form])
        return replace(self, lacks=self.lacks | {part})


def named_in(refusal: str, ability: Ability, asked: Collection[Part]) -> Part | None:
    """The part of a request that a refusal's words complain about."""
    words = refusal.lower()
    return next(
        (
            part
            for part, names in _NAMES.items()
            if part in asked and ability.has(part) and any(name in words for name in names)
        ),
        None,
    )


def likeliest(ability: Ability, asked: Collection[Part]) -> Part | None:
    """What to leave out of a request that was refused without saying why."""
    return next((part for part in _GUESSES if part in asked and ability.has(part)), None)
