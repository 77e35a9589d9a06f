"""A parsed document becomes an article, or a new version of one."""

from sqlalchemy.orm import Session

from ingestion.parse import Document
from ingestion.split import split
from ingestion.written_form import as_markdown
from knowledge import articles
from knowledge.articles import Article, Kind


def publish_document(
    session: Session,
    document: Document,
    *,
    title: str,
    by: str,
    article_id: str | None = None,
    origin: str | None = None,
    kind: str = Kind.TEXT,
    source: str = "console",
    audience: str | None = None,
    url: str | None = None,
    language: str | None = None,
    file_key: str | None = None,
    content_hash: str = "",
) -> Article:
    """Publish a parsed document. What is None stays as it was, or as the document says."""
    cut = split(document)
    return articles.publish(
        session,
        title=" ".join(title.split())[:300],
        text=as_markdown(document),
        sections=cut.sections,
        pieces=cut.pieces,
        by=by,
        article_id=article_id,
        origin=origin,
        kind=kind,
        source=source,
        audience=audience,
        url=url,
        language=language or document.language or language,
        file_key=file_key,
        content_hash=content_hash,
    )
