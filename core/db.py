"""The database: one engine, one unit of work at the edge of each request and job.

SQLite and PostgreSQL behave alike here: writers on SQLite take the lock when they begin, so a
transaction never fails half-way because another got there first.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.types import JSON, TypeDecorator

from core.clock import now
from core.ids import new_id
from core.settings import settings

BUSY = 30
"""Seconds that a writer on SQLite waits for another one."""


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it as it stands
        datetime: UtcTime,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
    }


class Row(Base):
    """What every table of a noun has."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=now)


@lru_cache
def engine() -> Engine:
    if settings().is_sqlite:
        return _sqlite(settings().database)
    return create_engine(settings().database, pool_size=10, max_overflow=20, pool_pre_ping=True)


def _sqlite(url: str) -> Engine:
    settings().data.mkdir(parents=True, exist_ok=True)
    options = {"timeout": BUSY, "check_same_thread": False}
    made = create_engine(url, connect_args=options, pool_size=20)

    @event.listens_for(made, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return made


@lru_cache
def _sessions() -> sessionmaker[Session]:
    return sessionmaker(engine(), expire_on_commit=False)


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work: commits when the block ends well, else nothing of it happened.

    Jobs enqueued in it are sent after the commit and dropped with a rollback.
    """
    with _Pen() as pen, _sessions().begin() as session:
        session.info["pen"] = pen
        yield session


class _Pen:
    """On SQLite this process's writers queue up for it: SQLite's own waiting is by sleeping and
    looking again, tens of milliseconds at a time. Other processes' writers are left to SQLite."""

    _one = threading.Lock()

    def __enter__(self) -> "_Pen":
        self.held = settings().is_sqlite and self._one.acquire(timeout=BUSY)
        return self

    def put_down(self) -> None:
        if self.held:
            self.held = False
            self._one.release()

    def __exit__(self, *_wrong: object) -> None:
        self.put_down()


# Before anything else that happens after a commit: jobs are sent then, and listeners may write.
@event.listens_for(Session, "after_commit", insert=True)
def _put_down_pen(session: Session) -> None:
    if "pen" in session.info and not session.in_nested_transaction():
        session.info["pen"].put_down()


@contextmanager
def reading() -> Iterator[Session]:
    """A look at the data that takes no write lock. Nothing done in it is kept."""
    with _sessions()() as session:
        session.connection(execution_options={"reading": True})
        yield session
        session.expunge_all()


def is_reachable() -> bool:
    with reading() as session:
        return session.execute(text("SELECT 1")).scalar() == 1


def forget_connections() -> None:
    """Start over with fresh settings; used between test installations and after a fork."""
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    _sessions.cache_clear()
