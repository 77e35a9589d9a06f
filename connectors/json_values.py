"""Reading vendor JSON without trusting it: odd values come back empty, never as errors."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


def child(item: Mapping[str, Any], *path: str) -> Json:
    """The object at this path, {} where there is none."""
    value: Any = item
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def children(item: Mapping[str, Any], key: str) -> list[Json]:
    """The objects in a list, [] where there is no list; other elements are left out."""
    value = item.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(item: Mapping[str, Any], key: str) -> str:
    """A string or number as text that every database can keep, "" for everything else."""
    return scalar(item.get(key))


def scalar(value: object) -> str:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def clean(value: str) -> str:
    """Without NUL and lone surrogates, which PostgreSQL and UTF-8 refuse."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def facts(item: Mapping[str, Any]) -> dict[str, str]:
    """The plain values of an object, for showing: lists and objects are left out."""
    read = {clean(key): scalar(value) for key, value in item.items()}
    return {key: value for key, value in read.items() if value}


def moment(value: object) -> datetime | None:
    """Unix seconds (or milliseconds), as text or number; None when it is no time at all."""
    try:
        seconds = float(value) if isinstance(value, str | int | float) else 0.0
        if seconds > 1e11:
            seconds /= 1000
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None
