"""The migrations make exactly the tables that the code works with."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from core.db import Base, engine
from core.installation import installation as at
from core.settings import Settings
from migrations import tables
from migrations.upgrade import config, is_current, upgrade


def test_a_fresh_database_has_every_table_and_column(installation: Settings) -> None:
    assert tables
    assert is_current()
    with engine().connect() as connection:
        missing = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert [change for change in missing if "index" not in str(change[0])] == []


def test_a_faq_that_was_one_article_waits_to_be_read_entry_by_entry(tmp_path: Path) -> None:
    with at(Settings(data=tmp_path)):
        command.upgrade(config(), "0002")
        with engine().begin() as connection:
            for name in ("faq", "edited", "archived", "text"):
                _old_upload(connection, name)
        upgrade()
        with engine().connect() as connection:
            states: dict[str, str] = dict(
                connection.execute(text("SELECT name, state FROM upload")).all()
            )
            kinds = connection.exec_driver_sql("SELECT DISTINCT kind FROM article").scalars().all()
    assert states == {
        "faq": "waiting", "edited": "done", "archived": "done", "text": "done",
    }  # fmt: skip
    assert kinds == ["text"]


def _old_upload(connection: Connection, name: str) -> None:
    """A file as it stood before entries were articles of their own."""
    at_once = "2026-01-01 00:00:00"
    _insert(
        connection, "article", id=name, title=name, url="", source="upload", language="",
        origin=f"upload:{name}", audience="public", current_version=1, content_hash="",
        status="archived" if name == "archived" else "published",
        file_key=None if name == "edited" else name, updated_at=at_once, created_at=at_once,
    )  # fmt: skip
    _insert(
        connection, "passage", id=name, article_id=name, version=1, section=0, position=0,
        kind="text" if name == "text" else "faq", breadcrumb="", text="Yes.", question="Open?",
        created_at=at_once,
    )  # fmt: skip
    _insert(
        connection, "upload", id=name, name=name, size=1, file_key=name, source="upload",
        audience="public", state="done", message="", article_id=name, by="", created_at=at_once,
    )  # fmt: skip


def _insert(connection: Connection, table: str, **row: object) -> None:
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"), row)
