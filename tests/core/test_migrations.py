"""The migrations make exactly the tables that the code works with."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from core.db import Base, engine
from core.settings import Settings
from migrations import tables
from migrations.upgrade import is_current


def test_a_fresh_database_has_every_table_and_column(installation: Settings) -> None:
    assert tables
    assert is_current()
    with engine().connect() as connection:
        missing = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert [change for change in missing if "index" not in str(change[0])] == []
