"""Versions of articles: what was said, by whom, since when. Written once, never changed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Row
from core.errors import NotFound
from knowledge.passages import SectionOfText


class ArticleVersion(Row):
    __tablename__ = "article_version"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), index=True)
    number: Mapped[int]
    """Counts from 1."""
    title: Mapped[str]
    text: Mapped[str]
    """Markdown."""
    sections: Mapped[list[dict[str, Any]]]
    """`breadcrumb, text, page, question` of each, in reading order."""
    by: Mapped[str]


def write_version(
    session: Session,
    article_id: str,
    *,
    title: str,
    text: str,
    sections: Sequence[SectionOfText],
    by: str,
    copy_of: ArticleVersion | None = None,
) -> ArticleVersion:
    version = ArticleVersion(
        article_id=article_id,
        number=_last_number(session, article_id) + 1,
        title=title,
        text=text,
        sections=copy_of.sections if copy_of else [_as_json(section) for section in sections],
        by=by,
    )
    session.add(version)
    session.flush()
    return version


def find_version(session: Session, article_id: str, number: int) -> ArticleVersion:
    version = session.scalar(
        select(ArticleVersion).where(
            ArticleVersion.article_id == article_id, ArticleVersion.number == number
        )
    )
    if version is None:
        raise NotFound("This article has no such version.")
    return version


def versions_of(session: Session, article_id: str) -> list[ArticleVersion]:
    """Newest first."""
    rows = select(ArticleVersion).where(ArticleVersion.article_id == article_id)
    return list(session.scalars(rows.order_by(ArticleVersion.number.desc())))


def _last_number(session: Session, article_id: str) -> int:
    found = select(func.max(ArticleVersion.number)).where(ArticleVersion.article_id == article_id)
    return session.scalar(found) or 0


def _as_json(section: SectionOfText) -> dict[str, Any]:
    return {
        "breadcrumb": section.breadcrumb,
        "text": section.text,
        "page": section.page,
        "question": section.question,
    }
