"""Proof on demand: a one-time code, sent to an address on record, raises a thread for one session.

The code is stored nowhere: it follows from the request's id under a key of the installation, and
is made again when it is sent and when it is tried. Whatever is missing or late proves nothing.
"""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, events
from core.clock import now
from core.crypto import derived_key
from core.db import Row
from desk import customers
from desk.identities import Identity

VALID = timedelta(minutes=10)
SESSION = timedelta(minutes=30)
"""How long a right code raises the proof."""
MOST_TRIES = 5
WITHIN = timedelta(hours=1)
MOST_OF_THREAD = 3
MOST_OF_CUSTOMER = 5
MOST_TO_ADDRESS = 4
"""Codes within an hour: of one thread, of one customer who asks, to one address."""


class ProofRequest(Row):
    """A code asked for in a thread. Without a target it was sent to nobody, and no code is right:
    whoever asks can't tell the two apart."""

    __tablename__ = "proof_request"

    thread_id: Mapped[str] = mapped_column(ForeignKey("thread.id"), index=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identity.id"), index=True)
    """Who asks: the identity whose proof is raised."""
    target_id: Mapped[str | None] = mapped_column(ForeignKey("identity.id"), index=True)
    by: Mapped[str]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    raised_until: Mapped[datetime | None]


def one_at_a_time(session: Session, asking: Identity, target: Identity | None) -> None:
    """Requests that come at once are counted one after the other."""
    ids = [one.id for one in (asking, target) if one]
    rows = select(Identity.id).where(Identity.id.in_(ids)).order_by(Identity.id)
    session.execute(rows.with_for_update())


def asks_too_often(session: Session, thread_id: str, asking: Identity) -> bool:
    """Whether whoever asks would have one too many."""
    theirs = select(Identity.id).where(
        Identity.customer_id.in_(customers.all_ids(session, asking.customer_id))
    )
    return (
        _asked(session, ProofRequest.thread_id == thread_id) >= MOST_OF_THREAD
        or _asked(session, ProofRequest.identity_id.in_(theirs)) >= MOST_OF_CUSTOMER
    )


def gets_too_many(session: Session, target: Identity) -> bool:
    """Whether an address would get one too many, whoever asks."""
    return _asked(session, ProofRequest.target_id == target.id) >= MOST_TO_ADDRESS


def _asked(session: Session, condition: ColumnElement[bool]) -> int:
    rows = select(func.count()).where(condition, ProofRequest.created_at > now() - WITHIN)
    return session.scalar(rows) or 0


def open_request(
    session: Session, thread_id: str, asking: Identity, target: Identity | None, by: str
) -> ProofRequest:
    """The one request of this thread that counts; earlier ones end."""
    for earlier in _open(session, thread_id):
        earlier.closed_at = now()
    row = ProofRequest(
        thread_id=thread_id,
        identity_id=asking.id,
        target_id=target.id if target else None,
        by=by,
        expires_at=now() + VALID,
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "proof.requested", row.id, thread=thread_id)
    return row


def code_of(row: ProofRequest) -> str:
    """Six digits that only this installation can make of this request."""
    return f"{_number(row, 'code') % 1_000_000:06d}"


def number_of(row: ProofRequest) -> str:
    """Two digits shown where the code was asked for; the signed link wants to hear them, so that
    nobody confirms what somebody else asked for."""
    return f"{_number(row, 'pair') % 90 + 10}"


def link_token(row: ProofRequest) -> str:
    return f"{row.id}.{_digest(row.id, 'link').hex()}"


def _number(row: ProofRequest, purpose: str) -> int:
    return int.from_bytes(_digest(row.id, purpose)[:8])


def _digest(request_id: str, purpose: str) -> bytes:
    key = derived_key("one-time codes")
    return hmac.digest(key, f"{purpose}\n{request_id}".encode(), "sha256")


def waiting_in(session: Session, thread_id: str) -> ProofRequest | None:
    """The request whose code may be typed in this thread now."""
    rows = [row for row in _open(session, thread_id) if _is_valid(row)]
    return rows[-1] if rows else None


def is_waiting(session: Session, thread_id: str) -> bool:
    """Whether a code may be typed in this thread now; only looks."""
    rows = session.scalars(
        select(ProofRequest).where(
            ProofRequest.thread_id == thread_id, ProofRequest.closed_at.is_(None)
        )
    )
    return any(_is_valid(row) for row in rows)


def of_link(session: Session, token: str) -> ProofRequest | None:
    """The request of a signed link, while it is valid."""
    request_id, _, digest = token.partition(".")
    if not hmac.compare_digest(digest, _digest(request_id, "link").hex()):
        return None
    row = _locked(session, request_id)
    return row if row and _is_valid(row) and row.target_id else None


def _open(session: Session, thread_id: str) -> list[ProofRequest]:
    return list(
        session.scalars(
            select(ProofRequest)
            .where(ProofRequest.thread_id == thread_id, ProofRequest.closed_at.is_(None))
            .order_by(ProofRequest.id)
            .with_for_update()
        )
    )


def _locked(session: Session, request_id: str) -> ProofRequest | None:
    return session.scalar(
        select(ProofRequest).where(ProofRequest.id == request_id).with_for_update()
    )


def _is_valid(row: ProofRequest) -> bool:
    return row.closed_at is None and row.expires_at > now() and row.tries < MOST_TRIES


def try_code(session: Session, row: ProofRequest, typed: str, expected: str) -> bool:
    """Count this try; a right one ends the request and raises its thread for a session."""
    row.tries += 1
    right = hmac.compare_digest(typed.encode(), expected.encode()) and row.target_id is not None
    if right:
        row.closed_at, row.raised_until = now(), now() + SESSION
    elif row.tries >= MOST_TRIES:
        row.closed_at = now()
    session.flush()
    outcome = "proof.given" if right else "proof.refused"
    audit.record(session, "customer", outcome, row.id, thread=row.thread_id)
    events.append(session, "identity.proof", right=right, thread=row.thread_id)
    return right


def give_up(session: Session, row: ProofRequest) -> None:
    """Whoever got the code did not ask for it."""
    row.closed_at = now()
    audit.record(session, "customer", "proof.denied", row.id, thread=row.thread_id)


def is_raised(session: Session, thread_id: str, identity_id: str) -> bool:
    """Whether a right code vouches for this identity in this thread now.

    Not when the address the code went to belongs to another customer meanwhile.
    """
    rows = session.scalars(
        select(ProofRequest).where(
            ProofRequest.thread_id == thread_id,
            ProofRequest.identity_id == identity_id,
            ProofRequest.raised_until > now(),
        )
    )
    return any(_is_one(session, row) for row in rows)


def _is_one(session: Session, row: ProofRequest) -> bool:
    asking = session.get_one(Identity, row.identity_id)
    target = session.get(Identity, row.target_id) if row.target_id else None
    if target is None or target.retired_at or target.shared:
        return False
    ids = customers.current_ids(session, {asking.customer_id, target.customer_id})
    return ids[asking.customer_id] == ids[target.customer_id]
