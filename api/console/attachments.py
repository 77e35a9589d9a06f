"""Files: what came with a message, and what a teammate prepares for a reply."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Annotated

from fastapi import APIRouter, Depends, File, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.auth import Agent
from api.incoming import read_upload
from api.problems import problems
from api.transactions import Reading
from core import files
from core.db import transaction
from core.errors import NotFound
from desk import prepared_files
from desk.messages import Attachment
from desk.prepared_files import PreparedFile

router = APIRouter(
    prefix="/api/attachments", tags=["attachments"], responses=problems(401, 403, 404)
)

SHOWN = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"}
    | {"audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "video/mp4", "video/3gpp"}
)
"""Types a browser may show itself; everything else is only saved."""


class PreparedShape(BaseModel):
    id: str
    name: str
    type: str
    size: int


@router.post("", status_code=201, responses=problems(401, 403, 413))
def prepare_attachment(file: Annotated[UploadFile, File()], actor: Agent) -> PreparedShape:
    """Upload a file; its id goes into a reply."""
    content, name, kind = read_upload(file)
    key = files.store(content)
    with transaction() as session:
        prepared = prepared_files.prepare(session, actor.id, name, kind, key, len(content))
        return PreparedShape.model_validate(prepared, from_attributes=True)


def _until_sent() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


UntilSent = Annotated[ExitStack, Depends(_until_sent)]
"""Holds what an answer is sent from, until it is sent."""


@router.get(
    "/{attachment_id}",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file"}},
)
def open_attachment(
    attachment_id: str, actor: Agent, session: Reading, held: UntilSent
) -> FileResponse:
    name, kind, key = _file(session, attachment_id, actor.id)
    shown = kind.split(";")[0].strip().lower() in SHOWN
    return FileResponse(
        held.enter_context(files.on_disk(key)),
        media_type=kind if shown else "application/octet-stream",
        filename=name or "file",
        content_disposition_type="inline" if shown else "attachment",
        headers={
            "content-security-policy": "default-src 'none'; sandbox",
            "cache-control": "private, max-age=3600",
        },
    )


def _file(session: Session, attachment_id: str, teammate_id: str) -> tuple[str, str, str]:
    attachment = session.get(Attachment, attachment_id)
    if attachment and attachment.file_key:
        return attachment.name, attachment.type, attachment.file_key
    prepared = session.get(PreparedFile, attachment_id)
    if prepared and prepared.owner_id == teammate_id:
        return prepared.name, prepared.type, prepared.file_key
    raise NotFound("There is no such file.")
