"""A throw-away installation to measure in: its own database and index, gone afterwards.

Only the model and what it has embedded before are shared with the installation at hand.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import func, select

from core.db import reading, transaction
from core.errors import Invalid
from core.files import store
from core.installation import installation
from core.settings import Settings, settings
from eval.suites import Document
from eval.track import Track, quietly
from ingestion import pipeline, uploads
from ingestion.parse import parse_text
from ingestion.split import split
from ingestion.uploads import State
from knowledge.articles import Article, Kind, publish
from knowledge.embed import open_models
from knowledge.faq_entries import files_of
from knowledge.index import open_index
from knowledge.passages import PassageRow
from migrations.upgrade import upgrade
from retrieval.library import Library

AT_ONCE = 100
SOURCE = "eval"


@dataclass(frozen=True)
class Ingested:
    documents: int
    passages: int
    seconds: float

    @property
    def documents_per_s(self) -> float:
        return self.documents / self.seconds if self.seconds else 0.0

    @property
    def passages_per_s(self) -> float:
        return self.passages / self.seconds if self.seconds else 0.0


@contextmanager
def throw_away_library() -> Iterator[Library]:
    """An empty library in a folder of its own."""
    models = open_models().remembering(settings().data.absolute() / "cache" / "vectors.db")
    with TemporaryDirectory(prefix="onethread-eval-") as folder, installation(_own(folder)):
        upgrade()
        with Library(models, open_index(models.dimensions)) as library:
            yield library


def ingest(library: Library, documents: Sequence[Document], track: Track = quietly) -> Ingested:
    """Parse, split, publish and index, as uploads are."""
    began, passages = perf_counter(), 0
    for start in track(range(0, len(documents), AT_ONCE), "hundreds of documents"):
        some = documents[start : start + AT_ONCE]
        _publish(some)
        passages += library.index_articles([document.id for document in some])
    return Ingested(len(documents), passages, perf_counter() - began)


def ingest_files(library: Library, files: Sequence[Path], track: Track = quietly) -> Ingested:
    """As if they had been uploaded. Raises Invalid for a file that can't be read."""
    began = perf_counter()
    for file in track(files, "files"):
        content = file.read_bytes()
        key = store(content)
        with transaction() as session:
            upload_id = uploads.add(session, file.name, key, len(content), source=SOURCE).id
        pipeline.ingest(upload_id, library.index, library.models)
        with reading() as session:
            upload = uploads.find(session, upload_id)
        if upload.state != State.DONE:
            raise Invalid(f"{file.name}: {upload.message}")
    with reading() as session:
        passages = session.scalar(select(func.count(PassageRow.id))) or 0
    return Ingested(len(files), passages, perf_counter() - began)


def names_of_articles() -> dict[str, str]:
    """What cases call the articles that files became, by their ids."""
    with reading() as session:
        articles = {article.id: article for article in session.scalars(select(Article))}
        entries = files_of(session, articles)
    return {
        article.id: _name(entries.get(article.id) or article.origin or "", article)
        for article in articles.values()
        if article.source == SOURCE
    }


def _name(origin: str, article: Article) -> str:
    name = origin.removeprefix(f"{SOURCE}:")
    return f"{name}#{article.title}" if article.kind == Kind.FAQ else name


def _publish(documents: Sequence[Document]) -> None:
    with transaction() as session:
        for document in documents:
            parsed = parse_text(document.text, title=document.title)
            parts = split(parsed)
            publish(
                session,
                article_id=document.id,
                title=parsed.title,
                text=document.text,
                sections=parts.sections,
                pieces=parts.pieces,
                url=document.url,
                source="import",
                by="eval",
            )


def _own(folder: str) -> Settings:
    """Nothing of the environment: no server, no broker, no key of the installation at hand."""
    return Settings.model_construct(data=Path(folder))
