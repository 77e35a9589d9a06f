"""Articles: what is published, by whom and until when. FAQ entries are articles too.

Every verb writes rows and enqueues the job that brings the index in line after the commit.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, events
from core.clock import now
from core.db import Row
from core.errors import Invalid, NotFound
from core.queue import enqueue
from core.settings import settings
from knowledge.language import language_of
from knowledge.passages import PieceOfText, SectionOfText, copy_passages, write_passages
from knowledge.versions import ArticleVersion, find_version, write_version

INDEX_JOB = "knowledge.index"
NO_DOUBT = 0.8
"""How sure one must be of an article's language to note it."""


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    DELETED = "deleted"


class Kind(StrEnum):
    TEXT = "text"
    FAQ = "faq"
    """The title is a question, the text its curated answer, given word for word."""


class Article(Row):
    """One document of the knowledge base. Its words are in its versions."""

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_status_updated", "status", "updated_at"),)

    title: Mapped[str]
    kind: Mapped[str] = mapped_column(default=Kind.TEXT)
    url: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="console")
    """How it came: upload, faq, console, import or demo."""
    origin: Mapped[str | None] = mapped_column(unique=True)
    """The file or address it is read from; reading it again makes a new version of it."""
    language: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default="public")
    """public, or internal: found for teammates only."""
    status: Mapped[str] = mapped_column(default=Status.PUBLISHED)
    current_version: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    file_key: Mapped[str | None]
    """The uploaded file in the file store."""
    content_hash: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime] = mapped_column(default=now)

    @staticmethod
    def live_at(at: datetime) -> tuple[ColumnElement[bool], ...]:
        """The conditions under which an article may be found at that time."""
        return (
            Article.status == Status.PUBLISHED,
            or_(Article.valid_from.is_(None), Article.valid_from <= at),
            or_(Article.valid_until.is_(None), Article.valid_until > at),
        )


def help_page(article_id: str, place: str = "") -> str:
    """Where customers read an article that has no address of its own, at one of its headings."""
    page = f"{settings().url}/help/{article_id}"
    return f"{page}#{place}" if place else page


def find(session: Session, article_id: str) -> Article:
    article = session.get(Article, article_id)
    if article is None:
        raise NotFound("There is no such article.")
    return article


def find_by_origin(session: Session, origin: str) -> Article | None:
    return session.scalar(select(Article).where(Article.origin == origin))


def publish(
    session: Session,
    *,
    title: str,
    text: str,
    sections: Sequence[SectionOfText],
    pieces: Sequence[PieceOfText],
    by: str,
    article_id: str | None = None,
    origin: str | None = None,
    kind: str = Kind.TEXT,
    url: str | None = None,
    source: str = "console",
    language: str | None = None,
    audience: str | None = None,
    status: str = Status.PUBLISHED,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    file_key: str | None = None,
    content_hash: str = "",
) -> Article:
    """A new article, or a new version of the one with this id or origin.

    `sections` and `pieces` are those of `ingestion.split`. The same content again, told by its
    hash, makes no version. Its address, language, audience and time stay where they are None.
    """
    article = _existing(session, article_id, origin)
    if article is None:
        article = Article(
            title=title, origin=origin, current_version=0, url="", language="", audience="public"
        )
        if article_id:
            article.id = article_id
        session.add(article)
    elif _is_unchanged(article, content_hash, title, status):
        return article
    article.title, article.kind, article.source, article.status = title, kind, source, status
    article.url = article.url if url is None else url
    article.language = article.language if language is None else language
    article.audience = _audience(audience or article.audience)
    article.valid_from = valid_from or article.valid_from
    article.valid_until = valid_until or article.valid_until
    article.file_key, article.content_hash = file_key, content_hash
    session.flush()
    version = write_version(session, article.id, title=title, text=text, sections=sections, by=by)
    write_passages(session, article.id, version.number, pieces)
    _make_current(session, article, version, by)
    return article


def name_languages(session: Session, article_ids: Sequence[str]) -> None:
    """Note the language of those whose author didn't say, where their text leaves no doubt."""
    of_version = (ArticleVersion.article_id == Article.id) & (
        ArticleVersion.number == Article.current_version
    )
    rows = session.execute(
        select(Article, ArticleVersion)
        .join(ArticleVersion, of_version)
        .where(Article.id.in_(article_ids), Article.language == "")
    )
    for article, version in rows:
        found = language_of(f"{version.title}\n{version.text}")
        if found.sure >= NO_DOUBT:
            article.language = found.code


def restore_version(session: Session, article_id: str, number: int, *, by: str) -> Article:
    """Bring back what an older version said, as a new version."""
    article, old = find(session, article_id), find_version(session, article_id, number)
    version = write_version(
        session, article.id, title=old.title, text=old.text, sections=(), by=by, copy_of=old
    )
    copy_passages(session, article.id, number, version.number)
    article.title, article.kind, article.content_hash = old.title, _kind_of(old), ""
    article.status = Status.PUBLISHED
    _make_current(session, article, version, by)
    return article


def change(
    session: Session,
    article_id: str,
    *,
    by: str,
    audience: str | None = None,
    language: str | None = None,
    url: str | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Article:
    """Change who may find an article and when; its words stay. None leaves a field as it is."""
    article = find(session, article_id)
    article.audience = _audience(audience or article.audience)
    article.language = article.language if language is None else language
    article.url = article.url if url is None else url
    article.valid_from = valid_from or article.valid_from
    article.valid_until = valid_until or article.valid_until
    _changed(session, article, "article.changed", by)
    return article


def archive(session: Session, article_id: str, *, by: str) -> Article:
    """Take it out of use; nothing is lost."""
    return _set_status(session, article_id, Status.ARCHIVED, "article.archived", by)


def delete(session: Session, article_id: str, *, by: str) -> Article:
    """Gone for everybody and from the index; `bring_back` undoes it."""
    return _set_status(session, article_id, Status.DELETED, "article.deleted", by)


def bring_back(session: Session, article_id: str, *, by: str) -> Article:
    """Undo an archiving or a deletion, or publish a draft as it stands."""
    return _set_status(session, article_id, Status.PUBLISHED, "article.published", by)


def _existing(session: Session, article_id: str | None, origin: str | None) -> Article | None:
    if article_id and (article := session.get(Article, article_id)):
        return article
    return find_by_origin(session, origin) if origin else None


def _is_unchanged(article: Article, content_hash: str, title: str, status: str) -> bool:
    same_words = bool(content_hash) and article.content_hash == content_hash
    return same_words and article.title == title and article.status == status


def _kind_of(version: ArticleVersion) -> Kind:
    asked = [section["question"] for section in version.sections[:1]]
    return Kind.FAQ if asked == [version.title] else Kind.TEXT


def _audience(audience: str) -> str:
    if audience not in ("public", "internal"):
        raise Invalid("An article's audience is public or internal.")
    return audience


def _make_current(session: Session, article: Article, version: ArticleVersion, by: str) -> None:
    article.current_version = version.number
    _changed(session, article, "article.published", by)


def _set_status(session: Session, article_id: str, status: Status, action: str, by: str) -> Article:
    article = find(session, article_id)
    article.status = status
    _changed(session, article, action, by)
    return article


def _changed(session: Session, article: Article, action: str, by: str) -> None:
    article.updated_at = now()
    session.flush()
    audit.record(session, by, action, article.id, version=article.current_version)
    events.append(session, action, article=article.id, version=article.current_version)
    enqueue(session, INDEX_JOB, article.id)
