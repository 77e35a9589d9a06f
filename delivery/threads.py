"""Which thread, and so which conversation, a customer's message belongs to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from delivery.matters import Choice
from delivery.proven import is_proven
from desk import conversations, customers, identities
from desk.conversations import Conversation, Status, Thread, ThreadKey
from desk.envelope import Envelope
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Direction, Message


@dataclass(frozen=True)
class Placed:
    """The thread of a message, and why it is that one; no reason where it is the usual one."""

    thread: Thread
    reason: str = ""


def thread_for(
    session: Session,
    inbox: Inbox,
    identity: Identity,
    envelope: Envelope,
    choice: Choice | None = None,
) -> Placed:
    """The thread a message belongs to, by the strongest hint that holds; else a new one.

    `choice` is the open matter that the message is about, where its sender has any.
    """
    placed = (
        _by_hints(session, inbox, identity, envelope)
        or _ongoing(session, inbox, identity, envelope, choice)
        or _new_thread(session, inbox, identity, envelope, choice)
    )
    remember(session, placed.thread, _lasting_keys(envelope))
    return placed


def _by_hints(
    session: Session, inbox: Inbox, identity: Identity, envelope: Envelope
) -> Placed | None:
    """A hint leads to a thread of the same customer only: nobody joins a stranger's."""
    same = customers.all_ids(session, identity.customer_id)
    for hint in envelope.thread_hints:
        if hint.guessable and not is_proven(envelope):
            continue
        for thread, conversation in _named(session, inbox, same, hint.key):
            if not _holds(hint.key, envelope, identity, thread, conversation):
                continue
            reason = _quoting(session, thread) if _quotes([hint.key]) else hint.reason
            if thread.inbox_id != inbox.id or thread.identity_id != identity.id:
                # The answer goes to where they write from now; and were they ever parted again,
                # each address keeps what it said.
                thread = side_here(session, conversation, inbox, identity, envelope.subject)
            return Placed(thread, reason)
    return None


def _quoting(session: Session, thread: Thread) -> str:
    sent = session.scalar(
        select(func.max(Message.at)).where(
            Message.thread_id == thread.id, Message.direction == Direction.OUT
        )
    )
    return f"It quotes our mail of {sent:%d %B %Y}" if sent else "It quotes our mail"


def _named(
    session: Session, inbox: Inbox, customer_ids: Collection[str], key: str
) -> list[tuple[Thread, Conversation]]:
    """Threads of these customers that a key names, in this inbox or, by an id that is one of a
    kind in the world, in another of the same channel."""
    near = Thread.inbox_id == inbox.id
    if _is_message_id(key):
        near |= Inbox.kind == inbox.kind
    rows = session.execute(
        select(Thread, Conversation)
        .join(ThreadKey, ThreadKey.thread_id == Thread.id, isouter=True)
        .join(Conversation, Conversation.id == Thread.conversation_id)
        .join(Inbox, Inbox.id == Thread.inbox_id)
        .where((ThreadKey.key == key) | (Thread.token == key), near)
        .where(Conversation.customer_id.in_(customer_ids))
        .order_by((Thread.inbox_id == inbox.id).desc(), Thread.id.desc())
    )
    return [(thread, conversation) for thread, conversation in rows]


def _is_message_id(key: str) -> bool:
    return key.startswith("<")


def _holds(
    key: str, envelope: Envelope, identity: Identity, thread: Thread, conversation: Conversation
) -> bool:
    """Ids and our own tokens always do. What mails merely have in common counts only for a
    person's mail in a matter that goes on, quoted text moreover only for the same proven sender."""
    if not key.startswith(("subject:", "ticket:", "quote:")):
        return True
    if envelope.automatic or not conversations.goes_on(conversation):
        return False
    if key.startswith("quote:"):
        return is_proven(envelope) and thread.identity_id == identity.id
    return True


def side_here(
    session: Session, conversation: Conversation, inbox: Inbox, identity: Identity, subject: str
) -> Thread:
    """This inbox's side of a conversation that began in another."""
    there = session.scalar(
        select(Thread).where(
            Thread.conversation_id == conversation.id,
            Thread.inbox_id == inbox.id,
            Thread.identity_id == identity.id,
        )
    )
    return there or conversations.open_thread(session, conversation, inbox.id, identity.id, subject)


