"""Alembic's entry: brings the database of the settings in force up to date."""

from alembic import context

import migrations.tables
from core.db import Base, engine


def run() -> None:
    assert migrations.tables
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
