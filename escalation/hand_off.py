"""From the assistant to a person, with everything that person needs."""

from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.db import Row
from desk import conversations, messages
from desk.conversations import Conversation
from escalation.routing import queue_for
from escalation.summary import summarise


class HandOffRow(Row):
    """One hand-off, as the person who takes over sees it."""

    __tablename__ = "hand_off"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    queue_id: Mapped[str] = mapped_column(ForeignKey("queue.id"))
    reason: Mapped[str]
    explanation: Mapped[str]
    summary: Mapped[dict[str, Any]]
    """{asked, tried, found, open} of escalation.summary."""
    run_id: Mapped[str | None]


def hand_off(
    session: Session,
    conversation: Conversation,
    reason: str,
    explanation: str,
    run_id: str | None = None,
) -> HandOffRow:
    """Put the conversation before people: routed, explained, and never left without an owner."""
    queue = queue_for(session, conversation)
    row = HandOffRow(
        conversation_id=conversation.id,
        queue_id=queue.id,
        reason=reason,
        explanation=explanation,
        summary=summarise(session, conversation),
        run_id=run_id,
    )
    session.add(row)
    conversations.assign(
        session, conversation, queue_id=queue.id, teammate_id=conversation.assignee_id
    )
    messages.note(
        session,
        conversation,
        f"Handed over to {queue.name}: {explanation}",
        author_id=None,
        kind="activity",
    )
    events.append(
        session, "conversation.handed_off", conversation.id, reason=reason, queue=queue.id
    )
    return row


def latest(session: Session, conversation_id: str) -> HandOffRow | None:
    rows = select(HandOffRow).where(HandOffRow.conversation_id == conversation_id)
    return session.scalar(rows.order_by(HandOffRow.created_at.desc()).limit(1))
