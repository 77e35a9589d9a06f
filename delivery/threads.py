"""Which thread, and so which conversation, a customer's message belongs to."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from desk import conversations, customers
from desk.conversations import Conversation, Status, Thread, ThreadKey
from desk.envelope import Envelope, Strength
from desk.identities import Identity
from desk.inboxes import Inbox

REOPEN_WITHIN = timedelta(days=1)
"""Somebody who writes again this soon after a resolution means the same matter."""


def thread_for(session: Session, inbox: Inbox, identity: Identity, envelope: Envelope) -> Thread:
    """The thread a message belongs to, by the strongest hint that holds; else a new one."""
    thread = (
        _by_hints(session, inbox, identity, envelope)
        or _ongoing(session, inbox, identity, envelope)
        or _new_thread(session, inbox, identity, envelope)
    )
    _remember_keys(session, thread, envelope)
    return thread


def _by_hints(
    session: Session, inbox: Inbox, identity: Identity, envelope: Envelope
) -> Thread | None:
    """A hint leads to a thread of the same customer only: nobody joins a stranger's."""
    same = customers.all_ids(session, identity.customer_id)
    for hint in envelope.thread_hints:
        found = session.scalars(
            select(Thread)
            .join(ThreadKey, ThreadKey.thread_id == Thread.id, isouter=True)
            .join(Conversation, Conversation.id == Thread.conversation_id)
            .where((ThreadKey.key == hint.key) | (Thread.token == hint.key))
            .where(Conversation.customer_id.in_(same), Thread.inbox_id == inbox.id)
        ).first()
        if found:
            return found
    return None


def _ongoing(
    session: Session, inbox: Inbox, identity: Identity, envelope: Envelope
) -> Thread | None:
    """The same person's latest thread in this inbox; mail needs a hint or an open matter."""
    latest = session.execute(
        select(Thread, Conversation)
        .join(Conversation, Conversation.id == Thread.conversation_id)
        .where(Thread.inbox_id == inbox.id, Thread.identity_id == identity.id)
        .order_by(Conversation.last_at.desc())
        .limit(1)
    ).first()
    if latest is None:
        return None
    thread, conversation = latest
    if envelope.subject and thread.subject:
        return None
    return thread if _goes_on(conversation) else None


def _goes_on(conversation: Conversation) -> bool:
    if conversation.status == Status.RESOLVED:
        return (conversation.resolved_at or now()) > now() - REOPEN_WITHIN
    return conversation.last_at > now() - conversations.JOIN_WITHIN


def _new_thread(session: Session, inbox: Inbox, identity: Identity, envelope: Envelope) -> Thread:
    conversation = _conversation(session, identity, envelope)
    return conversations.open_thread(session, conversation, inbox.id, identity.id, envelope.subject)


def _conversation(session: Session, identity: Identity, envelope: Envelope) -> Conversation:
    """The matter that is open on another channel, if this sender is proven to be that customer."""
    proven = envelope.sender and envelope.sender[0].strength.rank >= Strength.ASSERTED.rank
    joined = conversations.to_join(session, identity.customer_id) if proven else None
    return joined or conversations.open_for(session, identity.customer_id, envelope.subject)


def _remember_keys(session: Session, thread: Thread, envelope: Envelope) -> None:
    remember(session, thread, [envelope.id, *(hint.key for hint in envelope.thread_hints)])


def remember(session: Session, thread: Thread, keys: Sequence[str]) -> None:
    """Whatever cites one of these keys belongs to this thread; a key known already stays."""
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
