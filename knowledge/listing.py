"""Articles as people look through them: pages, search, and what the public may read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.clock import now
from core.db import UtcTime
from knowledge.articles import Article, Kind, Status
from knowledge.faq_entries import FaqEntry, files_of
from knowledge.passages import PassageRow
from knowledge.versions import ArticleVersion


@dataclass(frozen=True)
class Listed:
    """An article with how much of its current version there is to find, and whether it is found."""

    article: Article
    passages: int
    indexed: bool
    file: str
    """The file it came from, as in `Article.origin`; "" for none."""


def articles_page(
    session: Session,
    *,
    search: str = "",
    status: str = "",
    source: str = "",
    file: str = "",
    entries: bool = True,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[Listed]:
    """What changed last comes first. Without a status all but the deleted ones; without `entries`
    none that is one of many in its FAQ file."""
    chosen = select(Article).where(
        Article.status == status if status else Article.status != Status.DELETED
    )
    if source:
        chosen = chosen.where(Article.source == source)
    if file:
        chosen = chosen.where(or_(Article.origin == file, _is_entry(FaqEntry.file == file)))
    if not entries:
        chosen = chosen.where(~_is_entry())
    if search.strip():
        chosen = chosen.where(_mentions(search.strip()))
    if after:
        place = tuple_(Article.updated_at, Article.id)
        chosen = chosen.where(place < tuple_(literal(after[0], UtcTime), literal(after[1])))
    newest = chosen.order_by(Article.updated_at.desc(), Article.id.desc()).limit(limit)
    return listed(session, session.scalars(newest).all())


def listed(session: Session, articles: Sequence[Article]) -> list[Listed]:
    ids = [article.id for article in articles]
    rows = session.execute(
        select(PassageRow.article_id, func.count(), func.count(PassageRow.indexed))
        .join(Article, _is_current(PassageRow.version, PassageRow.article_id))
        .where(Article.id.in_(ids))
        .group_by(PassageRow.article_id)
    )
    counts = {article_id: (passages, indexed) for article_id, passages, indexed in rows}
    files = files_of(session, ids)
    return [
        Listed(
            article,
            passages,
            indexed=bool(passages) and passages == indexed,
            file=files.get(article.id) or article.origin or "",
        )
        for article in articles
        for passages, indexed in [counts.get(article.id, (0, 0))]
    ]


def passage_texts(session: Session, ids: Collection[str]) -> dict[str, str]:
    """The text of these passages by id, of whatever version they are."""
    rows = session.execute(select(PassageRow.id, PassageRow.text).where(PassageRow.id.in_(ids)))
    return dict(rows.all())


def public_articles(session: Session, search: str = "", limit: int = 200) -> Sequence[Article]:
    """What customers may read now, by title, FAQ entries last; with a search, titles with the
    words come first."""
    chosen = select(Article).where(*_readable())
    if search.strip():
        words = search.strip()
        in_title = Article.title.icontains(words, autoescape=True)
        chosen = chosen.where(_mentions(words)).order_by(in_title.desc())
    is_faq = Article.kind == Kind.FAQ
    return session.scalars(chosen.order_by(is_faq, func.lower(Article.title)).limit(limit)).all()


def public_article(session: Session, article_id: str) -> tuple[Article, ArticleVersion] | None:
    row = session.execute(
        select(Article, ArticleVersion)
        .join(ArticleVersion, _is_current(ArticleVersion.number, ArticleVersion.article_id))
        .where(Article.id == article_id, *_readable())
    ).first()
    return (row[0], row[1]) if row else None


def _readable() -> tuple[ColumnElement[bool], ...]:
    return (*Article.live_at(now()), Article.audience == "public")


def _is_entry(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(FaqEntry.article_id == Article.id, *which)


def _mentions(words: str) -> ColumnElement[bool]:
    said = exists().where(
        _is_current(ArticleVersion.number, ArticleVersion.article_id),
        ArticleVersion.text.icontains(words, autoescape=True),
    )
    return or_(Article.title.icontains(words, autoescape=True), said)


def _is_current(
    number: InstrumentedAttribute[int], article_id: InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    return and_(article_id == Article.id, number == Article.current_version)
