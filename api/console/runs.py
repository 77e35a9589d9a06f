"""The stored trace of an assistant turn."""

from datetime import datetime

from fastapi import APIRouter

from agent import runs
from api.auth import Agent
from api.console.trace import Trace, trace_parts
from api.problems import problems
from api.transactions import Reading

router = APIRouter(prefix="/api/runs", tags=["runs"], responses=problems(401, 403, 404))


class RunShape(Trace):
    id: str
    at: datetime
    conversation_id: str
    policy: str
    outcome: str
    conversation_cost: float
    """What all turns of the conversation have cost at the model's endpoint so far."""


@router.get("/{run_id}")
def get_run(run_id: str, actor: Agent, session: Reading) -> RunShape:
    run = runs.find(session, run_id)
    return RunShape(
        id=run.id,
        at=run.created_at,
        conversation_id=run.conversation_id,
        decision=run.decision,
        confidence=run.confidence,
        threshold=run.threshold,
        policy=run.policy,
        mode=run.mode,
        outcome=run.outcome,
        conversation_cost=runs.cost_of(session, run.conversation_id),
        timings=run.timings,
        **trace_parts(session, run.trace),
    )
