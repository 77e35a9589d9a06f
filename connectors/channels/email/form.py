"""The fields of a webhook body, however it is encoded: form, multipart or JSON."""

import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from desk.envelope import File

_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)', re.IGNORECASE)
_FIRST_LINE = re.compile(rb"--([\w'()+,./:=?-]{1,70})\r?\n(?=content-disposition:)", re.IGNORECASE)
_PARAMETER = r'(?i)(?<![\w*]){}="((?:[^"\\]|\\.)*)"'


@dataclass(frozen=True)
class Form:
    """What a webhook posted: values by name (JSON may nest them) and the files with it."""

    values: Mapping[str, Any]
    files: tuple[File, ...] = ()

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def read_form(body: bytes, content_type: str) -> Form | None:
    """The fields, or None where the body is none of these. Never raises."""
    boundary = _boundary(body, content_type)
    if boundary:
        return _multipart(body, boundary)
    if content_type.lower().startswith("application/x-www-form-urlencoded"):
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        return Form(dict(pairs))
    if body.lstrip()[:1] == b"{":
        return _json(body)
    return None


def _json(body: bytes) -> Form | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return Form(found) if isinstance(found, dict) else None


def _boundary(body: bytes, content_type: str) -> bytes:
    named = _BOUNDARY.search(content_type)
    if content_type.lower().startswith("multipart/form-data") and named:
        return named[1].encode("utf-8", "replace")
    first = _FIRST_LINE.match(body.lstrip())
    return first[1] if first else b""


def _multipart(body: bytes, boundary: bytes) -> Form:
    raw: dict[str, bytes] = {}
    files: list[File] = []
    for head, content in _parts(body, boundary):
        name, filename = _parameter(head, "name"), _parameter(head, "filename")
        if filename or "filename=" in head.lower():
            files.append(_file(name, filename, head, content))
        else:
            raw[name] = content
    charsets = _charsets(raw.get("charsets", b""))
    values = {name: _decoded(value, charsets.get(name, "utf-8")) for name, value in raw.items()}
    return Form(values, tuple(files))


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """Head and content of each part; some samples end lines with a bare newline."""
    for part in re.split(rb"(?:^|\r?\n)--" + re.escape(boundary), body)[1:]:
        if part.startswith(b"--"):
            return
        head, _, content = re.sub(rb"^[ \t]*\r?\n", b"", part).partition(
            b"\r\n\r\n" if b"\r\n\r\n" in part else b"\n\n"
        )
        yield head.decode("utf-8", "replace"), content


def _parameter(head: str, name: str) -> str:
    found = re.search(_PARAMETER.format(name), head)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else ""


def _file(name: str, filename: str, head: str, content: bytes) -> File:
    declared = re.search(r"(?im)^content-type:\s*([\w.+-]+/[\w.+-]+)", head)
    guessed = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return File("document", filename or name, declared[1] if declared else guessed, content)


def _charsets(value: bytes) -> dict[str, str]:
    try:
        found = json.loads(value or b"{}")
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _decoded(value: bytes, charset: str) -> str:
    try:
        return value.decode(charset, "replace")
    except (LookupError, UnicodeError):
        return value.decode("utf-8", "replace")
