"""Why the assistant decided as it did: the trace of a run, with the passages it looked at."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from agent.answer.account import Account
from knowledge.listing import passage_texts


class Retrieved(BaseModel):
    article_id: str
    title: str
    url: str
    score: float
    passage: str


class ClaimShape(BaseModel):
    text: str
    passage_id: str | None
    passage: str | None
    ok: bool
    problem: str


class ToolShape(BaseModel):
    name: str
    arguments: str
    told: str
    found: list[str]
    ms: float


class AccountShape(BaseModel):
    """What asking a language model took, and what went otherwise than it should."""

    model: str
    requests: int
    tokens_in: int
    tokens_out: int
    cost: float
    """In the currency of the prices in the model's settings."""
    estimated: bool
    tools: list[ToolShape]
    notes: list[str]
    failed: str


class Trace(BaseModel):
    decision: str
    confidence: float
    threshold: float
    explanation: str
    mode: str
    understood: dict[str, Any]
    retrieved: list[Retrieved]
    claims: list[ClaimShape]
    reasons: list[str]
    features: dict[str, float]
    timings: dict[str, float]
    versions: dict[str, str]
    account: AccountShape | None


def trace_parts(session: Session, trace: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a stored trace, passages by their words. A turn cut short lacks some of them."""
    retrieved, claims = trace.get("retrieved") or [], trace.get("claims") or []
    ids = {hit["passage"] for hit in retrieved} | {claim["passage_id"] for claim in claims}
    texts = passage_texts(session, ids - {None})
    return {
        "explanation": trace.get("explanation") or "",
        "understood": trace.get("understood") or {},
        "retrieved": [{**hit, "passage": texts.get(hit["passage"], "")} for hit in retrieved],
        "claims": [
            {**claim, "passage": texts.get(claim["passage_id"] or ""), "problem": claim["problem"]}
            for claim in claims
        ],
        "reasons": trace.get("reasons") or [],
        "features": trace.get("features") or {},
        "versions": trace.get("versions") or {},
        "account": _account(trace.get("account") or {}),
    }


def _account(account: Mapping[str, Any]) -> AccountShape | None:
    """None where no model was asked and there is nothing to say about it."""
    known = AccountShape.model_validate({**asdict(Account()), **account})
    return known if known.requests or known.notes or known.failed else None
