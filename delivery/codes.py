"""One-time codes: to which address they go, what is sent, and what happens when one is typed."""

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.say import say
from core.settings import settings
from delivery import choices, claims, windows
from delivery.accounts import channel_of
from delivery.reach import INBOXES
from delivery.wants_code import wants_code
from desk import (
    conversations,
    customers,
    identities,
    inboxes,
    messages,
    proofs,
    recognition,
    suggestions,
)
from desk.conversations import Conversation, Status, Thread
from desk.envelope import Strength
from desk.identities import VISITOR, Identity
from desk.inboxes import Inbox
from desk.messages import Author, Direction, Message
from desk.proofs import ProofRequest
from desk.suggestions import Reason, Why

LATEST = 20
HIDDEN = "••••••"
_CODE = re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}(?![\w-])")
_OWN_IDS = (VISITOR, "instagram", "messenger", "telegram", "slack")
"""Kinds of address that only their holder can write from, though they say nothing about who."""


@dataclass(frozen=True)
class Typed:
    """A message in which a code was tried: its text without it."""

    text: str
    right: bool


def request(session: Session, thread: Thread, *, by: str, target: Identity | None = None) -> str:
    """Send a code for this thread, if an address is on record and it is not one too many.

    Returns the two digits to show beside the answer. They look the same whatever was done, and so
    does all that follows.
    """
    asking = session.get_one(Identity, thread.identity_id)
    chosen = target or _on_record(session, thread, asking)
    proofs.one_at_a_time(session, asking, chosen)
    if proofs.asks_too_often(session, thread.id, asking):
        return str(10 + secrets.randbelow(90))
    if chosen and proofs.gets_too_many(session, chosen):
        # What is typed then must be wrong, as it is where no address is on record.
        chosen = None
    row = proofs.open_request(session, thread.id, asking, chosen, by)
    if chosen:
        _send(session, row, chosen, thread)
    return proofs.number_of(row)


def stronger(session: Session, thread: Thread) -> list[Identity]:
    """The customer's own addresses that a code could go to, the best first."""
    asking = session.get_one(Identity, thread.identity_id)
    theirs = identities.of_customer(session, asking.customer_id)
    return [one for one in theirs if one.id != asking.id and _may_get(session, one)]


def _on_record(session: Session, thread: Thread, asking: Identity) -> Identity | None:
    """An address the customer named here, if it is on record; else one of their own."""
    for kind, value in _named(session, thread):
        known = identities.find(session, kind, value)
        if known and known.id != asking.id and _may_get(session, known):
            return known
    return next(iter(stronger(session, thread)), None)


def _named(session: Session, thread: Thread) -> list[tuple[str, str]]:
    rows = session.scalars(
        select(Message)
        .where(Message.thread_id == thread.id, Message.direction == Direction.IN)
        .order_by(Message.at.desc())
        .limit(LATEST)
    )
    named: list[tuple[str, str]] = []
    for message in rows:
        for said in message.details.get("claimed", []):
            kind, _, value = str(said).partition(": ")
            named.append((kind, value))
        named += claims.claimed((), message.text)
    return list(dict.fromkeys(named))[: 2 * claims.MOST]


def _may_get(session: Session, identity: Identity) -> bool:
    strong = Strength(identity.strength).rank >= Strength.ASSERTED.rank
    usable = strong and not identity.retired_at and not identity.shared
    return usable and _way(session, identity) is not None


def _way(session: Session, identity: Identity) -> tuple[Inbox, Thread | None] | None:
    """The inbox that reaches this address now, and the thread to use where there is one."""
    for kind in INBOXES.get(identity.kind, ()):
        for inbox in inboxes.of_kind(session, kind):
            if inbox.broken_since:
                continue
            thread = session.scalar(
                select(Thread)
                .where(Thread.inbox_id == inbox.id)
                .where(Thread.identity_id.in_(_same_phone(session, identity)))
                .order_by(Thread.customer_wrote_at.desc().nulls_last())
                .limit(1)
            )
            if channel_of(inbox).window is None:
                return inbox, None if kind == "email" else thread
            if thread and windows.is_open(channel_of(inbox), thread):
                return inbox, thread
    return None


def _same_phone(session: Session, identity: Identity) -> list[str]:
    """An address, and for a number the WhatsApp user who writes from it: their chat is under the
    user's id."""
    if identity.kind != "phone" or not identity.seen_with:
        return [identity.id]
    user = identities.find(session, "whatsapp", identity.seen_with)
    theirs = user and not user.retired_at and user.customer_id == identity.customer_id
    return [identity.id, user.id] if user and theirs else [identity.id]


def _send(session: Session, row: ProofRequest, target: Identity, asked_in: Thread) -> None:
    way = _way(session, target)
    if way is None:
        return
    inbox, thread = way
    channel = channel_of(inboxes.find(session, asked_in.inbox_id)).name
    language = session.get_one(Conversation, asked_in.conversation_id).language or "en"
    if thread is None:
        subject = say("code_subject", language)
        conversation = conversations.open_for(session, target.customer_id, subject)
        conversation.status = Status.RESOLVED
        thread = conversations.open_thread(session, conversation, inbox.id, target.id, subject)
    conversation = session.get_one(Conversation, thread.conversation_id)
    waiting_since = conversation.waiting_since
    messages.write(
        session,
        conversation,
        thread,
        _words(HIDDEN, "", channel, language),
        author=Author.ASSISTANT,
        details={"code_of": row.id, "asked_on": channel, "language": language},
    )
    conversation.waiting_since = waiting_since