def _ongoing(
    session: Session,
    inbox: Inbox,
    identity: Identity,
    envelope: Envelope,
    choice: Choice | None,
) -> Placed | None:
    """The same person's latest thread in this inbox, unless the message is about what is open
    elsewhere; mail needs a hint or an open matter."""
    threads = (
        select(Thread, Conversation)
        .join(Conversation, Conversation.id == Thread.conversation_id)
        .where(
            Thread.inbox_id == inbox.id, Thread.identity_id.in_(_now_and_before(session, identity))
        )
        .where(Thread.place == envelope.place)
        .order_by(Conversation.last_at.desc())
        .limit(1)
    )
    if choice and choice.conversation_id:
        threads = threads.where(Thread.conversation_id == choice.conversation_id)
    latest = session.execute(threads).first()
    if latest is None or (envelope.automatic and inbox.kind == "email"):
        return None
    thread, conversation = latest
    if envelope.subject and thread.subject:
        return None
    if not conversations.goes_on(conversation):
        return None
    if thread.identity_id != identity.id:
        thread = side_here(session, conversation, inbox, identity, envelope.subject)
    return Placed(thread)


def _now_and_before(session: Session, identity: Identity) -> list[str]:
    """This identity and those that the provider says it was before."""
    former = (
        one.id
        for one in identities.of_customer(session, identity.customer_id)
        if one.kind == identity.kind and one.retired_at
    )
    return [identity.id, *former]


def _new_thread(
    session: Session,
    inbox: Inbox,
    identity: Identity,
    envelope: Envelope,
    choice: Choice | None,
) -> Placed:
    chosen = _chosen(session, identity, choice)
    conversation = chosen or conversations.open_for(session, identity.customer_id, envelope.subject)
    thread = _side_of(session, conversation, inbox, identity, envelope) if chosen else None
    if thread is None:
        thread = conversations.open_thread(
            session, conversation, inbox.id, identity.id, envelope.subject
        )
        thread.place = envelope.place
    reason = f"Open already, and {choice.reason}" if chosen and choice else ""
    return Placed(thread, reason)


def _side_of(
    session: Session,
    conversation: Conversation,
    inbox: Inbox,
    identity: Identity,
    envelope: Envelope,
) -> Thread | None:
    """The chat that this conversation has had here already."""
    if envelope.subject:
        return None
    return session.scalar(
        select(Thread).where(
            Thread.conversation_id == conversation.id,
            Thread.inbox_id == inbox.id,
            Thread.identity_id == identity.id,
            Thread.place == envelope.place,
        )
    )


def _chosen(session: Session, identity: Identity, choice: Choice | None) -> Conversation | None:
    """The matter that was chosen, if it still is this customer's and may go on."""
    if choice is None or not choice.conversation_id:
        return None
    conversation = conversations.find(session, choice.conversation_id)
    theirs = conversation.customer_id in customers.all_ids(session, identity.customer_id)
    standing = conversation.status != Status.RESOLVED or conversations.goes_on(conversation)
    return conversation if theirs and standing else None


def _lasting_keys(envelope: Envelope) -> list[str]:
    """By what later mail may come back here. What a customer quotes is nobody's name: a
    newsletter is quoted in many mails that have nothing to do with each other."""
    hints = [hint.key for hint in envelope.thread_hints if not hint.key.startswith("quote:")]
    return [envelope.id, *hints]


def remember(session: Session, thread: Thread, keys: Sequence[str]) -> None:
    """Whatever cites one of these keys belongs to this thread. A key known already stays, but
    for our own words: quoted, they mean where we said them last."""
    if quotes := _quotes(keys):
        session.execute(
            update(ThreadKey)
            .where(ThreadKey.inbox_id == thread.inbox_id, ThreadKey.key.in_(quotes))
            .values(thread_id=thread.id)
        )
    known = set(
        session.scalars(
            select(ThreadKey.key).where(
                ThreadKey.inbox_id == thread.inbox_id, ThreadKey.key.in_(keys)
            )
        )
    )
    for key in dict.fromkeys(keys):
        if key not in known:
            session.add(ThreadKey(inbox_id=thread.inbox_id, key=key, thread_id=thread.id))
    session.flush()


def _quotes(keys: Sequence[str]) -> list[str]:
    return [key for key in keys if key.startswith("quote:")]
