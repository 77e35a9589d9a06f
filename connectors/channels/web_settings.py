"""What a website chat's settings mean: what is asked first, and what the chat says unasked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

QUESTIONS = ("name", "email", "phone")
OPTIONAL = "(optional)"
MOST_INVITATIONS = 20
LONGEST_INVITATION = 300


@dataclass(frozen=True)
class Question:
    """One field of the form before the chat."""

    ask: str
    required: bool


def questions(config: Mapping[str, str]) -> tuple[Question, ...]:
    """Each field once, in the order written: "name, email, phone (optional)"."""
    found: dict[str, Question] = {}
    for written in config.get("pre_chat", "").lower().split(","):
        ask = written.replace(OPTIONAL, "").strip()
        if ask in QUESTIONS:
            found.setdefault(ask, Question(ask, OPTIONAL not in written))
    return tuple(found.values())


def unknown_questions(config: Mapping[str, str]) -> list[str]:
    written = config.get("pre_chat", "").lower().split(",")
    asked = [one.replace(OPTIONAL, "").strip() for one in written]
    return [ask for ask in asked if ask and ask not in QUESTIONS]


@dataclass(frozen=True)
class Invitation:
    """A message that the chat shows by itself, beside its button, on pages that match."""

    id: str
    page: str
    """An address with * for anything; one that starts with / is compared from the path on."""
    seconds: int
    """How long the visitor has been on the page by then."""
    daily: bool
    """Once a day; else once ever."""
    text: str


def invitations(config: Mapping[str, str]) -> tuple[Invitation, ...]:
    """The rules as they are written; what can't be understood is left out."""
    try:
        rows = json.loads(config.get("invitations") or "[]")
    except ValueError:
        return ()
    wanted = rows if isinstance(rows, list) else []
    read = [_invitation(row) for row in wanted[:MOST_INVITATIONS]]
    return tuple(one for one in read if one is not None)


def _invitation(row: object) -> Invitation | None:
    if not isinstance(row, dict):
        return None
    page, text, seconds = row.get("page"), row.get("text"), row.get("seconds", 0)
    if not isinstance(page, str) or not isinstance(text, str) or not text.strip():
        return None
    if not isinstance(seconds, int) or not 0 <= seconds <= 3600:
        return None
    text = text.strip()[:LONGEST_INVITATION]
    # Named by what it says, so that an answer is to what was read even if the rule changed since.
    known = hashlib.sha256(f"{page}\n{text}".encode()).hexdigest()[:16]
    return Invitation(known, page.strip() or "*", seconds, row.get("once") == "day", text)


def unreadable_invitations(config: Mapping[str, str]) -> int:
    try:
        rows = json.loads(config.get("invitations") or "[]")
    except ValueError:
        return 1
    return len(rows) - len(invitations(config)) if isinstance(rows, list) else 1


def shows_seen(config: Mapping[str, str]) -> bool:
    """Whether visitors see that a teammate has read what they wrote."""
    return config.get("show_seen", "yes") != "no"


def asks_for_rating(config: Mapping[str, str]) -> bool:
    return config.get("ask_rating", "yes") != "no"
