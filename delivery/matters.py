"""Which matter a customer's message is about: one that is open on any channel, or a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from delivery.proven import is_proven
from delivery.same_matter import ASKS
from delivery.smalltalk import smalltalk_of
from delivery.wording import (
    answers,
    asks,
    begins,
    could_answer,
    goes_on,
    is_english,
    is_new,
    lasts,
    numbers,
    references,
    refers_back,
    says_nothing,
    shared,
    telling_words,
    without_numbers,
)
from desk import conversations, customers, identities
from desk.conversations import Conversation, Status, Thread
from desk.envelope import Envelope, Strength
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Author, Direction, Message
from knowledge.embed import Embedder, open_models

SAME = 0.5
"""Cosine from which two texts speak of one thing, when nothing else tells."""
PERHAPS = 0.28
"""From here on the customer is asked, and a teammate told that it may be."""
WORD = 0.1
REFERS = 0.25
LASTS = 0.1
BEGINS = 0.1
NUMBER = 0.2
ANSWERS = 0.3
FOREIGN = 0.15
"""What else counts as much as so much nearness: each word that both have, at most three; a text
that speaks of what was said; of something that lasts; less, for one worded like a first one; a
number that names one thing in both; a text that reads like the answer to our question; less, for
one that the model doesn't read and that has no word in common."""
FLOOR = 0.3
APART = 0.1
"""What the best of several must reach by what it is about alone, and by how much it must lead:
that a text goes on with something doesn't say with what."""
FEW_WORDS = 1
"""Who names a number and says no more than that means what has it."""
MOST_WORDS = 3
COME_BACK_WITHIN = timedelta(days=30)
"""How long after its last word a matter that nobody has closed is still looked at."""
MOST_MATTERS = 8
MOST_TEXTS = 12
LONGEST_TEXT = 400


@dataclass(frozen=True)
class Matter:
    """A conversation that may go on, and what people have written in it, newest last."""

    conversation_id: str
    texts: tuple[str, ...]
    question: str = ""
    """What we asked last, while it waits for an answer."""


@dataclass(frozen=True)
class Choice:
    """The conversation a message belongs to, "" for one of its own; and why, for teammates."""

    conversation_id: str
    reason: str = ""
    perhaps: str = ""
    """The conversation that it may go on with, though too little speaks for it."""
    likely: bool = False
    """Enough speaks for it to ask about it, or to tell a teammate."""


def matters_for(session: Session, inbox: Inbox, envelope: Envelope) -> tuple[Matter, ...]:
    """What the message of a proven sender may be about; empty where there is nothing to choose."""
    if envelope.automatic or not is_proven(envelope):
        return ()
    owners = (
        identities.customer_of(session, address.kind, address.value)
        for address in envelope.sender
        if address.strength != Strength.CLAIMED
    )
    customer_id = next((owner for owner in owners if owner), None)
    standing = _standing(session, customer_id) if customer_id else []
    if len(standing) == 1 and _goes_on_here(session, inbox, envelope, standing[0]):
        return ()
    return tuple(_matter(session, row) for row in standing)


def _goes_on_here(session: Session, inbox: Inbox, envelope: Envelope, only: Conversation) -> bool:
    """On a chat, whoever writes where their only open matter is goes on with it, whatever they
    write (delivery.threads)."""
    latest = (
        select(Thread.conversation_id)
        .join(Identity, Identity.id == Thread.identity_id)
        .join(Conversation, Conversation.id == Thread.conversation_id)
        .where(Identity.kind == envelope.sender[0].kind, Identity.value == envelope.sender[0].value)
        .where(Thread.inbox_id == inbox.id, Thread.place == envelope.place)
        .order_by(Conversation.last_at.desc())
        .limit(1)
    )
    goes_on = only.last_at > now() - conversations.JOIN_WITHIN
    return goes_on and not envelope.subject and session.scalar(latest) == only.id


def _standing(session: Session, customer_id: str) -> list[Conversation]:
    """What this customer may go on with, on whatever channel, newest first: what is open, then
    what has only just been closed."""
    found = session.scalars(
        select(Conversation)
        .where(
            Conversation.customer_id.in_(customers.all_ids(session, customer_id)),
            Conversation.last_at > now() - COME_BACK_WITHIN,
        )
        .order_by(Conversation.last_at.desc())
        .limit(2 * MOST_MATTERS)
    )
    standing = [row for row in found if row.status != Status.RESOLVED or conversations.goes_on(row)]
    standing.sort(key=lambda row: row.status == Status.RESOLVED)
    return standing[:MOST_MATTERS]


def _matter(session: Session, conversation: Conversation) -> Matter:
    rows = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.deleted_at.is_(None))
        .where(Message.author.in_((Author.CUSTOMER, Author.TEAMMATE, Author.ASSISTANT)))
        .where(Message.direction != Direction.NOTE, Message.draft.is_(False))
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(MOST_TEXTS)
    )
    latest = list(rows)
    last = latest[0] if latest else None
    texts = [
        f"{message.subject}\n{message.text}".strip()
        for message in latest
        if message.author != Author.ASSISTANT
    ]
    return Matter(
        conversation.id,
        tuple(reversed([text for text in [*texts, conversation.subject] if text])),
        question=last.text if last and _asks_something(last) else "",
    )


