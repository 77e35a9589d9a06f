"""How much a file may ask for, and the checks that come before any parser."""

import zipfile
from pathlib import Path

from ingestion.parse.document import Unreadable

SECONDS = 60
MEMORY_BYTES = 2 * 1024**3
UNPACKED_BYTES = 200 * 1024**2
ARCHIVE_ENTRIES = 20_000
TEXT_LETTERS = 5_000_000
TABLE_ROWS = 20_000
TABLE_COLUMNS = 200


def check_size(path: Path, name: str, most_bytes: int) -> None:
    """Raises Unreadable for a file that is missing, empty or too large."""
    if not path.is_file():
        raise Unreadable(f"There is no file “{name}”. Check the path, then try again.")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(f"“{name}” is empty (0 bytes). Save it again and upload that copy.")
    if size > most_bytes:
        raise Unreadable(
            f"“{name}” is too large: {size / 1024**2:.0f} MB, and the limit is "
            f"{most_bytes // 1024**2} MB. Split it, or raise ONETHREAD_MAX_UPLOAD_MB."
        )


def check_archive(path: Path, name: str) -> None:
    """Raises Unreadable for an archive that unpacks to far more than a document would."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Unreadable(damaged(name)) from None
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_BYTES or len(entries) > ARCHIVE_ENTRIES:
        raise Unreadable(
            f"“{name}” unpacks to {unpacked / 1024**2:.0f} MB in {len(entries)} parts, far more "
            "than a document needs, so it was not opened. Save it again without embedded media."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(protected(name))


def damaged(name: str) -> str:
    return (
        f"“{name}” is damaged or was cut off in transfer. Open it in the program it comes from, "
        "save it again and upload that copy."
    )


def protected(name: str) -> str:
    return f"“{name}” is protected by a password. Save a copy without the password and upload that."
