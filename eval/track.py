"""How long runs show how far they are, without knowing on what."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Track(Protocol):
    """Goes through a sequence and may show how far it is."""

    def __call__(self, items: Sequence[T], what: str) -> Iterable[T]: ...


def quietly(items: Sequence[T], what: str) -> Iterable[T]:
    return items
