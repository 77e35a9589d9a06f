"""What to look for: the customer's words, and what they said before where that helps."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.words import words

EARLIER = 2
"""How many of the customer's earlier messages a follow-up is read with."""
LONGEST = 2_000
"""Characters of a message that are searched for."""


@dataclass(frozen=True)
class Query:
    text: str
    """The customer's message."""
    earlier: str = ""
    """What they said just before it."""
    language: str = "en"

    @property
    def is_follow_up(self) -> bool:
        return bool(self.earlier)

    @property
    def whole(self) -> str:
        """With what was said before it; the message twice, so that it keeps the upper hand."""
        return f"{self.earlier} {self.text} {self.text}" if self.earlier else self.text

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(words(self.text))

    @cached_property
    def whole_words(self) -> tuple[str, ...]:
        return (*words(self.earlier), *self.words)


def query_of(text: str, context: Sequence[str] = (), language: str = "en") -> Query:
    """`context` is what the customer said earlier in this conversation, oldest first."""
    earlier = [said.strip()[:LONGEST] for said in context[-EARLIER:] if said.strip()]
    return Query(text.strip()[:LONGEST], " ".join(earlier), language)
