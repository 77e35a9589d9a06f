"""Which of the choices offered a customer means who has no buttons and writes its number."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from desk.conversations import Thread
from desk.messages import Direction, Message


def meant(session: Session, thread: Thread, answer: Message) -> str:
    """The choice behind "2", "2." or "(2)", if the last thing we said here offered so many."""
    if not is_number(answer.text):
        return ""
    said = last_said(session, thread, answer.at)
    return numbered(said.choices, answer.text) if said else ""


def numbered(offered: Sequence[str], text: str) -> str:
    """The choice whose number a text is, "" for any other text."""
    place = _number(text)
    return offered[place - 1] if 1 <= place <= len(offered) else ""


def is_number(text: str) -> bool:
    """Whether a text is a choice's number and nothing else."""
    return _number(text) > 0


def _number(text: str) -> int:
    found = re.fullmatch(r"\W{0,2}([0-9]{1,2})\W{0,2}", text.strip(), re.ASCII)
    return int(found[1]) if found else 0


def last_said(session: Session, thread: Thread, before: datetime) -> Message | None:
    """The last thing a customer read here by then."""
    return last_said_in(session, [thread.id], before)


def last_said_in(
    session: Session, thread_ids: Sequence[str] | Select[str], before: datetime
) -> Message | None:
    """The last thing a customer read in any of these threads by then."""
    return session.scalar(
        select(Message)
        .where(Message.thread_id.in_(thread_ids), Message.direction == Direction.OUT)
        .where(Message.draft.is_(False), Message.at <= before)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )
