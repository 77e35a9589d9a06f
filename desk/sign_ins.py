"""Who is signed in, and how often somebody may guess a password."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.clock import now
from core.crypto import derived_key
from core.db import Row
from core.errors import OneThreadError
from desk.teams import Teammate

LASTS = timedelta(days=30)
GUESSES_COUNT_FOR = timedelta(minutes=15)
GUESSES_BY_EMAIL = 10
GUESSES_BY_ADDRESS = 30


class TooManyGuesses(OneThreadError):
    code = "too_many_attempts"
    status = 429


class SignIn(Row):
    """One browser of one teammate. Ending the row ends the session at once."""

    __tablename__ = "sign_in"

    teammate_id: Mapped[str] = mapped_column(ForeignKey("teammate.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(default=lambda: now() + LASTS)
    ended_at: Mapped[datetime | None]


class Guess(Row):
    """One try to sign in that has not succeeded, under a keyed hash of who tried."""

    __tablename__ = "sign_in_guess"
    __table_args__ = (Index("ix_sign_in_guess_recent", "key", "created_at"),)

    key: Mapped[str]


def count_guess(session: Session, email: str, address: str) -> None:
    """Count a try before the password is looked at, so that guessing in parallel gains nothing.

    Raises TooManyGuesses when this email or this address has none left.
    """
    for key, most in _keys(email, address):
        recent = select(func.count()).where(
            Guess.key == key, Guess.created_at > now() - GUESSES_COUNT_FOR
        )
        if (session.scalar(recent) or 0) >= most:
            raise TooManyGuesses("Too many attempts to sign in. Please wait 15 minutes.")
        session.add(Guess(key=key))
    session.execute(delete(Guess).where(Guess.created_at < now() - 4 * GUESSES_COUNT_FOR))


def begin(session: Session, teammate: Teammate, address: str) -> SignIn:
    """Sign a teammate in: the guesses made at this email are forgiven.

    Of those from this address only this try is, so that a whole office can sign in from one, and
    nobody buys more guesses with a password they know.
    """
    by_email, by_address = (key for key, _ in _keys(teammate.email, address))
    latest = select(Guess.id).where(Guess.key == by_address).order_by(Guess.created_at.desc())
    session.execute(delete(Guess).where(Guess.key == by_email))
    session.execute(delete(Guess).where(Guess.id == latest.limit(1).scalar_subquery()))
    teammate.seen_at = now()
    sign_in = SignIn(teammate_id=teammate.id)
    session.add(sign_in)
    session.flush()
    return sign_in


def teammate_of(session: Session, sign_in_id: str) -> Teammate | None:
    """Whose sign-in this is, if it is in force and the teammate is active."""
    return session.scalar(
        select(Teammate)
        .join(SignIn, SignIn.teammate_id == Teammate.id)
        .where(
            SignIn.id == sign_in_id,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now(),
            Teammate.active,
        )
    )


def end(session: Session, sign_in_id: str) -> None:
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in and not sign_in.ended_at:
        sign_in.ended_at = now()
        events.append(session, "teammate.signed_out", teammate=sign_in.teammate_id)


def end_others(session: Session, teammate_id: str, keep: str | None = None) -> None:
    """End all of a teammate's sign-ins but one: after a new password, or on deactivation."""
    rows = select(SignIn).where(SignIn.teammate_id == teammate_id, SignIn.ended_at.is_(None))
    for sign_in in session.scalars(rows):
        if sign_in.id != keep:
            sign_in.ended_at = now()
    events.append(session, "teammate.signed_out", teammate=teammate_id)


def _keys(email: str, address: str) -> list[tuple[str, int]]:
    return [
        (_hashed(f"email {email.strip().lower()}"), GUESSES_BY_EMAIL),
        (_hashed(f"address {address}"), GUESSES_BY_ADDRESS),
    ]


def _hashed(text: str) -> str:
    key = derived_key("sign-in guesses")
    return hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()
