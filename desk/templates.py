"""Templates: texts a provider has approved, which may be sent when free text may not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events
from core.clock import now
from core.db import Row
from core.errors import Invalid, NotFound
from core.queue import enqueue
from desk.envelope import Envelope, Gap, OfferedTemplate, Template
from desk.inboxes import Inbox

APPROVED = "approved"
GONE = "deleted"
UTILITY = "utility"
LONGEST_VALUE = 900
REPORTS = (
    "message_template_status_update",
    "message_template_quality_update",
    "template_category_update",
    "message_template_components_update",
)
SOURCES = {
    "name": "the customer's name",
    "company": "the company's name",
    "subject": "what the conversation is about",
    "text": "the answer itself",
}
"""What a gap can be filled with without a person."""


class MessageTemplate(Row):
    __tablename__ = "message_template"
    __table_args__ = (UniqueConstraint("inbox_id", "name", "language"),)

    inbox_id: Mapped[str] = mapped_column(ForeignKey("inbox.id"))
    provider_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    language: Mapped[str]
    category: Mapped[str]
    state: Mapped[str]
    quality: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    header: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    footer: Mapped[str] = mapped_column(default="")
    buttons: Mapped[list[str]] = mapped_column(default=list)
    gaps: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    fills: Mapped[dict[str, str]] = mapped_column(default=dict)
    """By a gap's key: one of SOURCES, so that the assistant may use it."""
    for_late_answers: Mapped[bool] = mapped_column(default=False)
    """The assistant may send it when an answer is ready after the window has closed."""
    synced_at: Mapped[datetime]

    @property
    def all_gaps(self) -> tuple[Gap, ...]:
        return tuple(Gap(**gap) for gap in self.gaps)


def find(session: Session, template_id: str) -> MessageTemplate:
    row = session.get(MessageTemplate, template_id)
    if row is None:
        raise NotFound("There is no such template.")
    return row


def of_inbox(session: Session, inbox_id: str) -> list[MessageTemplate]:
    rows = select(MessageTemplate).where(MessageTemplate.inbox_id == inbox_id)
    wanted = rows.where(MessageTemplate.state != GONE)
    return list(session.scalars(wanted.order_by(MessageTemplate.name, MessageTemplate.language)))


def synced(session: Session, inbox_id: str, offered: Sequence[OfferedTemplate]) -> None:
    """Keep what the provider has now; what it no longer has is marked, never used again."""
    rows = select(MessageTemplate).where(MessageTemplate.inbox_id == inbox_id)
    known = {(row.name, row.language): row for row in session.scalars(rows)}
    for one in offered:
        row = known.pop((one.name, one.language), None)
        if row is None:
            row = MessageTemplate(inbox_id=inbox_id, name=one.name, language=one.language)
            session.add(row)
        _take_over(row, one)
    for row in known.values():
        row.state = GONE
    session.flush()
    events.append(session, "templates.synced", inbox=inbox_id, count=len(offered))


def _take_over(row: MessageTemplate, one: OfferedTemplate) -> None:
    row.provider_id, row.category, row.state = one.id, one.category, one.state
    row.quality, row.reason, row.synced_at = one.quality, one.reason, now()
    row.header, row.body, row.footer = one.header, one.body, one.footer
    row.buttons = list(one.buttons)
    row.gaps = [vars(gap) for gap in one.gaps]


def reported(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    """News of one template from the provider; one we don't know is fetched."""
    about = envelope.details
    field = about.get("field", "")
    if field not in REPORTS:
        return
    wanted = MessageTemplate.provider_id == about.get("message_template_id", "")
    rows = session.scalars(select(MessageTemplate).where(wanted)).all()
    if not rows or field == "message_template_components_update":
        enqueue(session, "templates.sync", inbox.id)
    for row in rows:
        _news(row, field, about)
        events.append(session, "template.changed", inbox=row.inbox_id, template=row.id)


def _news(row: MessageTemplate, field: str, about: Mapping[str, str]) -> None:
    if field == "message_template_status_update":
        row.state = about.get("event", row.state).lower()
        reason = about.get("reason", "")
        row.reason = "" if reason.upper() == "NONE" else reason
    elif field == "message_template_quality_update":
        row.quality = about.get("new_quality_score", row.quality).lower()
    elif field == "template_category_update":
        row.category = about.get("new_category", row.category).lower()


def filled(row: MessageTemplate, values: Mapping[str, str]) -> Template:
    """The template with a value in every gap. Raises Invalid, in words, when one is missing."""
    if row.state != APPROVED:
        raise Invalid(f"The template {row.name} is {row.state}; only approved ones can be sent.")
    pairs = []
    for gap in row.all_gaps:
        value = " ".join(values.get(gap.key, "").split())
        if not value:
            raise Invalid(f"The template {row.name} needs a value for {gap.part} {gap.name}.")
        if len(value) > LONGEST_VALUE:
            raise Invalid(f"The value for {gap.part} {gap.name} is too long for a template.")
        pairs.append((gap, value))
    return Template(row.name, row.language, tuple(pairs))


def preview(row: MessageTemplate, template: Template) -> str:
    """What the customer will read."""
    header, body = row.header, row.body
    for gap, value in template.values:
        mark = "{{" + gap.name + "}}"
        if gap.part == "header" and gap.kind == "text":
            header = header.replace(mark, value)
        elif gap.part == "body":
            body = body.replace(mark, value)
    buttons = " · ".join(f"[{title}]" for title in row.buttons)
    title = f"**{header}**" if header else ""
    return "\n\n".join(part for part in (title, body, row.footer, buttons) if part)


def for_late_answer(
    session: Session, inbox_id: str, language: str, known: Mapping[str, str]
) -> tuple[MessageTemplate, Template] | None:
    """The approved template that carries an answer on, all its gaps filled from what is known.

    Never one of advertising, and never one in a language the customer doesn't read.
    """
    rows = [
        row
        for row in of_inbox(session, inbox_id)
        if row.for_late_answers and row.category == UTILITY and row.state == APPROVED
    ]
    for row in rows:
        if row.language.lower().split("_")[0] != language.lower().split("-")[0]:
            continue
        values = {key: known.get(source, "") for key, source in row.fills.items()}
        try:
            return row, filled(row, values)
        except Invalid:
            continue
    return None
