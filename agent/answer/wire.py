"""What the model is asked to write, and reading it while it is still being written."""

import json
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

    Text around the JSON (a code fence, a preamble) does no harm. `understood` tells whether there
    was anything of the agreed form; `insufficient` what the model said about the passages.
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
            yield from self._new_claims()

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
        except ValueError:
            return
        if "insufficient" in value or "claims" in value:
            self.understood = True
            self.insufficient = value.get("insufficient") is True
        said = value.get("text")
        if isinstance(said, str) and said.strip():
            self.understood = True
            yield Written(said.strip(), _numbers(value.get("sources")))


def _numbers(value: object) -> tuple[int, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(int(one) for one in values if isinstance(one, int | str) and str(one).isdigit())
