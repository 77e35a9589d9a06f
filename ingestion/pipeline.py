"""From a stored file to passages that are found: parse, split, publish, index.

Each step leaves the database in a state from which a crash is resumed.
"""

import hashlib
from pathlib import Path

from sqlalchemy.orm import Session

from core import files
from core.db import transaction
from core.errors import OneThreadError
from core.log import about, log
from ingestion import uploads
from ingestion.parse import Document, Unreadable, parse, parse_text
from ingestion.split import split
from ingestion.uploads import State, Upload
from ingestion.written_form import as_markdown
from knowledge import articles, indexing
from knowledge.articles import Article
from knowledge.embed import Embedder
from knowledge.index import Index

UNEXPECTED = (
    "This file could not be read because of an error on our side. Try again; if it fails again, "
    "save it in another format."
)
READER = "1"
"""Part of an article's content hash: a better parser reads the same file anew."""


def ingest(upload_id: str, index: Index, embedder: Embedder) -> None:
    """Take one upload as far as it goes. A file that can't be read fails alone, with a reason."""
    with about(upload=upload_id):
        with transaction() as session:
            upload = uploads.claim(session, upload_id)
        if upload is None:
            return
        try:
            document = parse(files.local_path(upload.file_key), name=upload.name)
            article_id = _publish(upload, document)
            indexing.index_article(index, embedder, article_id)
        except OneThreadError as refused:
            return _finish(upload_id, State.FAILED, refused.message)
        except Exception:
            log.exception("ingestion_failed")
            return _finish(upload_id, State.FAILED, UNEXPECTED)
        _finish(upload_id, State.DONE, "; ".join(document.warnings))


def _publish(upload: Upload, document: Document) -> str:
    if document.is_empty:
        raise Unreadable("There is no text in this file. Upload one that has some.")
    with transaction() as session:
        row = uploads.find(session, upload.id)
        article = publish_document(
            session,
            document,
            title=document.title or Path(upload.name).stem.replace("-", " ").replace("_", " "),
            origin=f"{upload.source}:{upload.name}",
            source=upload.source,
            audience=upload.audience,
            file_key=upload.file_key,
            content_hash=f"{READER}:{upload.file_key}",
            by=upload.by or "system",
        )
        row.article_id = article.id
        uploads.move(session, row, State.INDEXING)
        return article.id


def publish_document(
    session: Session,
    document: Document,
    *,
    title: str,
    by: str,
    article_id: str | None = None,
    origin: str | None = None,
    source: str = "console",
    audience: str = "public",
    url: str = "",
    language: str = "",
    file_key: str | None = None,
    content_hash: str = "",
) -> Article:
    """Publish a parsed document as an article or as a new version of one."""
    cut = split(document)
    return articles.publish(
        session,
        title=title.strip()[:300],
        text=as_markdown(document),
        sections=cut.sections,
        pieces=cut.pieces,
        by=by,
        article_id=article_id,
        origin=origin,
        source=source,
        audience=audience,
        url=url,
        language=language or document.language,
        file_key=file_key,
        content_hash=content_hash,
    )


def publish_text(
    session: Session,
    *,
    title: str,
    text: str,
    by: str,
    article_id: str | None = None,
    audience: str = "public",
    url: str = "",
    language: str = "",
) -> Article:
    """Publish an article written in Markdown."""
    document = parse_text(text, title=title)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return publish_document(
        session,
        document,
        title=title,
        by=by,
        article_id=article_id,
        audience=audience,
        url=url,
        language=language,
        content_hash=f"{READER}:{digest}",
    )


def _finish(upload_id: str, state: State, message: str) -> None:
    with transaction() as session:
        uploads.move(session, uploads.find(session, upload_id), state, message)
