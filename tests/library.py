"""A library to test with: the real model and engine, over articles written in a line."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.db import transaction
from core.settings import settings
from ingestion.parse import parse_text
from ingestion.split import split
from knowledge.articles import publish
from retrieval.library import Library, open_library


@contextmanager
def a_library(model: Path) -> Iterator[Library]:
    """That of the installation at hand, with the model that was exported once for all tests."""
    if not (settings().data / "model").exists():
        (settings().data / "model").symlink_to(model, target_is_directory=True)
    with open_library() as library:
        yield library


def write(article_id: str, title: str, text: str, **more: object) -> None:
    """Publish an article, or a new version of it; the index is not told yet."""
    parts = split(parse_text(text, title=title))
    with transaction() as session:
        publish(
            session,
            article_id=article_id,
            title=title,
            text=text,
            sections=parts.sections,
            pieces=parts.pieces,
            by="lead",
            **more,  # type: ignore[arg-type]
        )


def stock(library: Library, articles: Mapping[str, tuple[str, str]]) -> None:
    """Publish and index articles: `{id: (title, text)}`."""
    for article_id, (title, text) in articles.items():
        write(article_id, title, text)
    library.index_articles(list(articles))
