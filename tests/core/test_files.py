"""Files by content: one copy, whole or not at all, in a folder as in a bucket."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import files
from core.errors import NotFound, OneThreadError
from core.installation import installation
from core.settings import Settings
from tests.lab.s3 import S3

LARGE = b"0123456789" * 2_000_000


@pytest.fixture(params=["folder", "bucket"])
def kept_in(request: pytest.FixtureRequest, small_installation: Settings) -> Iterator[str]:
    """An installation that keeps its files in either place."""
    if request.param == "folder":
        yield "folder"
        return
    with installation(in_bucket(small_installation, request.getfixturevalue("s3"))):
        yield "bucket"


def in_bucket(settings: Settings, s3: S3, **others: str) -> Settings:
    return settings.model_copy(update=s3.settings(**others))


def _kept(settings: Settings) -> list[Path]:
    return [path for path in (settings.data / "files").rglob("*") if path.is_file()]


def test_the_same_bytes_have_one_key_and_come_back(kept_in: str) -> None:
    first, again = files.store(b"an invoice"), files.store(b"an invoice")
    other = files.store(b"another invoice")

    assert first == again != other
    assert files.load(first) == b"an invoice"


@pytest.mark.parametrize("content", [b"", LARGE], ids=["empty", "large"])
def test_any_size_comes_back_as_it_was(kept_in: str, content: bytes) -> None:
    assert files.load(files.store(content)) == content


def test_who_needs_a_path_has_one_for_as_long_as_it_takes(
    kept_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    key = files.store(b"a manual")

    with files.on_disk(key) as path:
        assert path.read_bytes() == b"a manual"
    assert list((tmp_path / "tmp").iterdir()) == [], "a copy was left behind"
    assert files.load(key) == b"a manual"


def test_a_missing_file_is_said_to_be_missing(kept_in: str) -> None:
    with pytest.raises(NotFound, match="file store"):
        files.load("ab" * 32)
    with pytest.raises(NotFound, match="file store"), files.on_disk("ab" * 32):
        pass


def test_a_folder_keeps_the_same_bytes_once(small_installation: Settings) -> None:
    for content in (b"an invoice", b"an invoice", b"another invoice"):
        files.store(content)
    assert len(_kept(small_installation)) == 2


def test_a_bucket_keeps_them_under_its_folder_and_nothing_lies_here(
    small_installation: Settings, s3: S3
) -> None:
    with installation(in_bucket(small_installation, s3)):
        key = files.store(b"an invoice for the bucket")
    assert f"onethread/{key[:2]}/{key}" in s3.objects()
    assert _kept(small_installation) == []


def test_a_crash_while_writing_leaves_no_file_under_the_key(
    small_installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(_: int) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", power_cut)
        with pytest.raises(OSError, match="no space"):
            files.store(b"half")

    key = files.store(b"half")
    assert files.load(key) == b"half"


def test_a_line_that_breaks_leaves_no_file_under_the_key(
    small_installation: Settings, s3: S3
) -> None:
    content = b"broken" + LARGE
    before = s3.objects()
    with s3.over_a_line_cut_after(9_000_000) as cut:
        settings = in_bucket(small_installation, s3, aws_endpoint_url=cut)
        with installation(settings), pytest.raises(files.FilesUnavailable, match="not answer"):
            files.store(content)
    assert s3.objects() == before

    with installation(in_bucket(small_installation, s3)):
        assert files.load(files.store(content)) == content


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"files_url": "/var/files"}, "must name a bucket, as in s3://bucket"),
        ({"files_url": "s3://"}, "must name a bucket"),
        ({"files_url": "s3://no-such-bucket"}, "no-such-bucket.*create it"),
        ({"aws_endpoint_url": "http://127.0.0.1:9"}, "does not answer.*AWS_ENDPOINT_URL"),
    ],
)
def test_a_wrong_setting_is_explained(
    small_installation: Settings, s3: S3, wrong: dict[str, str], words: str
) -> None:
    with (
        installation(in_bucket(small_installation, s3, **wrong)),
        pytest.raises(OneThreadError, match=words),
    ):
        files.place().check()


def test_keys_that_are_not_accepted_are_named(small_installation: Settings, s3: S3) -> None:
    with installation(in_bucket(small_installation, s3)):
        assert "read and written" in files.place().check()
        with s3.asking_for_keys(), pytest.raises(OneThreadError, match="AWS_ACCESS_KEY_ID"):
            files.place().check()
        assert not [name for name in s3.objects() if name.endswith("check")]


def test_keys_and_endpoint_come_under_the_names_of_awss_own_tools(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("ONETHREAD_FILES_URL=s3://shop\nAWS_ACCESS_KEY_ID=from-file\n")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://s3.shop.example")
    told = Settings()
    assert (told.files_url, told.aws_access_key_id) == ("s3://shop", "from-file")
    assert told.aws_endpoint_url == "https://s3.shop.example"
