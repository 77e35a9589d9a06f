"""Brings the index in line with the articles, one article at a time or from scratch.

Rows say what they stand in the index as, so that it can be repaired after any crash.
"""

import hashlib
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import reading, transaction
from knowledge.articles import Article, Status, name_languages
from knowledge.embed import Models
from knowledge.index import Index, Point
from knowledge.passages import PassageRow, heading, unmarked
from knowledge.terms import count_passages
from knowledge.versions import ArticleVersion
from knowledge.words import WEIGHING, passage_weights, words

AT_ONCE = 64
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Repair:
    """What `reconcile` found out of line."""

    articles: int
    orphans: int
    missing: int


@dataclass(frozen=True)
class _Work:
    """Passages that must come into the index, under their mark, and those that must leave it."""

    coming: Sequence[tuple[PassageRow, Article, str]]
    leaving: Sequence[PassageRow]


def index_article(index: Index, models: Models, article_id: str) -> None:
    index_articles(index, models, [article_id])


def index_articles(index: Index, models: Models, article_ids: Sequence[str]) -> int:
    """Make these articles found as they now are, and no longer as they were.

    Looks again afterwards: an article changed meanwhile is brought in line too. Returns how many
    passages were embedded.
    """
    embedded = 0
    with _one_at_a_time:
        for start in range(0, len(article_ids), AT_ONCE):
            some = article_ids[start : start + AT_ONCE]
            with transaction() as session:
                name_languages(session, some)
            while (work := _out_of_line(models, some)).coming or work.leaving:
                _write_to_index(index, models, work)
                _note_what_is_indexed(work)
                embedded += len(work.coming)
    return embedded


def reconcile(index: Index, models: Models) -> Repair:
    """Repair the index from the database, whatever happened to either."""
    there = set(index.ids())
    with transaction() as session:
        noted = set(session.scalars(select(PassageRow.id).where(PassageRow.indexed.is_not(None))))
        missing = noted - there
        _forget(session, missing)
    orphans = sorted(there - noted)
    if orphans:
        index.delete(orphans)
    articles = _all_out_of_line(models)
    index_articles(index, models, articles)
    index.optimize()
    return Repair(len(articles), len(orphans), len(missing))


def waits(session: Session) -> bool:
    """Whether anything published is not found yet."""
    missing = (
        select(PassageRow.id)
        .join(Article, Article.id == PassageRow.article_id)
        .where(PassageRow.indexed.is_(None))
        .where(PassageRow.version == Article.current_version)
        .where(Article.status == Status.PUBLISHED)
    )
    return session.scalar(missing.limit(1)) is not None


def searched_text(title: str, passage: PassageRow) -> str:
    """A passage as it is embedded and searched: below its title, breadcrumb and question."""
    head = heading(title, passage.breadcrumb, passage.question)
    text = unmarked(passage.text)
    return f"{head}\n{text}" if head else text


def _out_of_line(models: Models, article_ids: Sequence[str]) -> _Work:
    rows = (
        select(PassageRow, Article)
        .join(Article, Article.id == PassageRow.article_id)
        .where(Article.id.in_(article_ids))
        .where((PassageRow.version == Article.current_version) | PassageRow.indexed.is_not(None))
    )
    coming, leaving = [], []
    with reading() as session:
        for passage, article in session.execute(rows):
            mark = _mark(models, article)
            if not _is_wanted(passage, article):
                if passage.indexed is not None:
                    leaving.append(passage)
            elif passage.indexed != mark:
                coming.append((passage, article, mark))
    return _Work(coming, leaving)


def _all_out_of_line(models: Models) -> list[str]:
    with reading() as session:
        ids = list(session.scalars(select(Article.id)))
    return [
        article_id
        for start in range(0, len(ids), AT_ONCE)
        for article_id in _ids(_out_of_line(models, ids[start : start + AT_ONCE]))
    ]


def _ids(work: _Work) -> list[str]:
    coming = [article.id for _, article, _ in work.coming]
    return sorted({*coming, *(passage.article_id for passage in work.leaving)})


def _is_wanted(passage: PassageRow, article: Article) -> bool:
    return article.status == Status.PUBLISHED and passage.version == article.current_version


def _mark(models: Models, article: Article) -> str:
    seen_by = (article.audience, article.language, article.valid_from, article.valid_until)
    return f"{models.name} {WEIGHING} {hashlib.sha256(repr(seen_by).encode()).hexdigest()[:12]}"


def _write_to_index(index: Index, models: Models, work: _Work) -> None:
    if work.coming:
        texts = [searched_text(article.title, passage) for passage, article, _ in work.coming]
        vectors = {model.name: model.encode_document(texts) for model in models.every}
        index.upsert(
            [
                Point(
                    id=passage.id,
                    vectors={name: rows[place] for name, rows in vectors.items()},
                    words=passage_weights(words(text)),
                    audience=article.audience,
                    language=article.language,
                    valid_from=article.valid_from,
                    valid_until=article.valid_until,
                )
                for place, ((passage, article, _), text) in enumerate(
                    zip(work.coming, texts, strict=True)
                )
            ]
        )
    if work.leaving:
        index.delete([passage.id for passage in work.leaving])


def _note_what_is_indexed(work: _Work) -> None:
    marks = {passage.id: mark for passage, _, mark in work.coming}
    with transaction() as session:
        rows = _locked(session, list(marks))
        count_passages(
            session, added=[_words(row, title) for row, title in rows if row.indexed is None]
        )
        for row, _ in rows:
            row.indexed = marks[row.id]
        _forget(session, [passage.id for passage in work.leaving])


def _forget(session: Session, passage_ids: Iterable[str]) -> None:
    """These passages are no longer in the index."""
    rows = _locked(session, list(passage_ids))
    gone = [_words(row, title) for row, title in rows if row.indexed is not None]
    count_passages(session, removed=gone)
    for row, _ in rows:
        row.indexed = None


def _locked(session: Session, passage_ids: Sequence[str]) -> list[tuple[PassageRow, str]]:
    """The rows with their version's title, held until this transaction ends."""
    of_version = (ArticleVersion.article_id == PassageRow.article_id) & (
        ArticleVersion.number == PassageRow.version
    )
    rows = select(PassageRow, ArticleVersion.title).join(ArticleVersion, of_version)
    found: list[tuple[PassageRow, str]] = []
    for start in range(0, len(passage_ids), 500):
        some = rows.where(PassageRow.id.in_(passage_ids[start : start + 500]))
        found.extend(session.execute(some.with_for_update(of=PassageRow)))
    return found


def _words(passage: PassageRow, title: str) -> set[str]:
    return set(words(searched_text(title, passage)))
