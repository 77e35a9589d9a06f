"""The stored trace of each assistant turn: what it saw, found, decided, and why."""

from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from agent.turn import Thought, Turn
from core.db import Row
from core.errors import NotFound


class Run(Row):
    __tablename__ = "run"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    revision: Mapped[int]
    decision: Mapped[str]
    """The name of a decision of agent.turn, in lower case."""
    outcome: Mapped[str]
    """applied, or void with the reason"""
    confidence: Mapped[float]
    threshold: Mapped[float]
    policy: Mapped[str]
    mode: Mapped[str]
    trace: Mapped[dict[str, Any]]
    timings: Mapped[dict[str, Any]]


def keep(session: Session, turn: Turn, thought: Thought, outcome: str) -> Run:
    run = Run(
        conversation_id=turn.conversation_id,
        revision=turn.revision,
        decision=type(thought.decision).__name__.lower(),
        outcome=outcome,
        confidence=thought.confidence,
        threshold=turn.threshold,
        policy=turn.policy,
        mode=thought.best.mode if thought.best else "",
        trace=dict(thought.trace),
        timings=dict(thought.timings),
    )
    session.add(run)
    session.flush()
    return run


def cost_of(session: Session, conversation_id: str) -> float:
    """What a conversation's turns have cost at the model's endpoint, void ones too."""
    traces = session.scalars(select(Run.trace).where(Run.conversation_id == conversation_id))
    return sum(float((trace.get("account") or {}).get("cost") or 0) for trace in traces)


def find(session: Session, run_id: str) -> Run:
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    return run
