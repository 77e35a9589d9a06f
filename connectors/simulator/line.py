"""One inbox as its customers see it."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.simulator.books import Brought, What
from connectors.simulator.server import Post


@dataclass(frozen=True)
class Delivery:
    """One thing that happened, as the provider's webhook carries it."""

    brought: Brought
    item: Any


@dataclass(frozen=True)
class Letter:
    """A message that a provider took."""

    address: str
    text: str
    id: str = ""
    """Our own id of it, where the provider is given that."""
    name: str = ""
    """The provider's own, where it is not."""


class Line(ABC):
    """A provider joins the crowd with one of these."""

    kind: str
    batches: bool = False
    """Whether the provider puts several things into one webhook."""
    names_time: bool = True
    """Whether the provider says when something happened."""
    can: Sequence[What] = ()
    """What people can do here, besides writing."""
    emoji: Sequence[str] = ("👍", "❤️", "😂", "🙏")
    share: float = 1.0
    """How much happens here, compared to other lines."""

    @property
    def seen(self) -> Collection[str]:
        """Our ids of what people here have read, as far as the provider tells us of each."""
        return ()

    def look_again(self) -> None:  # noqa: B027
        """Whoever is still there reads what was answered. Our service is up."""

    @property
    def waiting(self) -> int:
        """What the provider has still to tell us about our own messages."""
        return 0

    @abstractmethod
    def names(self, person: int) -> Sequence[str]:
        """Under which addresses the provider knows this person."""

    @abstractmethod
    def id(self, person: int, what: What, at: int, number: int) -> str:
        """What our service will know it by. `number` is large and nobody else's."""

    @abstractmethod
    def item(self, person: int, brought: Brought) -> Any:
        """The provider's form of what happened."""

    @abstractmethod
    def pack(self, deliveries: Sequence[Delivery]) -> Post:
        """One signed webhook of it. May raise httpx.HTTPError: then it is tried again later."""

    @abstractmethod
    def taken(self) -> Sequence[Letter]:
        """What the provider has taken from us so far, in order."""


def person_of(brought: Brought) -> int:
    return int(brought.person.rpartition(" ")[2])
