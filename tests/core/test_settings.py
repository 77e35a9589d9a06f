"""Settings come from the environment, with defaults that need nothing."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.settings import Settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ONETHREAD_{name.upper()}", raising=False)


def test_without_any_setting_it_is_sqlite_in_the_data_folder(tmp_path: Path) -> None:
    plain = Settings()
    assert plain.is_sqlite
    assert plain.database == f"sqlite:///{tmp_path}/.onethread/onethread.db"
    assert plain.url == "http://127.0.0.1:8700"


def test_the_environment_sets_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONETHREAD_DATABASE_URL", "postgresql+psycopg://db/onethread")
    monkeypatch.setenv("ONETHREAD_PUBLIC_URL", "https://desk.shop.example/")
    monkeypatch.setenv("ONETHREAD_PORT", "9000")

    told = Settings()
    assert not told.is_sqlite
    assert told.database == "postgresql+psycopg://db/onethread"
    assert (told.url, told.port) == ("https://desk.shop.example", 9000)


def test_the_environment_wins_over_the_env_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("ONETHREAD_PORT=9001\nONETHREAD_HOST=0.0.0.0\n")
    monkeypatch.setenv("ONETHREAD_PORT", "9002")
    assert (Settings().host, Settings().port) == ("0.0.0.0", 9002)


def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONETHREAD_MAX_UPLOAD_MB", "a lot")
    with pytest.raises(ValidationError, match="max_upload_mb"):
        Settings()
