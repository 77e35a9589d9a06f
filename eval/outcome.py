"""What became of one case, and by which rule it counts as right or wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.turn import AskSame, Clarify, Decision, Draft, HandOff, Reply, Thought
from eval.suites import Case

DECISIONS = ("answer", "clarify", "escalate")


@dataclass(frozen=True)
class Outcome:
    case: Case
    decision: str
    """answer, clarify or escalate. A draft counts as the answer it holds."""
    confidence: float
    """P(right) of the best answer, sent or not."""
    retrieved: tuple[str, ...]
    """Article ids, best first."""
    best_cited: tuple[str, ...]
    """What the best answer cites, sent or not."""
    answer: str
    """What was said to the customer."""
    timings: Mapping[str, float]
    features: Mapping[str, float] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        return self.decision == "answer"

    @property
    def cited(self) -> tuple[str, ...]:
        return self.best_cited if self.answered else ()

    @property
    def best_is_right(self) -> bool:
        """The proxy: the case wants an answer, and the best one cites a gold article."""
        wants_answer = self.case.label in ("answer", "partial")
        return wants_answer and any(article in self.case.gold for article in self.best_cited)

    @property
    def found(self) -> bool:
        """Whether a gold article is among the first five."""
        return any(article in self.case.gold for article in self.retrieved[:5])


def outcome_of(
    case: Case, thought: Thought, retrieved: tuple[str, ...], names: Mapping[str, str]
) -> Outcome:
    """`names` are what the case calls articles, by their ids; ids stand for themselves."""
    best = thought.best
    features = thought.trace.get("features")
    return Outcome(
        case=case,
        decision=_decision(thought.decision),
        confidence=thought.confidence,
        retrieved=tuple(names.get(id, id) for id in retrieved),
        best_cited=tuple(names.get(id, id) for id in best.cited) if best else (),
        answer=_said(thought.decision),
        timings=thought.timings,
        features=features if isinstance(features, dict) else {},
    )


def _decision(decision: Decision) -> str:
    match decision:
        case Clarify() | AskSame():
            return "clarify"
        case HandOff():
            return "escalate"
        case _:
            return "answer"


def _said(decision: Decision) -> str:
    match decision:
        case Reply() | Draft():
            return decision.answer.text
        case Clarify() | AskSame():
            return decision.question
        case _:
            return decision.text
