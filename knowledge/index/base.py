"""What an index of passages is: vectors and words, filtered by who asks and when."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from core.clock import now
from core.errors import OneThreadError
from knowledge.embed import Vectors

WORDS = "words"
KEYWORDS = ("audience", "language")
TIMES = ("from", "until")
FOREVER = 253402300799.0
"""The last second of the year 9999: valid without an end."""

Words = Mapping[int, float]


class IndexBusy(OneThreadError):
    code = "index_busy"
    status = 409


@dataclass(frozen=True)
class Point:
    """One passage as the index knows it. `id` is a UUID."""

    id: str
    vectors: Mapping[str, Vectors]
    """By the name of the model."""
    words: Words
    audience: str = "public"
    language: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True)
class Match:
    id: str
    score: float


@dataclass(frozen=True)
class Filters:
    """Who asks, and when. Internal articles are found for teammates only."""

    audience: Literal["public", "internal"] = "public"
    languages: tuple[str, ...] = ()
    """Empty: any. Passages without a known language always pass."""
    at: datetime = field(default_factory=now)


class Index(Protocol):
    """`among` limits a search to these ids: it scores what another search has found."""

    def upsert(self, points: Sequence[Point]) -> None: ...

    def delete(self, ids: Sequence[str]) -> None: ...

    def search_dense(
        self,
        model: str,
        vector: Vectors,
        k: int,
        filters: Filters,
        among: Sequence[str] | None = None,
    ) -> list[Match]: ...

    def search_lexical(
        self, words: Words, k: int, filters: Filters, among: Sequence[str] | None = None
    ) -> list[Match]: ...

    def count(self) -> int: ...

    def ids(self) -> Iterator[str]: ...

    def optimize(self) -> None:
        """Tidy up after many changes; may take a minute at 100,000 passages."""

    def close(self) -> None: ...


def payload(point: Point) -> dict[str, Any]:
    return {
        "audience": point.audience,
        "language": point.language,
        "from": point.valid_from.timestamp() if point.valid_from else 0.0,
        "until": point.valid_until.timestamp() if point.valid_until else FOREVER,
    }


def fingerprint(dimensions: Mapping[str, int]) -> str:
    """Names an index by its vectors: other models, another index, made anew beside the old."""
    return hashlib.sha256(repr(sorted(dimensions.items())).encode()).hexdigest()[:8]
