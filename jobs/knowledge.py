"""Jobs that need the index; they run in the process that owns it."""

from core.db import reading
from core.queue import job, wake
from ingestion import pipeline, uploads
from jobs.library import library
from knowledge import indexing


@job("knowledge.ingest")
def ingest(upload_id: str) -> None:
    pipeline.ingest(upload_id, library().index, library().models)


@job("knowledge.index")
def index(article_id: str) -> None:
    indexing.index_article(library().index, library().models, article_id)


@job("knowledge.reconcile", expires=60)
def reconcile() -> None:
    """Repair the index, and take up files that a crash left half-read."""
    indexing.reconcile(library().index, library().models)


@job("uploads.resume", expires=10)
def resume() -> None:
    with reading() as session:
        waiting = uploads.forgotten(session)
    for upload_id in waiting:
        wake("knowledge.ingest", upload_id)
