"""Passages: the retrievable pieces of an article version, as rows. Written once per version."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import ForeignKey, Index, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import now
from core.db import Row
from core.ids import new_id

HEADING = "### "
"""Begins a line of a section's or passage's text that is a heading within it."""


class SectionOfText(Protocol):
    """What stands below one heading, as `ingestion.split` makes it."""

    @property
    def breadcrumb(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def page(self) -> int | None: ...
    @property
    def question(self) -> str: ...


class PieceOfText(Protocol):
    """A retrievable piece of a section, as `ingestion.split` makes it."""

    @property
    def breadcrumb(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def section(self) -> int: ...
    @property
    def position(self) -> int: ...
    @property
    def page(self) -> int | None: ...
    @property
    def question(self) -> str: ...


class PassageRow(Row):
    __tablename__ = "passage"
    __table_args__ = (Index("ix_passage_article_version", "article_id", "version", "position"),)

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    version: Mapped[int]
    section: Mapped[int]
    position: Mapped[int]
    kind: Mapped[str]
    breadcrumb: Mapped[str]
    text: Mapped[str]
    question: Mapped[str]
    page: Mapped[int | None]
    indexed: Mapped[str | None] = mapped_column(index=True)
    """What it stands in the index as: the name of its vectors and who finds it; None: not there."""


def write_passages(
    session: Session, article_id: str, version: int, pieces: Iterable[PieceOfText]
) -> None:
    at = now()
    rows = [
        {
            "id": new_id(),
            "created_at": at,
            "article_id": article_id,
            "version": version,
            "section": piece.section,
            "position": piece.position,
            "kind": "faq" if piece.question else _kind(piece.kind),
            "breadcrumb": piece.breadcrumb,
            "text": piece.text,
            "question": piece.question,
            "page": piece.page,
        }
        for piece in pieces
    ]
    if rows:
        session.execute(insert(PassageRow), rows)


def copy_passages(session: Session, article_id: str, from_version: int, to_version: int) -> None:
    write_passages(session, article_id, to_version, passages_of(session, article_id, from_version))


def passages_of(session: Session, article_id: str, version: int) -> Sequence[PassageRow]:
    rows = select(PassageRow).where(
        PassageRow.article_id == article_id, PassageRow.version == version
    )
    return session.scalars(rows.order_by(PassageRow.position)).all()


def heading(title: str, breadcrumb: str, question: str) -> str:
    """The line above a passage in what is embedded and searched by words."""
    place = " > ".join(part for part in (title.strip(), breadcrumb.strip()) if part)
    return "\n".join(dict.fromkeys(part for part in (place, question.strip()) if part))


def unmarked(text: str) -> str:
    """A passage's text as its reader hears it, its headings without their mark."""
    return _MARK.sub("", text)


_MARK = re.compile(rf"^{re.escape(HEADING)}", re.MULTILINE)


def _kind(kind: str) -> str:
    return kind if kind in ("list", "steps", "table") else "text"
