"""Changing who works here and which queues there are, so that nothing is left without an owner."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core import audit, events
from core.clock import now
from core.errors import Conflict, Invalid
from desk import conversations, sign_ins, teams
from desk.conversations import Conversation, Status
from desk.inboxes import Inbox
from desk.teams import Membership, Queue, Role, Teammate


def everyone(session: Session) -> Sequence[Teammate]:
    rows = select(Teammate).order_by(Teammate.active.desc(), func.lower(Teammate.name), Teammate.id)
    return session.scalars(rows).all()


def change_teammate(
    session: Session, teammate: Teammate, changes: dict[str, Any], *, by: str
) -> None:
    """Set name, email, role, active or password. The last admin stays one."""
    _keep_an_admin(session, teammate, changes)
    email = changes.get("email", teammate.email).strip().lower()
    if email != teammate.email and teams.by_email(session, email):
        raise Conflict("A teammate with this email address exists already.")
    leaves = teammate.active and not changes.get("active", True)
    password = changes.pop("password", None)
    for name, value in {**changes, "email": email}.items():
        setattr(teammate, name, value)
    if password:
        teammate.set_password(password)
    if leaves or password:
        sign_ins.end_others(session, teammate.id)
    if leaves:
        _free_conversations(session, teammate)
    audit.record(session, by, "teammate.changed", teammate.id, changed=sorted(changes))
    events.append(session, "teammate.changed", teammate=teammate.id)


def _keep_an_admin(session: Session, teammate: Teammate, changes: dict[str, Any]) -> None:
    stays = changes.get("role", Role.ADMIN) == Role.ADMIN and changes.get("active", True)
    if stays or teammate.role != Role.ADMIN or not teammate.active:
        return
    others = select(func.count()).where(
        Teammate.role == Role.ADMIN, Teammate.active, Teammate.id != teammate.id
    )
    if not session.scalar(others):
        raise Conflict("This is the last admin. Make somebody else an admin first.")


def _free_conversations(session: Session, teammate: Teammate) -> None:
    """What somebody who leaves was working on waits for the others again."""
    theirs = select(Conversation.id).where(
        Conversation.assignee_id == teammate.id, Conversation.status != Status.RESOLVED
    )
    fallback = teams.fallback_queue(session)
    for conversation_id in session.scalars(theirs).all():
        conversation = conversations.lock(session, conversation_id)
        queue_id = conversation.queue_id or fallback.id
        conversations.assign(session, conversation, queue_id=queue_id, teammate_id=None)


def member_ids(session: Session) -> dict[str, list[str]]:
    """The ids of each queue's members, by the queue's id."""
    rows = session.execute(
        select(Membership.queue_id, Membership.teammate_id).order_by(Membership.teammate_id)
    )
    members = defaultdict(list)
    for queue_id, teammate_id in rows:
        members[queue_id].append(teammate_id)
    return members


def set_members(session: Session, queue: Queue, ids: Collection[str]) -> None:
    for teammate_id in set(ids):
        teams.find_teammate(session, teammate_id)
    session.execute(delete(Membership).where(Membership.queue_id == queue.id))
    session.add_all(Membership(queue_id=queue.id, teammate_id=one) for one in set(ids))
    session.flush()


def add_queue(session: Session, name: str, *, by: str) -> Queue:
    _need_free_name(session, name)
    queue = Queue(name=name)
    session.add(queue)
    session.flush()
    audit.record(session, by, "queue.added", queue.id)
    return queue


def change_queue(session: Session, queue: Queue, changes: dict[str, Any], *, by: str) -> None:
    """Set name, rules, hours, first_reply_minutes, members or is_fallback."""
    if "name" in changes and changes["name"] != queue.name:
        _need_free_name(session, changes["name"])
    audit.record(session, by, "queue.changed", queue.id, changed=sorted(changes))
    if "members" in changes:
        set_members(session, queue, changes.pop("members"))
    if "is_fallback" in changes:
        _set_fallback(session, queue, changes.pop("is_fallback"))
    for name, value in changes.items():
        setattr(queue, name, value)
    session.flush()
    events.append(session, "queue.changed", queue=queue.id)


def _set_fallback(session: Session, queue: Queue, wanted: bool) -> None:
    if queue.is_fallback and not wanted:
        raise Invalid("Something must take what no rule routes: choose another fallback queue.")
    if wanted:
        session.execute(update(Queue).values(is_fallback=False))
        queue.is_fallback = True


def retire_queue(session: Session, queue: Queue, *, by: str) -> None:
    """Take a queue out of use; what waits in it goes to the fallback queue."""
    if queue.is_fallback:
        raise Conflict("The fallback queue can't be removed. Make another one the fallback first.")
    fallback = teams.fallback_queue(session)
    waiting = select(Conversation.id).where(
        Conversation.queue_id == queue.id, Conversation.status != Status.RESOLVED
    )
    for conversation_id in session.scalars(waiting).all():
        conversation = conversations.lock(session, conversation_id)
        conversation.queue_id = fallback.id
        events.append(session, "conversation.assigned", conversation.id, queue=fallback.id)
    session.execute(update(Inbox).where(Inbox.queue_id == queue.id).values(queue_id=None))
    session.execute(delete(Membership).where(Membership.queue_id == queue.id))
    queue.retired_at, queue.rules = now(), []
    queue.name = f"{queue.name} (removed {queue.id[-6:]})"
    audit.record(session, by, "queue.retired", queue.id)
    events.append(session, "queue.changed", queue=queue.id)


def _need_free_name(session: Session, name: str) -> None:
    if session.scalar(select(Queue.id).where(func.lower(Queue.name) == name.lower())):
        raise Conflict("A queue with this name exists already.")
