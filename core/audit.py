"""Who changed what, and why: merges, automations, publishing, settings."""

from typing import Any

from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Row


class AuditEntry(Row):
    __tablename__ = "audit_entry"

    actor: Mapped[str]
    """A teammate's id, "assistant", "system" or "cli"."""
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    why: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]]


def record(
    session: Session, actor: str, action: str, subject: str, why: str = "", **data: Any
) -> None:
    session.add(AuditEntry(actor=actor, action=action, subject=subject, why=why, data=data))
