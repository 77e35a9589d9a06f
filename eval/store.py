"""A throw-away installation to measure in: its own database and index, gone afterwards.

Only the model and what it has embedded before are shared with the installation at hand.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from core.db import transaction
from core.installation import installation
from core.settings import Settings, settings
from eval.suites import Document
from eval.track import Track, quietly
from ingestion.parse import parse_text
from ingestion.split import split
from knowledge.articles import publish
from knowledge.embed import CachedEmbedder, open_embedder
from knowledge.index import open_index
from migrations.upgrade import upgrade
from retrieval.library import Library

AT_ONCE = 100


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
    model = open_embedder()
    remembering = CachedEmbedder(model, settings().data.absolute() / "cache" / "vectors.db")
    with TemporaryDirectory(prefix="onethread-eval-") as folder, installation(_own(folder)):
        upgrade()
        with Library(model, remembering, open_index(model.dimension)) as library:
            yield library


def ingest(library: Library, documents: Sequence[Document], track: Track = quietly) -> Ingested:
    """Parse, split, publish and index, as uploads are."""
    began, passages = perf_counter(), 0
    for start in track(range(0, len(documents), AT_ONCE), "hundreds of documents"):
        some = documents[start : start + AT_ONCE]
        _publish(some)
        passages += library.index_articles([document.id for document in some])
    return Ingested(len(documents), passages, perf_counter() - began)


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
