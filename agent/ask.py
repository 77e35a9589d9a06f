"""One question to the assistant, outside any conversation: for trying and for the command line."""

from dataclasses import asdict
from typing import Any

from agent.in_force import in_force
from agent.think import think
from agent.turn import AskSame, Clarify, Draft, HandOff, Reply, Said, Smalltalk, Thought, Turn
from core.db import reading
from desk import customers
from desk.envelope import Strength
from desk.inboxes import Policy
from retrieval.library import Library


def ask(library: Library, question: str, *, customer_id: str | None = None) -> dict[str, Any]:
    """What the assistant would do with this question: decision, answer, sources, trace."""
    turn = Turn(
        said=(Said("customer", question, channel="web"),),
        channel="web",
        policy=Policy.THRESHOLD,
        **_customer(customer_id),
    )
    with reading() as session:
        using = in_force(session, library, turn.proof)
    thought = think(turn, library, answerer=using.answerer, head=using.head)
    return {**told(thought), "threshold": turn.threshold}


def _customer(customer_id: str | None) -> dict[str, Any]:
    if not customer_id:
        return {}
    with reading() as session:
        customer = customers.find(session, customer_id)
    return {
        "customer_name": customer.name,
        "language": customer.language,
        "proof": Strength.VERIFIED,
    }


def told(thought: Thought) -> dict[str, Any]:
    """A thought as JSON."""
    best = thought.best
    return {
        "decision": type(thought.decision).__name__.lower(),
        "text": _words(thought),
        "confidence": round(thought.confidence, 4),
        "mode": best.mode if best else "",
        "sources": [asdict(source) for source in best.sources] if best else [],
        "trace": dict(thought.trace),
        "timings": {stage: round(ms, 2) for stage, ms in thought.timings.items()},
    }


def _words(thought: Thought) -> str:
    match thought.decision:
        case Reply(answer) | Draft(answer):
            return answer.text
        case Smalltalk(text) | HandOff(text=text):
            return text
        case Clarify(question, choices) | AskSame(question, choices):
            return "\n".join([question, *(f"- {choice}" for choice in choices)])
        case resolved:
            return resolved.text
