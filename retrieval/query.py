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
    whole: str
    """With what they said before it; the same where nothing was."""

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(words(self.text))

    @property
    def is_follow_up(self) -> bool:
        return self.whole != self.text


def query_of(text: str, context: Sequence[str] = ()) -> Query:
    """`context` is what the customer said earlier in this conversation, oldest first."""
    text = text.strip()[:LONGEST]
    earlier = [said.strip()[:LONGEST] for said in context[-EARLIER:] if said.strip()]
    return Query(text, " ".join([*earlier, text]))
