"""Which articles are the entries of which FAQ file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Row
from knowledge import articles
from knowledge.articles import Article, Status


class FaqEntry(Row):
    """An article that is a row of a file, with what the file said when it was last read.

    By that, not by what a teammate made of the article since, a row is known again.
    """

    __tablename__ = "faq_entry"

    file: Mapped[str] = mapped_column(index=True)
    """As in `Article.origin`: `source:name`."""
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), unique=True)
    said: Mapped[str]
    """Digests: of the row as it stands, and of its question and its answer loosely read."""
    question: Mapped[str]
    answer: Mapped[str]
    present: Mapped[bool] = mapped_column(default=True)
    """Whether the file still has the row."""


@dataclass(frozen=True)
class FaqFile:
    file: str
    entries: int


def entries_of(session: Session, file: str) -> Sequence[FaqEntry]:
    """All that the file ever had, those it has now first."""
    rows = select(FaqEntry).where(FaqEntry.file == file)
    return session.scalars(rows.order_by(FaqEntry.present.desc(), FaqEntry.id)).all()


def faq_files(session: Session) -> list[FaqFile]:
    """The files with entries that are not deleted, by name."""
    rows = (
        select(FaqEntry.file, func.count())
        .join(Article, Article.id == FaqEntry.article_id)
        .where(Article.status != Status.DELETED)
        .group_by(FaqEntry.file)
        .order_by(FaqEntry.file)
    )
    return [FaqFile(file, entries) for file, entries in session.execute(rows)]


def files_of(session: Session, article_ids: Collection[str]) -> dict[str, str]:
    """The file by article, of those that are entries of one."""
    rows = select(FaqEntry.article_id, FaqEntry.file).where(FaqEntry.article_id.in_(article_ids))
    return dict(session.execute(rows).all())


def delete_entries(session: Session, file: str, *, by: str) -> list[str]:
    """Delete every entry of a file; returns their articles, which `bring_back` brings back.

    Reading the file again publishes them again."""
    deleted = []
    for entry in entries_of(session, file):
        entry.present = False
        if articles.find(session, entry.article_id).status != Status.DELETED:
            articles.delete(session, entry.article_id, by=by)
            deleted.append(entry.article_id)
    return deleted
