"""An archive brings back the database, the key and the files, wherever they are kept."""

from pathlib import Path

import pytest

from cli.backup import backup, restore
from core import files
from core.errors import OneThreadError
from core.installation import installation
from core.settings import Settings
from tests.lab.s3 import S3


def test_a_backup_brings_the_files_back(small_installation: Settings, tmp_path: Path) -> None:
    key = files.store(b"a receipt")
    backup(tmp_path / "all.tar.gz")

    with installation(Settings(data=tmp_path / "again")):
        restore(tmp_path / "all.tar.gz")
        assert files.load(key) == b"a receipt"


def test_restored_where_a_bucket_is_set_they_go_into_the_bucket(
    small_installation: Settings, tmp_path: Path, s3: S3
) -> None:
    key = files.store(b"a receipt that moves")
    backup(tmp_path / "all.tar.gz")

    with installation(Settings(data=tmp_path / "again").model_copy(update=s3.settings())):
        restore(tmp_path / "all.tar.gz")
        assert files.load(key) == b"a receipt that moves"
        assert not (tmp_path / "again" / "files").exists()


def test_a_bucket_that_cannot_be_used_stops_a_restore_before_anything_is_there(
    small_installation: Settings, tmp_path: Path, s3: S3
) -> None:
    backup(tmp_path / "all.tar.gz")
    wrong = Settings(data=tmp_path / "again").model_copy(update=s3.settings(files_url="s3://none"))
    with installation(wrong), pytest.raises(OneThreadError, match="create it"):
        restore(tmp_path / "all.tar.gz")
    assert not (tmp_path / "again" / "onethread.db").exists()


def test_of_files_in_a_bucket_it_says_that_they_are_not_in_the_archive(
    small_installation: Settings, tmp_path: Path, s3: S3, capsys: pytest.CaptureFixture[str]
) -> None:
    with installation(small_installation.model_copy(update=s3.settings())):
        backup(tmp_path / "all.tar.gz")
    assert "does not hold the files" in " ".join(capsys.readouterr().out.split())
