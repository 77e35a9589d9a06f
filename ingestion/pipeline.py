"""From a stored file to passages that are found: parse, split, publish, index.

Each step leaves the database in a state from which a crash is resumed.
"""

import hashlib
from dataclasses import replace

from sqlalchemy.orm import Session

from core import files
from core.db import transaction
from core.errors import OneThreadError
from core.log import about, log
from ingestion import faq_file, uploads
from ingestion.parse import Document, FaqRow, Unreadable, parse, parse_text
from ingestion.publish import publish_document
from ingestion.uploads import State, Upload
from knowledge import articles, indexing
from knowledge.articles import Article, Kind, Status
from knowledge.embed import Models
from knowledge.index import Index

UNEXPECTED = (
    "This file could not be read because of an error on our side. Try again; if it fails again, "
    "save it in another format."
)
READER = "1"
"""Part of an article's content hash: a better parser reads the same file anew."""


def ingest(upload_id: str, index: Index, models: Models) -> None:
    """Take one upload as far as it goes. A file that can't be read fails alone, with a reason."""
    with about(upload=upload_id):
        with transaction() as session:
            upload = uploads.claim(session, upload_id)
        if upload is None:
            return
        try:
            with files.on_disk(upload.file_key) as path:
                document = parse(path, name=upload.name)
            said = _publish(upload, document, index, models)
        except OneThreadError as refused:
            return _finish(upload_id, State.FAILED, refused.message)
        except Exception:
            log.exception("ingestion_failed")
            return _finish(upload_id, State.FAILED, UNEXPECTED)
        _finish(upload_id, State.DONE, " ".join(filter(None, (said, *document.warnings))))


def _publish(upload: Upload, document: Document, index: Index, models: Models) -> str:
    """The file's text as one article, each of its FAQ entries as one of its own."""
    if document.is_empty:
        raise Unreadable("There is no text in this file. Upload one that has some.")
    pages = replace(document, faq=())
    article_id = _publish_pages(upload, pages)
    if article_id:
        indexing.index_article(index, models, article_id)
    said = faq_file.publish(upload, document.faq, index, models)
    if pages.is_empty:
        _take_pages_out(upload, index, models)
    return said


def _publish_pages(upload: Upload, pages: Document) -> str | None:
    with transaction() as session:
        row = uploads.find(session, upload.id)
        uploads.move(session, row, State.INDEXING)
        row.article_id = None
        known = articles.find_by_origin(session, upload.origin)
        if not pages.is_empty:
            row.article_id = publish_document(
                session,
                pages,
                title=pages.title,
                origin=upload.origin,
                source=upload.source,
                audience=None if known else upload.audience,
                file_key=upload.file_key,
                content_hash=f"{READER}:{upload.file_key}",
                by=upload.by or "system",
            ).id
        return row.article_id


def _take_pages_out(upload: Upload, index: Index, models: Models) -> None:
    """The article that a file was before it held nothing but FAQ entries."""
    with transaction() as session:
        article = articles.find_by_origin(session, upload.origin)
        if article is None or article.status != Status.PUBLISHED:
            return
        articles.archive(session, article.id, by=upload.by or "system")
    indexing.index_article(index, models, article.id)


def publish_text(
    session: Session,
    *,
    title: str,
    text: str,
    by: str,
    article_id: str | None = None,
    kind: str = Kind.TEXT,
    audience: str | None = None,
    url: str | None = None,
    language: str | None = None,
) -> Article:
    """Publish an article written in Markdown, or a FAQ entry: a question and its answer."""
    if kind == Kind.FAQ:
        document = faq_file.as_document(FaqRow(title.strip(), text))
    else:
        document = parse_text(text, title=title)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return publish_document(
        session,
        document,
        title=title,
        by=by,
        article_id=article_id,
        kind=kind,
        audience=audience,
        url=url,
        language=language,
        content_hash=f"{READER}:{kind}:{digest}",
    )


def _finish(upload_id: str, state: State, message: str) -> None:
    with transaction() as session:
        uploads.move(session, uploads.find(session, upload_id), state, message)
