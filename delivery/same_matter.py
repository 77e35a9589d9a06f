"""Asking a customer whether they go on with what is open elsewhere, and doing what they answer.

Where too little speaks for joining two conversations by itself (delivery.matters), the assistant
asks once, beside its answer. A yes joins them; a teammate can take that back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import Conflict
from core.log import log
from core.say import say
from delivery import choices
from delivery.accounts import channel_of
from delivery.proven import is_proven
from delivery.wording import says_nothing
from delivery.yes_no import is_bare, yes_or_no
from desk import conversations, customers, inboxes, messages, moves
from desk.conversations import Conversation, Status, Thread
from desk.envelope import Envelope
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Author, Direction, Message

BY = "customer"
"""Who joined the two, in the log."""
ASKS = "asks_same"
"""In a message's details: the conversation that it asks about."""
SAID = "same"
"""In a message's details: what it answers to that."""
BARE = "bare"
"""Beside it: that it says nothing else."""
INSTEAD = "instead"
"""In a question's details: nothing else was said, so that what was asked still waits."""
PERHAPS = "perhaps"
LIKELY = "likely"
"""In a message's details: the conversation that it may go on with, and whether that is likely
enough to ask about it though nothing else is asked."""
HINT = "This may go on with"
LONGEST = 60

Verdict = Literal["yes", "no"]
_VERDICTS: tuple[Verdict, Verdict] = ("yes", "no")
"""In the order of the choices."""


@dataclass(frozen=True)
class Earlier:
    """A conversation that may be about the same, and how to name it to its customer."""

    conversation_id: str
    channel: str
    words: str
    likely: bool = True


@dataclass(frozen=True)
class Said:
    """What a customer answered, and about which conversation."""

    verdict: Verdict
    about: str
    only: bool
    """Nothing else was said."""
    waits: bool
    """What the customer had asked before the question still waits for an answer."""

    def is_all(self, conversation: Conversation, joined: bool) -> bool:
        """Whether a word of thanks is all there is to do about it."""
        done = joined or self.verdict == "no"
        return done and self.only and (conversation.with_person or not self.waits)


def suspect(
    session: Session,
    conversation: Conversation,
    message: Message,
    perhaps_id: str,
    *,
    likely: bool,
) -> None:
    """Remember that a message which begins a conversation may go on with another; where that is
    likely, tell teammates."""
    other = session.get(Conversation, perhaps_id)
    if other is None or not _may_join(session, conversation, other):
        return
    if not _begins(session, conversation, message):
        return
    message.details = {**message.details, PERHAPS: other.id, LIKELY: likely}
    if likely and other.status != Status.RESOLVED:
        text = f"{HINT} “{_name(session, other)}”, which is open. If it does, merge the two."
        messages.note(session, conversation, text, author_id=None, kind="activity")


def _begins(session: Session, conversation: Conversation, message: Message) -> bool:
    """Whether nothing but greetings came before."""
    before = session.scalars(
        select(Message.text).where(
            Message.conversation_id == conversation.id,
            Message.direction == Direction.IN,
            Message.id != message.id,
        )
    )
    return all(says_nothing(text) for text in before)


def to_ask(
    session: Session, conversation: Conversation, written: Sequence[Message]
) -> Earlier | None:
    """What the customer may be asked about in this conversation, once."""
    if any(ASKS in message.details for message in written):
        return None
    begun = next((one for one in written if PERHAPS in one.details), None)
    if begun is None:
        return None
    other = session.get(Conversation, begun.details[PERHAPS])
    if other is None or not _may_join(session, conversation, other):
        return None
    first = _first(session, other)
    if first is None or not first.inbox_id:
        return None
    channel = channel_of(inboxes.find(session, first.inbox_id)).name
    return Earlier(other.id, channel, _name(session, other), begun.details[LIKELY])


def _may_join(session: Session, conversation: Conversation, other: Conversation) -> bool:
    standing = other.status != Status.RESOLVED or conversations.goes_on(other)
    theirs = other.customer_id in customers.all_ids(session, conversation.customer_id)
    return other.id != conversation.id and standing and theirs


def _first(session: Session, conversation: Conversation) -> Message | None:
    return session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.direction == Direction.IN)
        .order_by(Message.at, Message.id)
        .limit(1)
    )


def _name(session: Session, conversation: Conversation) -> str:
    """What a conversation is about, in its customer's words."""
    first = _first(session, conversation)
    words = conversation.subject or (first.text if first else "")
    return shorten(words, LONGEST, placeholder=" …")


def answered(session: Session, thread: Thread, envelope: Envelope) -> Said | None:
    """What a message answers, if the last thing said here was that question."""
    if not _may_answer(envelope):
        return None
    return _said(choices.last_said(session, thread, _moment(envelope)), envelope)


def answered_in(session: Session, inbox: Inbox, envelope: Envelope) -> str:
    """The conversation whose question a chat's message answers, "" for none: what else is open
    doesn't matter then."""
    if not _may_answer(envelope) or envelope.subject:
        return ""
    sender = envelope.sender[0]
    threads = (
        select(Thread.id)
        .join(Identity, Identity.id == Thread.identity_id)
        .where(Identity.kind == sender.kind, Identity.value == sender.value)
        .where(Thread.inbox_id == inbox.id, Thread.place == envelope.place)
    )
    question = choices.last_said_in(session, threads, _moment(envelope))
    return question.conversation_id if question and _said(question, envelope) else ""


def _may_answer(envelope: Envelope) -> bool:
    text = envelope.choice or envelope.text
    is_worded_so = bool(yes_or_no(text) or choices.is_number(text))
    return is_worded_so and not (envelope.automatic or envelope.observed) and is_proven(envelope)


def _moment(envelope: Envelope) -> datetime:
    return messages.clamped(envelope.at, now())


def _said(question: Message | None, envelope: Envelope) -> Said | None:
    if question is None or ASKS not in question.details:
        return None
    text = choices.numbered(question.choices, envelope.text) or envelope.choice or envelope.text
    picked = next((n for n, one in enumerate(question.choices) if one == text.strip()), None)
    verdict = yes_or_no(text) if picked is None else _VERDICTS[picked]
    if not verdict:
        return None
    only = picked is not None or is_bare(text)
    return Said(verdict, question.details[ASKS], only, question.details.get(INSTEAD, False))


def without_question(written: Sequence[Message]) -> list[Message]:
    """What was asked before a question that stood alone stands again once that is answered."""
    if not any(SAID in message.details for message in written):
        return list(written)
    return [m for m in written if INSTEAD not in m.details and not m.details.get(BARE)]


def join(session: Session, thread: Thread, said: Said) -> bool:
    """After a yes, put this conversation into the one it goes on with, if that still may."""
    other = session.get(Conversation, said.about)
    conversation = conversations.find(session, thread.conversation_id)
    if said.verdict == "no" or other is None or not _may_join(session, conversation, other):
        return False
    try:
        with session.begin_nested():
            moves.merge(session, conversation.id, other.id, by=BY, why="They said so.")
    except Conflict as refused:
        log.info("not_joined", why=refused.message)
        return False
    return True


def acknowledge(session: Session, conversation: Conversation, thread: Thread, said: Said) -> None:
    """Tell the customer that their answer has come, and leave everything else as it stands."""
    waiting_since = conversation.waiting_since
    key = "same_joined" if said.verdict == "yes" else "same_apart"
    text = say(key, conversation.language or "en")
    messages.write(session, conversation, thread, text, author=Author.ASSISTANT)
    conversation.waiting_since = waiting_since
