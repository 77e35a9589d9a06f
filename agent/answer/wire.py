"""What the model is asked to write, and reading it while it is still being written."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "insufficient": {"type": "boolean"},
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "sources": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["text", "sources"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["insufficient", "claims"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Written:
    """One claim as the model wrote it; `sources` are numbers of passages."""

    text: str
    sources: tuple[int, ...]


class Reader:
    """Finds the claims in a growing reply, each as soon as its object is closed.

    Text around the JSON (a code fence, a preamble, a model thinking aloud) does no harm.
    `understood` tells whether there was anything of the agreed form; `insufficient` what the model
    said about the passages: nothing is claimed after that.
    """

    def __init__(self) -> None:
        self.understood = False
        self.insufficient = False
        self._text = ""
        self._at = 0
        self._open: list[int] = []
        self._in_string = False
        self._escaped = False

    def read(self, pieces: Iterable[str]) -> Iterator[Written]:
        for piece in pieces:
            self._text += piece
            if not self._thinks_aloud():
                yield from self._new_claims()

    def _thinks_aloud(self) -> bool:
        """Whether it all still is, or may become, what the model says to itself."""
        if self._at:
            return False
        start = self._text.lstrip()
        if any(tag.startswith(start[: len(tag)].lower()) for tag in _THINKING):
            end = _THOUGHT.search(self._text)
            if end is None:
                return True
            self._at = end.end()
        return False

    def _new_claims(self) -> Iterator[Written]:
        while self._at < len(self._text):
            sign = self._text[self._at]
            self._at += 1
            if self._in_string:
                self._within_string(sign)
            elif sign == '"':
                self._in_string = bool(self._open)
            elif sign == "{":
                self._open.append(self._at - 1)
            elif sign == "}" and self._open:
                yield from self._closed(self._text[self._open.pop() : self._at])

    def _within_string(self, sign: str) -> None:
        if self._escaped:
            self._escaped = False
        elif sign == "\\":
            self._escaped = True
        elif sign == '"':
            self._in_string = False

    def _closed(self, text: str) -> Iterator[Written]:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return
        if "insufficient" in value or "claims" in value:
            self.understood = True
            self.insufficient = self.insufficient or value.get("insufficient") is True
        said = value.get("text")
        if isinstance(said, str) and said.strip():
            self.understood = True
            self.insufficient = self.insufficient or self._gave_up_before()
            if not self.insufficient:
                yield Written(said.strip(), _numbers(value.get("sources")))

    def _gave_up_before(self) -> bool:
        """Whether the object around a claim begins with the word that nothing is claimed."""
        return bool(self._open) and bool(_INSUFFICIENT.match(self._text, self._open[-1]))


def _numbers(value: object) -> tuple[int, ...]:
    """Numbers of passages as models write them: 1, "1", "[2]", "Passage 3"."""
    values = value if isinstance(value, list) else [value]
    numbers: list[int] = []
    for one in values:
        if isinstance(one, float) and one.is_integer():
            numbers.append(int(one))
        elif isinstance(one, int | str) and not isinstance(one, bool):
            numbers += [int(digits) for digits in re.findall(r"\d{1,4}", str(one))]
    return tuple(numbers)


_THINKING = ("<think>", "<thinking>", "<thought>", "<reasoning>")
_THOUGHT = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_INSUFFICIENT = re.compile(r'\{\s*"insufficient"\s*:\s*true\b')
