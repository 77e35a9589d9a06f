"""Files by content: one copy, whole or not at all."""

from pathlib import Path

import pytest

from core import files
from core.errors import NotFound
from core.settings import Settings


def _kept(settings: Settings) -> list[Path]:
    return [path for path in (settings.data / "files").rglob("*") if path.is_file()]


def test_the_same_bytes_are_kept_once(small_installation: Settings) -> None:
    first, again = files.store(b"an invoice"), files.store(b"an invoice")
    other = files.store(b"another invoice")

    assert first == again != other
    assert len(_kept(small_installation)) == 2
    assert files.load(first) == b"an invoice"


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


def test_a_missing_file_is_said_to_be_missing(small_installation: Settings) -> None:
    with pytest.raises(NotFound, match="file store"):
        files.load("ab" * 32)
