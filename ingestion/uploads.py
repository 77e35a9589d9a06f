"""Files on their way into the knowledge base, each with its state and progress."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import events, holder
from core.clock import now
from core.db import Row
from core.errors import NotFound
from core.queue import enqueue

LEASE = timedelta(minutes=5)
"""A claim this old was left by a crash; the file is taken up again."""
SUPERSEDED = "A newer upload of this file was read instead."


class State(StrEnum):
    WAITING = "waiting"
    PARSING = "parsing"
    INDEXING = "indexing"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = (State.WAITING, State.PARSING, State.INDEXING)
PROGRESS = {
    State.WAITING: 0.0,
    State.PARSING: 0.2,
    State.INDEXING: 0.6,
    State.DONE: 1.0,
    State.FAILED: 1.0,
}


class Upload(Row):
    __tablename__ = "upload"

    name: Mapped[str]
    size: Mapped[int]
    file_key: Mapped[str]
    source: Mapped[str]
    """Who brought it: upload, demo, cli."""
    audience: Mapped[str] = mapped_column(default="public")
    state: Mapped[str] = mapped_column(default=State.WAITING, index=True)
    message: Mapped[str] = mapped_column(default="")
    """What went wrong and what to do, or what was found."""
    article_id: Mapped[str | None] = mapped_column(ForeignKey("article.id"))
    """What was made of it; None for a file of nothing but FAQ entries."""
    entries: Mapped[int] = mapped_column(default=0)
    """How many FAQ entries are in it, and how many of them stand as the file says."""
    entries_done: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    """The process (core.holder) that reads it until then."""
    by: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]

    @property
    def progress(self) -> float:
        reached = PROGRESS[State(self.state)]
        if self.state != State.INDEXING or not self.entries:
            return reached
        return PROGRESS[State.PARSING] + 0.8 * self.entries_done / self.entries

    @property
    def origin(self) -> str:
        """What makes another upload a newer one of the same file."""
        return f"{self.source}:{self.name}"


def add(
    session: Session, name: str, file_key: str, size: int, *, source: str = "upload", by: str = ""
) -> Upload:
    """Start reading a stored file of `size` bytes once this commits."""
    upload = Upload(name=name[:300], size=size, file_key=file_key, source=source, by=by)
    session.add(upload)
    session.flush()
    enqueue(session, "knowledge.ingest", upload.id)
    _announce(session, upload)
    return upload


def find(session: Session, upload_id: str) -> Upload:
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise NotFound("There is no such upload.")
    return upload


def latest(session: Session, limit: int = 100) -> list[Upload]:
    return list(session.scalars(select(Upload).order_by(Upload.id.desc()).limit(limit)))


def claim(session: Session, upload_id: str) -> Upload | None:
    """The upload, if it is unfinished and nobody works on it or on another of the same file."""
    upload = session.get(Upload, upload_id)
    if upload is None:
        return None
    same_file = _of_file(session, upload.origin)
    if upload.state in (State.DONE, State.FAILED):
        return None
    if any(one.claimed_until and one.claimed_until > now() for one in same_file):
        return None
    if any(one.id > upload.id and one.state == State.DONE for one in same_file):
        move(session, upload, State.DONE, SUPERSEDED)
        return None
    upload.claimed_until, upload.claimed_by = now() + LEASE, holder.this_process()
    move(session, upload, State.PARSING)
    return upload


def is_being_read(session: Session, origin: str) -> bool:
    return any(one.state in UNFINISHED for one in _of_file(session, origin))


def _of_file(session: Session, origin: str) -> list[Upload]:
    """Every upload of a file, as they now stand, held until this transaction ends."""
    source, _, name = origin.partition(":")
    rows = select(Upload).where(Upload.source == source, Upload.name == name).order_by(Upload.id)
    fresh = rows.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def move(session: Session, upload: Upload, state: State, message: str = "") -> None:
    upload.state, upload.message = state, message
    if state in (State.DONE, State.FAILED):
        upload.finished_at, upload.claimed_until = now(), None
        _wake_next(session, upload)
    _announce(session, upload)


def _wake_next(session: Session, upload: Upload) -> None:
    """Another upload of the same file had to wait for this one."""
    waiting = (one for one in _of_file(session, upload.origin) if one.state == State.WAITING)
    for one in waiting:
        enqueue(session, "knowledge.ingest", one.id)


def note_entries(session: Session, upload: Upload, done: int, total: int) -> None:
    """How far a long FAQ file has come. Whoever reports that is still at work."""
    upload.entries, upload.entries_done = total, done
    upload.claimed_until = now() + LEASE


def retry(session: Session, upload: Upload) -> None:
    upload.state, upload.message, upload.claimed_until = State.WAITING, "", None
    enqueue(session, "knowledge.ingest", upload.id)
    _announce(session, upload)


def end_claims(session: Session, holders: Collection[str]) -> None:
    """These processes are gone: their files are free for others."""
    session.execute(
        update(Upload)
        .where(Upload.claimed_by.in_(holders))
        .values(claimed_until=None, claimed_by=None)
    )


def take_up_again(session: Session) -> None:
    """At a start, go on at once with every unfinished file that nobody reads."""
    unfinished = Upload.state.in_(UNFINISHED)
    unclaimed = Upload.claimed_until.is_(None) | (Upload.claimed_until < now())
    for upload_id in session.scalars(
        select(Upload.id).where(unfinished, unclaimed).order_by(Upload.id)
    ):
        enqueue(session, "knowledge.ingest", upload_id)


def forgotten(session: Session) -> list[str]:
    """Unfinished files that nobody works on: their job was lost, or a crash interrupted it."""
    return list(
        session.scalars(
            select(Upload.id)
            .where(Upload.state.in_(UNFINISHED))
            .where(Upload.claimed_until.is_(None) | (Upload.claimed_until < now()))
            .where(Upload.created_at < now() - timedelta(seconds=20))
            .order_by(Upload.id)
            .limit(200)
        )
    )


def _announce(session: Session, upload: Upload) -> None:
    events.append(session, "upload.moved", upload=upload.id, state=upload.state)
