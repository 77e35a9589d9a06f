"""What Meta's error codes mean for a person, and what may be done next."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from desk.envelope import Concerns


class Then(Enum):
    """What an error allows."""

    GIVE_UP = auto()
    TRY_LATER = auto()
    UNKNOWN = auto()
    """Meta may have taken the message all the same: it is never sent again by itself."""


@dataclass(frozen=True)
class Meaning:
    words: str
    then: Then = Then.GIVE_UP
    wait: float | None = None
    """Seconds before the next try, for TRY_LATER."""
    concerns: Concerns = Concerns.MESSAGE


@dataclass(frozen=True)
class ErrorTable:
    """The codes of one product. What is not listed is refused for good: sending it again would
    fail again."""

    name: str
    meanings: Mapping[str, Meaning]
    too_fast: str
    """The code that stands for an answer 429 without one."""
    failing: str = "1"
    """The same for an answer of 500 and above."""

    def meaning(self, code: str) -> Meaning:
        return self.meanings.get(code, Meaning(f"{self.name} refused the message."))

    def explain(self, code: str, detail: str) -> str:
        """Plain words, then what Meta said, for the teammate who looks at the message."""
        words = self.meaning(code).words
        return f"{words} ({detail})" if detail else words

    def most_precise(self, code: str, subcode: str) -> str:
        """The subcode where we know what it means, else the code."""
        return subcode if subcode in self.meanings else code
