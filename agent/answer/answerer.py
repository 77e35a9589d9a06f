"""What an answerer is: it proposes claims, one by one; others verify and decide."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal, Protocol

from agent.answer.account import Account
from agent.turn import Claim
from core.errors import OneThreadError
from retrieval.found import ArticleHit, Found


@dataclass(frozen=True)
class Question:
    """What is asked, as an answerer may know it."""

    text: str
    context: tuple[str, ...] = ()
    language: str = "en"
    company: str = ""
    asked_at: float = field(default_factory=monotonic, compare=False)
    """Monotonic seconds; whoever answers has so long from here, all tries together."""


@dataclass(frozen=True)
class Proposal:
    """Claims in the order they are to be said. They may still be on their way."""

    mode: Literal["faq", "extractive", "llm"]
    claims: Iterable[Claim]
    account: Account = field(default_factory=Account)
    """What it cost and how it went, filled while the claims are read."""
    secrets: tuple[str, ...] = ()
    """Words that must never leave, such as a prompt's delimiters."""
    more: list[ArticleHit] = field(default_factory=list)
    """Articles it found on the way, which its claims may cite too."""

    def close(self) -> None:
        """No more claims are wanted: whoever still writes them is cut off."""
        if isinstance(self.claims, Generator):
            self.claims.close()


class Answerer(Protocol):
    def propose(self, question: Question, found: Found) -> Proposal:
        """Claims that answer the question from what was found; none when that isn't enough.

        Reading them may raise AnswererFailed.
        """

    def repair(self, question: Question, found: Found, problems: Sequence[str]) -> Proposal | None:
        """Another try, told what did not hold; None where trying again changes nothing."""

    def translate(
        self, question: Question, sentences: Sequence[str], account: Account
    ) -> list[str]:
        """The sentences in the question's language, one for one. May raise AnswererFailed."""


class AnswererFailed(OneThreadError):
    """The answerer broke down; another one or a person takes over."""

    code = "answerer_failed"
    status = 502
