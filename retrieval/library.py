"""What a search needs at hand: the model, the index and what is live in the database."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import TracebackType

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from core.db import reading
from core.settings import settings
from knowledge.anchors import section_anchor
from knowledge.articles import Article, help_page
from knowledge.embed import Embedder, Models, Vectors, open_models
from knowledge.index import Filters, Index, open_index
from knowledge.indexing import Repair, index_articles, reconcile
from knowledge.passages import PassageRow, heading
from knowledge.terms import rarities
from knowledge.versions import ArticleVersion
from knowledge.words import words
from retrieval.found import Passage, Section
from retrieval.memory import Memory

State = tuple[int, datetime | None]
"""An article's version and when it last changed in any way."""
Place = tuple[str, State, int]
"""A section: article id, the state it was read in, and its number."""


@dataclass(frozen=True)
class Entry:
    """A passage with its words, which ranking looks at."""

    passage: Passage
    written_at: datetime

    @property
    def state(self) -> State:
        return self.passage.version, self.passage.updated_at

    @cached_property
    def title_words(self) -> frozenset[str]:
        return frozenset(words(self.passage.title))

    @cached_property
    def words(self) -> tuple[str, ...]:
        head = heading(self.passage.title, self.passage.breadcrumb, self.passage.question)
        return tuple(words(f"{head}\n{self.passage.text}"))

    @cached_property
    def word_set(self) -> frozenset[str]:
        return frozenset(self.words)


@dataclass
class Library(AbstractContextManager["Library"]):
    """Safe to search from several threads. Passages once read are remembered; whether they are
    live, and unchanged, is asked each time."""

    models: Models
    index: Index
    _entries: Memory[str, Entry] = field(default_factory=lambda: Memory(20_000), repr=False)
    _sections: Memory[Place, tuple[Section, ...]] = field(
        default_factory=lambda: Memory(2_000), repr=False
    )
    _questions: Memory[tuple[str, str], Vectors] = field(
        default_factory=lambda: Memory(5_000), repr=False
    )

    def index_articles(self, article_ids: Sequence[str]) -> int:
        """Bring the index in line with these articles. Returns how many passages it took."""
        return index_articles(self.index, self.models, article_ids)

    def reconcile(self) -> Repair:
        """Bring the index in line with the whole database, whatever happened to either."""
        return reconcile(self.index, self.models)

    def live_entries(self, passage_ids: Sequence[str], filters: Filters) -> dict[str, Entry]:
        """Those of the passages that are live for whoever asks."""
        entries = self._entries.get(passage_ids, _read_entries)
        live = _live_articles({entry.passage.article_id for entry in entries.values()}, filters)
        changed = [
            id
            for id, entry in entries.items()
            if live.get(entry.passage.article_id, entry.state) != entry.state
        ]
        if changed:
            entries.update(self._entries.refresh(changed, _read_entries))
        return {
            id: entries[id]
            for id in passage_ids
            if id in entries and live.get(entries[id].passage.article_id) == entries[id].state
        }

    def sections(self, places: Iterable[Place]) -> dict[Place, tuple[Section, ...]]:
        """Each section with those that follow it in its article."""
        return self._sections.get(places, _read_sections)

    def question_vectors(self, model: Embedder, questions: Iterable[str]) -> dict[str, Vectors]:
        """Those of FAQ questions by this model, each (dimension,)."""

        def embed(keys: list[tuple[str, str]]) -> dict[tuple[str, str], Vectors]:
            vectors = model.encode_query([question for _, question in keys])
            return dict(zip(keys, vectors, strict=True))

        found = self._questions.get([(model.name, question) for question in questions], embed)
        return {question: vector for (_, question), vector in found.items()}

    def rarities(self, wanted: Iterable[str]) -> Mapping[str, float]:
        with reading() as session:
            return rarities(session, wanted)

    def close(self) -> None:
        self.index.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_library() -> Library:
    """The library of this installation. Raises IndexBusy where another process owns its index."""
    models = open_models().remembering(settings().data / "cache" / "vectors.db")
    return Library(models, open_index(models.dimensions))


def _read_entries(passage_ids: Sequence[str]) -> dict[str, Entry]:
    rows = select(PassageRow, Article, ArticleVersion.title).where(
        PassageRow.id.in_(passage_ids),
        Article.id == PassageRow.article_id,
        ArticleVersion.article_id == PassageRow.article_id,
        ArticleVersion.number == PassageRow.version,
    )
    with reading() as session:
        return {row[0].id: _entry(*row) for row in session.execute(rows)}


def _read_sections(places: Sequence[Place]) -> dict[Place, tuple[Section, ...]]:
    versions = {(article, version) for article, (version, _), _ in places}
    of_version = tuple_(ArticleVersion.article_id, ArticleVersion.number)
    rows = (
        select(Article, ArticleVersion)
        .join(ArticleVersion, ArticleVersion.article_id == Article.id)
        .where(of_version.in_(versions))
    )
    with reading() as session:
        cited_by = _first_passages(session, versions)
        whole = {
            (article.id, version.number): [
                Section(
                    passage_id=cited_by.get((article.id, version.number, number), ""),
                    breadcrumb=section["breadcrumb"],
                    text=section["text"],
                    url=_url(article, version.title, section["breadcrumb"], section["question"]),
                )
                for number, section in enumerate(version.sections)
            ]
            for article, version in session.execute(rows)
        }
    return {
        (article, state, number): tuple(whole[article, state[0]][number:])
        for article, state, number in places
        if (article, state[0]) in whole
    }


def _first_passages(
    session: Session, versions: Iterable[tuple[str, int]]
) -> dict[tuple[str, int, int], str]:
    """By article, version and section."""
    rows = (
        select(PassageRow.article_id, PassageRow.version, PassageRow.section, PassageRow.id)
        .where(tuple_(PassageRow.article_id, PassageRow.version).in_(versions))
        .order_by(PassageRow.position.desc())
    )
    return {
        (article, version, section): id for article, version, section, id in session.execute(rows)
    }


def _live_articles(article_ids: Iterable[str], filters: Filters) -> dict[str, State]:
    """The state of those that may be found now by whoever asks."""
    rows = select(Article.id, Article.current_version, Article.updated_at).where(
        Article.id.in_(list(article_ids)), *Article.live_at(filters.at)
    )
    if filters.audience == "public":
        rows = rows.where(Article.audience == "public")
    with reading() as session:
        return {id: (version, at) for id, version, at in session.execute(rows)}


def _entry(row: PassageRow, article: Article, title: str) -> Entry:
    return Entry(
        Passage(
            id=row.id,
            article_id=row.article_id,
            version=row.version,
            title=title,
            breadcrumb=row.breadcrumb,
            text=row.text,
            kind=row.kind,
            question=row.question,
            section=row.section,
            position=row.position,
            url=_url(article, title, row.breadcrumb, row.question),
            language=article.language,
            audience=article.audience,
            updated_at=article.updated_at,
        ),
        row.created_at,
    )


def _url(article: Article, title: str, breadcrumb: str, question: str) -> str:
    return article.url or help_page(article.id, section_anchor(title, breadcrumb, question))
