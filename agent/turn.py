"""What the assistant may know in one turn, and what it may decide. Pure data, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from core.clock import now
from delivery.same_matter import Earlier
from desk.envelope import Source, Strength
from desk.inboxes import Policy

Role = Literal["customer", "assistant", "teammate"]


@dataclass(frozen=True)
class Said:
    """One thing said in this conversation or, in `history`, in the customer's earlier ones."""

    role: Role
    text: str
    at: datetime | None = None
    channel: str = ""


@dataclass(frozen=True)
class Fact:
    """Something on record about the customer, with the proof needed to speak of it."""

    name: str
    value: str
    needs: Strength = Strength.ASSERTED


@dataclass(frozen=True)
class Turn:
    """Everything `think` may use. The last things said are the customer's, not yet answered."""

    said: tuple[Said, ...]
    conversation_id: str = ""
    revision: int = 0
    claimed_until: datetime | None = None
    """Names the claim on the turn: whoever takes it later gets another one."""
    channel: str = "web"
    policy: Policy = Policy.THRESHOLD
    threshold: float = 0.6
    proof: Strength = Strength.OBSERVED
    """How well whoever receives the reply is proven now."""
    customer_name: str = ""
    language: str = ""
    """The customer's language as known from earlier turns or the record; "" when unknown."""
    history: tuple[Said, ...] = ()
    facts: tuple[Fact, ...] = ()
    clarifications: int = 0
    """How often the assistant has asked back in this conversation."""
    failures: int = 0
    """How many of its last answers in a row did not help."""
    company: str = ""
    people_are_there: bool = True
    """Whether somebody is on duty in the queue that would take over."""
    people_return: datetime | None = None
    """When they are there again, if they aren't and that is known."""

    moment: datetime = field(default_factory=now)
    """Now, in the time zone of that queue."""
    may_be_called: bool = False
    """Whether a call can be booked."""
    call_is_planned: bool = False
    """Whether the customer is to be called, and has not been yet."""

    earlier: Earlier | None = None
    """What is open elsewhere and may be the same, where the customer may be asked."""

    may_offer_code: bool = False
    """Whether a one-time code may be offered: nobody has proven who they are, nor been asked to."""
    offered_code: bool = False
    """Whether the last thing said was such an offer."""
    code: Literal["", "right", "wrong"] = ""
    """What became of the code that the customer has just typed."""

    @property
    def asked(self) -> str:
        """The customer's messages that wait for an answer, as one text."""
        waiting: list[str] = []
        for said in reversed(self.said):
            if said.role != "customer":
                break
            waiting.append(said.text)
        return "\n".join(reversed(waiting)).strip()


@dataclass(frozen=True)
class Claim:
    """One sentence of an answer and the passage it rests on; None: small words, no claim."""

    text: str
    passage_id: str | None


@dataclass(frozen=True)
class Answer:
    """A verified answer: neutral text, its claims in order, and what they cite."""

    text: str
    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    cited: tuple[str, ...]
    """Article ids in the order cited."""
    mode: Literal["faq", "extractive", "llm"]


@dataclass(frozen=True)
class Reply:
    answer: Answer
    confidence: float


@dataclass(frozen=True)
class Smalltalk:
    """A greeting, thanks or goodbye, answered in kind; claims nothing."""

    text: str


@dataclass(frozen=True)
class Clarify:
    question: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class AskSame:
    """Before anything else is asked: whether the customer goes on with what is open elsewhere."""

    question: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """An answer that waits for a person's approval."""

    answer: Answer
    confidence: float
    reason: str


@dataclass(frozen=True)
class HandOff:
    """To a person. `reason` is a code of escalation.triggers; `explanation` is for teammates."""

    reason: str
    explanation: str
    text: str
    """What the customer is told now."""
    suggestion: Answer | None = None
    """The best answer found, for the person who takes over."""
    confidence: float = 0.0


@dataclass(frozen=True)
class Resolve:
    text: str


@dataclass(frozen=True)
class SendCode:
    """The customer wants a one-time code. `text` is the answer, the same whether one is sent."""

    text: str


@dataclass(frozen=True)
class BookCall:
    """The customer wants to be called at this time. `text` is the answer if it can be booked."""

    at: datetime
    text: str


@dataclass(frozen=True)
class CancelCall:
    """The call that is planned is not wanted any more."""

    text: str


Calling = BookCall | CancelCall
Decision = Reply | Smalltalk | SendCode | Calling | Clarify | AskSame | Draft | HandOff | Resolve


@dataclass(frozen=True)
class Thought:
    """A decision with its trace: what was understood, found, checked and weighed (JSON)."""

    decision: Decision
    confidence: float
    """P(right) of the best answer, sent or not; 0 when there is none."""
    best: Answer | None
    trace: Mapping[str, object] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds by stage: understand, embed, search, answer, verify, think..."""


class Voice(Protocol):
    """How a streaming channel hears an answer while it is being made."""

    def open(self, confidence: float) -> bool:
        """The decision to speak has fallen; False when the conversation has moved on."""

    def say(self, sentence: str) -> bool:
        """One verified sentence; False when the turn was cut and nothing more may be said."""
