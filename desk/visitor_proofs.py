"""Until when a website vouches for a visitor: what it signed, and how long that holds."""

from datetime import datetime

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import now
from core.db import Row
from desk import identities
from desk.identities import EXTERNAL, VISITOR


class VisitorProof(Row):
    __tablename__ = "visitor_proof"

    visitor: Mapped[str] = mapped_column(unique=True)
    inbox_id: Mapped[str] = mapped_column(ForeignKey("inbox.id"))
    sub: Mapped[str]
    """The merchant's id of the customer whom the website signed in."""
    expires_at: Mapped[datetime]


def bind(session: Session, visitor: str, inbox_id: str, *, sub: str, expires_at: datetime) -> None:
    """The website signed this visitor in, until then. Replaces what it said before."""
    release(session, visitor)
    session.add(VisitorProof(visitor=visitor, inbox_id=inbox_id, sub=sub, expires_at=expires_at))
    session.flush()


def release(session: Session, visitor: str) -> None:
    """The website says nothing about this visitor any more."""
    session.execute(delete(VisitorProof).where(VisitorProof.visitor == visitor))


def in_force(session: Session, visitor: str, inbox_id: str) -> str:
    """Whom the website vouches for now, as its own id of them; empty when nobody.

    Nobody either when a merge was made or undone meanwhile, so that the visitor and the
    signed-in customer are no longer one: nobody's history goes to somebody else.
    """
    sub = session.scalar(
        select(VisitorProof.sub).where(
            VisitorProof.visitor == visitor,
            VisitorProof.inbox_id == inbox_id,
            VisitorProof.expires_at > now(),
        )
    )
    if not sub or _differ(session, sub, visitor):
        return ""
    return sub


def _differ(session: Session, sub: str, visitor: str) -> bool:
    signed_in = identities.customer_of(session, EXTERNAL, sub)
    return signed_in != identities.customer_of(session, VISITOR, visitor)
