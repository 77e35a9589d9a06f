"""The channel a customer prefers: as they said or a teammate set it, else as they write."""

import re
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.db import Row
from desk import customers
from desk.conversations import Conversation
from desk.inboxes import Inbox
from desk.messages import Direction, Message

LATEST = 12
"""Messages that a habit is read from."""
ENOUGH = 3
SAID = "the customer said so"
NAMES = {
    "whatsapp": r"whats\s?app",
    "email": r"e-?mails?",
    "sms": r"sms|text messages?|texts?",
    "telegram": r"telegram",
    "phone": r"phone|telefon|telefonisch|call",
    "messenger": r"messenger",
    "instagram": r"instagram|insta",
}
_WISH = (
    r"(?:please\s+)?(?:only\s+)?(?:write|answer|reply|contact|reach|message|text)\s+(?:to\s+)?me"
    r"(?:\s+back)?\s+(?:only\s+)?(?:on|by|via|through|over)\s+(?P<a>{name})\b"
    r"|i(?:'d| would)? prefer\s+(?:to be contacted\s+)?(?:(?:on|by|via)\s+)?(?P<b>{name})\b"
    r"|(?:schreiben|antworten|kontaktieren|melden)\s+sie\s+(?:mir|mich|sich)\s+(?:bitte\s+)?"
    r"(?:nur\s+)?(?:per|über|auf|via)\s+(?P<c>{name})\b"
    r"|bitte\s+(?:nur\s+)?(?:per|über|auf|via)\s+(?P<d>{name})\s+(?:antworten|schreiben)"
)
_WISHES = {
    kind: re.compile(_WISH.replace("{name}", f"(?:{name})"), re.IGNORECASE)
    for kind, name in NAMES.items()
}
_NEGATED = re.compile(r"\b(?:not|don'?t|never|nicht|kein(?:e|en)?)\b", re.IGNORECASE)


class Preference(Row):
    """What was set, by hand or by the customer's own words."""

    __tablename__ = "preference"

    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    channel: Mapped[str]
    """A kind of channel; empty: learn it again."""
    source: Mapped[str]
    by: Mapped[str]


@dataclass(frozen=True)
class Preferred:
    channel: str
    reason: str
    """For teammates: why we think so."""
    learned: bool


def prefer(session: Session, customer_id: str, channel: str, *, source: str, by: str) -> None:
    customer_id = customers.current_id(session, customer_id)
    session.add(Preference(customer_id=customer_id, channel=channel, source=source, by=by))
    session.flush()
    events.append(session, "customer.prefers", customer=customer_id, channel=channel)


def preferred(session: Session, customer_id: str) -> Preferred | None:
    """None while nothing was set and there is no habit to tell."""
    ids = customers.all_ids(session, customer_id)
    word = session.scalar(
        select(Preference)
        .where(Preference.customer_id.in_(ids))
        .order_by(Preference.created_at.desc(), Preference.id.desc())
        .limit(1)
    )
    if word and word.channel:
        return Preferred(word.channel, word.source, learned=False)
    return _habit(session, ids)


def _habit(session: Session, customer_ids: list[str]) -> Preferred | None:
    kinds = session.scalars(
        select(Inbox.kind)
        .join(Message, Message.inbox_id == Inbox.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.customer_id.in_(customer_ids), Message.direction == Direction.IN)
        .where(Message.automatic == "")
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(LATEST)
    ).all()
    if len(kinds) < ENOUGH:
        return None
    kind, times = Counter(kinds).most_common(1)[0]
    if times * 2 <= len(kinds):
        return None
    return Preferred(kind, f"{times} of their last {len(kinds)} messages came here", learned=True)


def wish_in(text: str) -> str:
    """The kind of channel somebody asks to be answered on, "" for none. Better none than wrong."""
    for sentence in re.split(r"[.!?\n]", text[:2000]):
        if _NEGATED.search(sentence):
            continue
        for kind, wish in _WISHES.items():
            if wish.search(sentence):
                return kind
    return ""
