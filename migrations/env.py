"""Alembic's entry: brings the database of the settings in force up to date."""

from alembic import context

from core.db import Base, engine
from migrations import tables


def run() -> None:
    assert tables
    with engine().connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
