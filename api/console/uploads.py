"""Files for the knowledge base: sent in, watched on their way, tried again."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from pydantic import BaseModel

from api.auth import Agent, Lead
from api.console.shapes import Done
from api.incoming import read_upload
from api.problems import problems
from api.transactions import Reading, Writing
from core import files
from core.db import transaction
from core.errors import Conflict
from ingestion import uploads
from ingestion.uploads import State, Upload

router = APIRouter(prefix="/api/uploads", tags=["uploads"], responses=problems(401, 403, 404, 409))


class UploadShape(BaseModel):
    id: str
    name: str
    size: int
    state: State
    progress: float
    message: str
    article_id: str | None
    file: str
    """What its articles have as their file."""
    entries: int
    entries_done: int
    at: datetime


@router.get("")
def list_uploads(actor: Agent, session: Reading) -> list[UploadShape]:
    """The latest ones first."""
    return [_shape(upload) for upload in uploads.latest(session)]


@router.post("", status_code=201, responses=problems(401, 403, 413))
def send_files(file: Annotated[list[UploadFile], File()], actor: Lead) -> list[UploadShape]:
    """Each file is read on its own; one that can't be read fails alone, with a reason."""
    kept = [_keep(one) for one in file]
    with transaction() as session:
        return [_shape(uploads.add(session, *one, by=actor.id)) for one in kept]


def _keep(file: UploadFile) -> tuple[str, str, int]:
    """Store the bytes before any transaction is open. Returns name, key and size."""
    content, name, _ = read_upload(file)
    return name, files.store(content), len(content)


@router.post("/{upload_id}/retry")
def retry_upload(upload_id: str, actor: Lead, session: Writing) -> UploadShape:
    upload = uploads.find(session, upload_id)
    if upload.state != State.FAILED:
        raise Conflict("Only a file that failed can be tried again.")
    uploads.retry(session, upload)
    return _shape(upload)


@router.delete("/{upload_id}")
def remove_upload(upload_id: str, actor: Lead, session: Writing) -> Done:
    """Take it off the list. The article made from it stays."""
    upload = uploads.find(session, upload_id)
    if upload.state not in (State.DONE, State.FAILED):
        raise Conflict("This file is being read. Remove it when that is done.")
    session.delete(upload)
    return Done()


def _shape(upload: Upload) -> UploadShape:
    return UploadShape(
        id=upload.id,
        name=upload.name,
        size=upload.size,
        state=State(upload.state),
        progress=upload.progress,
        message=upload.message,
        article_id=upload.article_id,
        file=upload.origin,
        entries=upload.entries,
        entries_done=upload.entries_done,
        at=upload.created_at,
    )
