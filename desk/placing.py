"""Keeping conversations whole: what one customer said stands with that customer.

While two customers are one, a conversation may have threads of both. When they part (an undone
merge, a moved identity), each thread goes where its identity points; when they are one again, it
comes home. The rule knows only whose the identities are today, so doing and undoing in any order
ends where it began.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.orm import Session

from core import audit, events
from core.settings import settings
from desk import conversations, customers, messages
from desk.conversations import Conversation, Status, Thread
from desk.identities import Identity
from desk.messages import Direction, Message

_LOCK = 7300002
_LOCK_OF_STRANGERS = 7300003


def alone(session: Session) -> None:
    """Who is whom changes in one transaction at a time, and not while a message is placed.
    On SQLite writers are alone anyway."""
    if not settings().is_sqlite:
        session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        customers.forget_merges(session)


def unchanging(session: Session) -> None:
    """Until this transaction ends, nobody changes who is whom."""
    if not settings().is_sqlite:
        session.execute(text(f"SELECT pg_advisory_xact_lock_shared({_LOCK})"))
        customers.forget_merges(session)


def introducing(session: Session) -> None:
    """Strangers become customers one after another: two messages of one that come at once would
    each make a customer."""
    if not settings().is_sqlite:
        session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_OF_STRANGERS})"))


def settle(session: Session, customer_ids: Collection[str], by: str) -> None:
    """Put every thread of these customers where it belongs, now that who they are has changed."""
    session.flush()
    threads = _concerned(session, customer_ids)
    if not threads:
        return
    places = {t.conversation_id for t in threads} | {t.home_id for t in threads if t.home_id}
    rows = session.scalars(
        select(Conversation)
        .where(Conversation.id.in_(places))
        .order_by(Conversation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    standing = {row.id: row for row in rows}
    raw = dict(
        session.execute(
            select(Identity.id, Identity.customer_id).where(
                Identity.id.in_({thread.identity_id for thread in threads})
            )
        ).all()
    )
    for thread in threads:
        _own(session, standing[thread.home_id or thread.conversation_id], threads, raw)
    for thread in threads:
        _place(session, thread, threads, standing, raw, by)


def _concerned(session: Session, customer_ids: Collection[str]) -> list[Thread]:
    """These customers' threads, and all others of the conversations they stand or stood in."""
    theirs = (
        select(Thread)
        .join(Identity, Identity.id == Thread.identity_id)
        .where(Identity.customer_id.in_(customer_ids))
    )
    found = session.scalars(theirs).all()
    places = {t.conversation_id for t in found} | {t.home_id for t in found if t.home_id}
    beside = select(Thread).where(
        or_(Thread.conversation_id.in_(places), Thread.home_id.in_(places))
    )
    return list(session.scalars(beside.order_by(Thread.id)))


def _own(
    session: Session, home: Conversation, threads: Sequence[Thread], raw: dict[str, str]
) -> None:
    """A conversation belongs to whoever opened it: its first thread's identity."""
    first = next(t for t in threads if (t.home_id or t.conversation_id) == home.id)
    owner = raw[first.identity_id]
    if not _same(session, home.customer_id, owner):
        home.customer_id = owner


def _place(
    session: Session,
    thread: Thread,
    threads: Sequence[Thread],
    standing: dict[str, Conversation],
    raw: dict[str, str],
    by: str,
) -> None:
    owner = raw[thread.identity_id]
    home = standing[thread.home_id or thread.conversation_id]
    if _same(session, home.customer_id, owner):
        _carry(session, thread, standing[thread.conversation_id], home, by)
        thread.home_id = None
        return
    here = standing[thread.conversation_id]
    if here is not home and _same(session, here.customer_id, owner):
        return
    part = _part(session, home, owner, threads, standing)
    thread.home_id = home.id
    _carry(session, thread, here, part, by)


def _same(session: Session, one: str, other: str) -> bool:
    return customers.current_id(session, one) == customers.current_id(session, other)


def _part(
    session: Session,
    home: Conversation,
    owner: str,
    threads: Sequence[Thread],
    standing: dict[str, Conversation],
) -> Conversation:
    """Where this customer's side of a conversation stands that belongs to somebody else."""
    for other in threads:
        stands = standing[other.conversation_id]
        if other.home_id == home.id and _same(session, stands.customer_id, owner):
            return stands
    part = Conversation(
        customer_id=owner,
        subject=home.subject,
        status=home.status,
        queue_id=home.queue_id,
        language=home.language,
        last_at=home.last_at,
        waiting_since=home.waiting_since,
        resolved_at=home.resolved_at,
        # Whether the assistant's last words fit this half alone, only a person can tell.
        with_person=home.status != Status.RESOLVED,
    )
    session.add(part)
    session.flush()
    events.append(session, "conversation.opened", part.id)
    standing[part.id] = part
    return part


def _carry(
    session: Session, thread: Thread, source: Conversation, target: Conversation, by: str
) -> None:
    if source is target:
        return
    thread.conversation_id = target.id
    session.execute(
        update(Message).where(Message.thread_id == thread.id).values(conversation_id=target.id)
    )
    session.flush()
    for changed in (source, target):
        changed.revision += 1
        conversations.turn_is_over(changed)
        changed.last_at = _last(session, changed)
        events.append(session, "conversation.placed", changed.id)
    if target.status != Status.RESOLVED and _waits(session, target):
        target.with_person = True
    if not _waits(session, source):
        source.waiting_since = None
    if not _has_threads(session, source):
        source.status, source.waiting_since = Status.RESOLVED, None
        source.with_person = False
        words = "What was said here stands with the customer whose address it came from."
        messages.note(session, source, words, author_id=None, kind="activity")
    audit.record(
        session, by, "thread.placed", target.id, "its customer", thread=thread.id, was=source.id
    )


def _last(session: Session, conversation: Conversation) -> datetime:
    newest = select(func.max(Message.at)).where(Message.conversation_id == conversation.id)
    return session.scalar(newest) or conversation.last_at


def _waits(session: Session, conversation: Conversation) -> bool:
    """Whether the last word is the customer's."""
    last = session.scalar(
        select(Message.direction)
        .where(Message.conversation_id == conversation.id, ~Message.draft)
        .where(Message.direction != Direction.NOTE, Message.automatic == "")
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )
    return last == Direction.IN


def _has_threads(session: Session, conversation: Conversation) -> bool:
    standing = select(Thread.id).where(Thread.conversation_id == conversation.id)
    return session.scalar(standing.limit(1)) is not None
