""" "Same person?": pairs of customers that may be one, with the evidence, for a teammate to judge.

Nothing a stranger types fills the queue: one customer's claims make a few pairs at most, and so
do all the claims that name one customer.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, events
from core.clock import now
from core.db import Row
from core.errors import Conflict, NotFound
from desk import customers, merges
from desk.envelope import Strength

MOST_OPEN = 3
"""Open pairs of one customer that rest on weak evidence."""
MOST_REASONS = 20
"""Reasons kept for one pair."""


class State(StrEnum):
    OPEN = "open"
    MERGED = "merged"
    DISMISSED = "dismissed"


class Why(StrEnum):
    """Kinds of evidence that two customers are one, and how much each weighs."""

    CONFLICT = "conflict"
    """The channel or the merchant proves an address for one that belongs to the other."""
    NUMBER = "number"
    """Two WhatsApp users on one number."""
    ORDER = "order"
    CLAIM = "claim"
    """Somebody typed an address of the other."""
    CITY = "city"

    @property
    def weight(self) -> int:
        return {"conflict": 60, "number": 30, "order": 40, "claim": 20, "city": 15}[self]


@dataclass(frozen=True)
class Reason:
    """One piece of evidence. `address` names what both sides have, for teammates only."""

    why: Why
    words: str
    address: str = ""
    strength: str = ""

    @property
    def mark(self) -> str:
        """What makes evidence new: not another wording of what was there."""
        said = f"{self.why}\n{self.address}".lower()
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


class Suggestion(Row):
    __tablename__ = "suggestion"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index("ix_suggestion_open", "state", "score", "id"),
    )

    first_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    second_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    state: Mapped[str] = mapped_column(default=State.OPEN)
    score: Mapped[int]
    evidence: Mapped[list[dict[str, Any]]]
    merge_id: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]


def suggest(session: Session, one: str, other: str, reason: Reason) -> Suggestion | None:
    """Note a reason that these two may be one; the same reason again changes nothing.

    A pair that was dismissed comes back only for a reason nobody has seen with it.
    """
    one, other = customers.current_id(session, one), customers.current_id(session, other)
    if one == other:
        return None
    row = _find(session, one, other)
    if row is None:
        if _is_weak(reason) and (_is_full(session, one) or _is_full(session, other)):
            return None
        first, second = sorted((one, other))
        row = Suggestion(first_id=first, second_id=second, state=State.OPEN, score=0, evidence=[])
        session.add(row)
    if any(known["mark"] == reason.mark for known in row.evidence):
        return row
    if len(row.evidence) >= MOST_REASONS:
        return row
    noted = {**asdict(reason), "mark": reason.mark, "at": now().isoformat()}
    row.evidence = [*row.evidence, noted]
    row.score = _score(row.evidence)
    row.state = State.OPEN
    session.flush()
    events.append(session, "suggestion.changed", suggestion=row.id)
    return row


def _is_weak(reason: Reason) -> bool:
    return reason.why != Why.CONFLICT


def _is_full(session: Session, customer_id: str) -> bool:
    ids = customers.all_ids(session, customer_id)
    count = select(func.count()).where(
        Suggestion.state == State.OPEN,
        or_(Suggestion.first_id.in_(ids), Suggestion.second_id.in_(ids)),
    )
    return (session.scalar(count) or 0) >= MOST_OPEN


def _score(evidence: Sequence[dict[str, Any]]) -> int:
    """Each kind counts once: many claims of one kind prove no more than one."""
    return min(99, sum(Why(why).weight for why in {one["why"] for one in evidence}))


def _find(session: Session, one: str, other: str) -> Suggestion | None:
    """The pair under any of the ids that these two have had."""
    ones, others = customers.all_ids(session, one), customers.all_ids(session, other)
    first, second = Suggestion.first_id, Suggestion.second_id
    return session.scalar(
        select(Suggestion)
        .where(
            or_(
                and_(first.in_(ones), second.in_(others)),
                and_(first.in_(others), second.in_(ones)),
            )
        )
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(1)
    )


def find(session: Session, suggestion_id: str) -> Suggestion:
    row = session.scalar(select(Suggestion).where(Suggestion.id == suggestion_id).with_for_update())
    if row is None:
        raise NotFound("There is no such suggestion.")
    return row


def pair(session: Session, row: Suggestion) -> tuple[str, str]:
    """Who the two are today, merges followed; the same id twice when they have become one."""
    current = customers.current_ids(session, {row.first_id, row.second_id})
    return current[row.first_id], current[row.second_id]


def waiting(session: Session, limit: int = 100) -> list[Suggestion]:
    """Open pairs that are still two, the best founded first."""
    rows = session.scalars(
        select(Suggestion)
        .where(Suggestion.state == State.OPEN)
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(limit)
    )
    return [row for row in rows if len(set(pair(session, row))) == 2]


def count(session: Session) -> int:
    return len(waiting(session))


def accept(session: Session, row: Suggestion, into_id: str, *, by: str) -> None:
    """They are one: merge, and keep which merge it was."""
    first, second = pair(session, row)
    if into_id not in (first, second):
        raise Conflict("Choose one of the two customers to keep.")
    merged = second if into_id == first else first
    made = merges.merge(
        session,
        merged,
        into_id,
        source="; ".join(one["words"] for one in row.evidence[:3])[:500],
        strength=Strength.ASSERTED,
        by=by,
    )
    row.merge_id = made.id
    _decide(session, row, State.MERGED, by)


def dismiss(session: Session, row: Suggestion, *, by: str) -> None:
    _decide(session, row, State.DISMISSED, by)


def reopen(session: Session, row: Suggestion, *, by: str) -> None:
    """Take a decision back; of a merge, the merge as well."""
    if row.state == State.MERGED and row.merge_id:
        merge = session.get(customers.Merge, row.merge_id)
        if merge and merge.undone_at is None:
            merges.undo(session, merge.id, by=by, why="the decision was taken back")
    row.merge_id = None
    _decide(session, row, State.OPEN, by)


def _decide(session: Session, row: Suggestion, state: State, by: str) -> None:
    row.state, row.decided_by, row.decided_at = state, by, now()
    audit.record(
        session, by, f"suggestion.{state}", row.id, first=row.first_id, second=row.second_id
    )
    events.append(session, "suggestion.changed", suggestion=row.id)
