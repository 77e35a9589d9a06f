"""What the command line asks of the running service: loopback and the lock file's token only."""

import hmac
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, UploadFile
from pydantic import BaseModel, Field

from agent.ask import ask
from api.transactions import Reading
from core import files
from core.db import transaction
from core.errors import NotAllowed
from ingestion import uploads
from retrieval.library import Library

LOOPBACK = ("127.0.0.1", "::1")


class Question(BaseModel):
    question: str = Field(min_length=1, max_length=10_000)
    customer: str | None = None


class UploadState(BaseModel):
    id: str
    name: str
    state: str
    progress: float
    message: str


def local_router(token: str, library: Callable[[], Library]) -> APIRouter:
    """Endpoints under /local, for whoever can read the data folder."""

    def local_only(request: Request, x_onethread_local: Annotated[str, Header()] = "") -> None:
        near = request.client is not None and request.client.host in LOOPBACK
        if not near or not hmac.compare_digest(x_onethread_local.encode(), token.encode()):
            raise NotAllowed("Only the command line on this machine may ask this.")

    router = APIRouter(prefix="/local", dependencies=[Depends(local_only)], include_in_schema=False)

    @router.post("/ask")
    def ask_question(request: Question) -> dict[str, Any]:
        return ask(library(), request.question, customer_id=request.customer)

    @router.post("/uploads")
    def take_file(file: UploadFile, source: str = "cli") -> UploadState:
        content = file.file.read()
        key, name = files.store(content), file.filename or "file"
        with transaction() as session:
            upload = uploads.add(session, name, key, len(content), source=source, by="cli")
            return _state(upload)

    @router.get("/uploads/{upload_id}")
    def look(upload_id: str, session: Reading) -> UploadState:
        return _state(uploads.find(session, upload_id))

    return router


def _state(upload: uploads.Upload) -> UploadState:
    return UploadState(
        id=upload.id,
        name=upload.name,
        state=upload.state,
        progress=upload.progress,
        message=upload.message,
    )
