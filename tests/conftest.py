"""What every test stands on: a fresh installation, on SQLite and on PostgreSQL where it runs."""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import sqlalchemy as sa

from core import db
from core.db import Base, engine
from core.installation import installation as at
from core.settings import Settings
from knowledge.model import export
from migrations.upgrade import upgrade
from tests.lab.s3 import S3, s3_server

os.environ.update(HF_HUB_OFFLINE="1", DO_NOT_TRACK="true", TOKENIZERS_PARALLELISM="false")

POSTGRES = os.environ.get("ONETHREAD_TEST_POSTGRES", "postgresql+psycopg://root@127.0.0.1:5432")
ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no core is left alone with them at the end."""
    longest = [ROOT / "tests" / folder for folder in ("web", "end_to_end")]
    items.sort(key=lambda item: not any(item.path.is_relative_to(folder) for folder in longest))
    for later in _on_the_other_database(items):
        later.add_marker(pytest.mark.slow)


def _on_the_other_database(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """The fast suite runs a test on one database, by the hash of its name; the slow one on the
    other as well."""
    both: dict[str, dict[str, pytest.Item]] = defaultdict(dict)
    for item in items:
        for database in ("sqlite", "postgres"):
            if "installation" in getattr(item, "fixturenames", ()) and database in item.name:
                both[item.nodeid.replace(database, "")][database] = item
    for name, found in both.items():
        if len(found) > 1:
            yield found[("sqlite", "postgres")[crc32(name.encode()) % 2]]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public data sets and vendors' specs beside the repository."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs the shared data folder beside the repository")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """Each test's installation has an engine of its own, which would compile every statement anew:
    two fifths of a test's time. Here the first engine's statements serve all of its kind."""
    made_first: dict[str, sa.Engine] = {}

    def create(url: str, **options: Any) -> sa.Engine:
        made = sa.create_engine(url, **options)
        first = made_first.setdefault(made.dialect.name, made)
        made.dialect = made.pool._dialect = first.dialect
        made._compiled_cache = first._compiled_cache
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "create_engine", create)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    folder = tmp_path_factory.mktemp("template")
    with at(Settings(data=folder)):
        upgrade()
        with engine().connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    return folder / "onethread.db"


@pytest.fixture(scope="session")
def postgres_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated PostgreSQL database, emptied for each test."""
    name = f"onethread_test_{os.getpid()}"
    try:
        on_server(f"CREATE DATABASE {name}")
    except sa.exc.OperationalError:
        pytest.skip("needs PostgreSQL")
    with at(_postgres_settings(tmp_path_factory.mktemp("pg"), name)):
        upgrade()
    yield name
    on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 server with one bucket."""
    with s3_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A fresh installation; each test runs once per database."""
    if request.param == "sqlite":
        yield from _fresh_sqlite(request, tmp_path)
    else:
        yield from _fresh_postgres(request, tmp_path)


@pytest.fixture
def small_installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A fresh installation on SQLite only, for tests that don't depend on the database."""
    yield from _fresh_sqlite(request, tmp_path)


def _fresh_sqlite(request: pytest.FixtureRequest, folder: Path) -> Iterator[Settings]:
    shutil.copy(request.getfixturevalue("sqlite_template"), folder / "onethread.db")
    (folder / "model").symlink_to(request.getfixturevalue("exported_model"))
    with at(Settings(data=folder)) as settings:
        yield settings


def _fresh_postgres(request: pytest.FixtureRequest, folder: Path) -> Iterator[Settings]:
    name = request.getfixturevalue("postgres_database")
    (folder / "model").symlink_to(request.getfixturevalue("exported_model"))
    with at(_postgres_settings(folder, name)) as settings:
        _empty(engine())
        yield settings


def _empty(postgres: sa.Engine) -> None:
    """Delete every row; much quicker than a database of its own for each test."""
    deleted = ";".join(f'DELETE FROM "{table}"' for table in Base.metadata.tables)
    with postgres.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica;{deleted}")


def _postgres_settings(folder: Path, name: str) -> Settings:
    return Settings(data=folder, database_url=f"{POSTGRES}/{name}")


def on_server(statement: str) -> None:
    server = sa.create_engine(f"{POSTGRES}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(statement)
    server.dispose()


@pytest.fixture(scope="session")
def exported_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `model` folder of an installation, exported once and shared by all tests."""
    folder = ROOT / ".onethread" / "test"
    with at(Settings(data=folder)):
        export.export_all()
    return folder / "model"