def _words(code: str, link: str, channel: str, language: str) -> str:
    opened = say("code_link", language, link=link) if link else ""
    said = [say("code_is", language, code=code, channel=channel), opened]
    return "\n\n".join([*filter(None, said), say("code_not_you", language)])


def is_late(session: Session, message: Message) -> bool:
    """Whether a message carries a code that is worth nothing any more."""
    if "code_of" not in message.details:
        return False
    row = session.get(ProofRequest, message.details["code_of"])
    return row is None or proofs.waiting_in(session, row.thread_id) is not row


def revealed(session: Session, message: Message) -> str:
    """The text as the provider gets it; what is stored never shows a code."""
    row = session.get(ProofRequest, message.details.get("code_of", ""))
    if row is None:
        return message.text
    link = f"{settings().url}/prove/{proofs.link_token(row)}"
    channel, language = (str(message.details.get(name, "")) for name in ("asked_on", "language"))
    return _words(proofs.code_of(row), link, channel, language)


def typed(session: Session, thread: Thread, text: str) -> Typed | None:
    """Try the code in a message, if this thread waits for one. Whatever looks like a code is
    taken out of the text then, right or not."""
    found = _CODE.search(text)
    row = proofs.waiting_in(session, thread.id) if found else None
    if found is None or row is None:
        return None
    code = re.sub(r"\D", "", found.group())
    right = proofs.try_code(session, row, code, proofs.code_of(row))
    if right:
        _accept(session, row)
    return Typed(_CODE.sub(HIDDEN, text), right)


def attend(session: Session, conversation: Conversation, thread: Thread, message: Message) -> None:
    """Where a person has the conversation the assistant is silent, but for codes: it sends one to
    who takes up the offer, and says whether what was typed is right."""
    tried = str(message.details.get("code", ""))
    language = conversation.language
    if tried:
        text = say("code_right_person" if tried == "right" else "code_wrong", language)
    elif _offers_code(session, thread, message) and wants_code(message.text):
        number = request(session, thread, by="assistant")
        text = say("code_wanted", language, number=number)
    else:
        return
    waiting_since = conversation.waiting_since
    messages.write(session, conversation, thread, text, author=Author.ASSISTANT)
    conversation.waiting_since = waiting_since
    if tried == "right":
        shown = "The customer has shown by a one-time code that they are who they say."
        messages.note(session, conversation, shown, author_id=None, kind="activity")


def _offers_code(session: Session, thread: Thread, before: Message) -> bool:
    """Whether the last thing said here was the offer of a code."""
    said = choices.last_said(session, thread, before.at)
    return bool(said and said.details.get("offers_code"))


@dataclass(frozen=True)
class Offer:
    """What a teammate may do about somebody unproven: `to` is where a code would go, hidden but
    for its end; "" where nothing is on record."""

    to: str
    waiting: bool
    """A code is on its way."""


def offer(session: Session, thread: Thread) -> Offer | None:
    """None where whoever writes here is proven now."""
    asking = session.get_one(Identity, thread.identity_id)
    strong = Strength(asking.strength).rank >= Strength.ASSERTED.rank
    if (strong and not _is_unproven_here(session, thread)) or proofs.is_raised(
        session, thread.id, asking.id
    ):
        return None
    chosen = _on_record(session, thread, asking)
    waiting = proofs.is_waiting(session, thread.id)
    return Offer(masked(chosen.value) if chosen else "", waiting)


def _is_unproven_here(session: Session, thread: Thread) -> bool:
    """Whether the channel did not prove the last message, as with a forged From."""
    proof = session.scalar(
        select(Message.proof)
        .where(Message.thread_id == thread.id, Message.direction == Direction.IN)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )
    return proof is not None and Strength(proof or Strength.CLAIMED).rank < Strength.ASSERTED.rank


def masked(value: str) -> str:
    """Enough of an address to know one's own by."""
    name, at, domain = value.partition("@")
    return f"{name[:1]}•••@{domain}" if at else f"•••{value[-3:]}"


def confirm(session: Session, row: ProofRequest, number: str) -> bool:
    """The signed link was confirmed with the number shown where the code was asked for."""
    right = proofs.try_code(session, row, number, proofs.number_of(row))
    if right:
        _accept(session, row)
    return right


def _accept(session: Session, row: ProofRequest) -> None:
    """Whoever writes in this thread holds the other address too: evidence, and a merge by rule."""
    asking = session.get_one(Identity, row.identity_id)
    target = session.get_one(Identity, row.target_id)
    one = customers.current_id(session, asking.customer_id)
    other = customers.current_id(session, target.customer_id)
    source = f"a one-time code to their {target.kind}"
    if one == other or _may_join(session, asking, one, other):
        if one != other:
            recognition.join(session, one, other, f"they proved it by {source}")
        identities.believe(session, asking, Strength.VERIFIED, source, target.customer_id)
    else:
        words = "One gave a code that was sent to the other's address."
        reason = Reason(Why.CONFLICT, words, f"{target.kind} {target.value}", Strength.VERIFIED)
        suggestions.suggest(session, one, other, reason)


def _may_join(session: Session, asking: Identity, one: str, other: str) -> bool:
    """Anybody can put an address into From: a code then proves who typed it, not whose that
    address is."""
    proven = Strength(asking.strength).rank >= Strength.ASSERTED.rank
    theirs = asking.kind in _OWN_IDS or proven
    return theirs and recognition.may_join(session, one, other)