def _asks_something(message: Message) -> bool:
    """What we asked about the conversation itself is answered where it was asked."""
    is_ours = message.direction == Direction.OUT and ASKS not in message.details
    return is_ours and asks(message.text)


def choose(text: str, matters: Sequence[Matter], subject: str = "") -> Choice:
    """The matter (newest first) that a text goes on with; a new one in doubt, since two matters
    in one conversation confuse everybody and one matter in two only costs a click."""
    choice = _choose(text, matters, subject)
    if choice.conversation_id or choice.likely or not could_answer(text):
        return choice
    asked = [matter.conversation_id for matter in matters if matter.question]
    return Choice("", perhaps=asked[0], likely=True) if asked else choice


def _choose(text: str, matters: Sequence[Matter], subject: str) -> Choice:
    whole = f"{subject}\n{text}".strip()
    named = references(whole)
    sharing = [matter for matter in matters if numbers(whole) & _references_of(matter)]
    if sharing:
        shared_number = sorted(numbers(whole) & _references_of(sharing[0]))[0]
        tells = refers_back(whole) or any(_names_others(matter, sharing) for matter in matters)
        bonus = 1.0 if len(telling_words(whole)) <= FEW_WORDS else NUMBER * tells
        return _nearest(whole, sharing, bonus, f"it names {shared_number} too")
    if named:
        matters = [matter for matter in matters if not _references_of(matter)]
    if not matters or is_new(whole) or smalltalk_of(text) == "greeting":
        return Choice("")
    answered = [matter for matter in matters if _is_answered(matter, text)]
    if answered and says_nothing(subject):
        return Choice(answered[0].conversation_id, "it reads like an answer to what we asked there")
    if says_nothing(whole) and (goes_on(whole) or not text.strip()):
        return Choice(matters[0].conversation_id, "it says nothing of its own")
    if answered:
        return _nearest(whole, answered, ANSWERS, "it reads like an answer to what we asked there")
    return _nearest(whole, matters, 0.0, "it is about the same thing")


def _names_others(matter: Matter, sharing: Sequence[Matter]) -> bool:
    """Whether a matter is about another order: numbers tell this customer's matters apart."""
    return matter not in sharing and bool(_references_of(matter))


def _is_answered(matter: Matter, text: str) -> bool:
    if not matter.question:
        return False
    return not text.strip() or answers(text, matter.question)


def _nearest(text: str, matters: Sequence[Matter], bonus: float, reason: str) -> Choice:
    """The matter for which most speaks, if that is enough: how near its words are, which of them
    are the same, and whether the text says that it goes on with something."""
    said = bonus + REFERS * refers_back(text) + LASTS * lasts(text) - BEGINS * begins(text)
    mine, english = telling_words(text), is_english(text)
    found = [
        (near + _words_speak(mine, matter, english), matter)
        for near, matter in zip(closeness(text, matters), matters, strict=True)
    ]
    found.sort(key=lambda pair: pair[0], reverse=True)
    (score, matter), *others = found
    in_doubt = others and bonus < 1 and (score < FLOOR or score - others[0][0] < APART)
    if score + said >= SAME and not in_doubt:
        return Choice(matter.conversation_id, reason)
    return Choice("", perhaps=matter.conversation_id, likely=score + said >= PERHAPS)


def _words_speak(mine: frozenset[str], matter: Matter, english: bool) -> float:
    """How much the words in common add. A single one is chance, where the model speaks the
    language; where it doesn't, none at all speaks against it."""
    count = shared(mine, frozenset().union(*(telling_words(written) for written in matter.texts)))
    if english:
        return WORD * min(MOST_WORDS, max(0, count - 1))
    return WORD * min(MOST_WORDS, count) if count else -FOREIGN


def _references_of(matter: Matter) -> frozenset[str]:
    return frozenset().union(*(references(text) for text in matter.texts))


def closeness(text: str, matters: Sequence[Matter]) -> list[float]:
    """How near each matter's nearest message comes to the text, as a cosine. What only greets is
    near to every greeting, so it doesn't count."""
    telling = [[one for one in matter.texts if not smalltalk_of(one)] for matter in matters]
    texts = [_to_compare(written) for some in telling for written in some]
    vectors = _embedder().encode_query([_to_compare(text), *texts])
    near = iter((vectors[1:] @ vectors[0]).tolist())
    return [max((next(near) for _ in some), default=0.0) for some in telling]


def _to_compare(text: str) -> str:
    return without_numbers(text)[:LONGEST_TEXT]


@lru_cache
def _embedder() -> Embedder:
    return open_models().for_language("en")
