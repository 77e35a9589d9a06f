"""Who holds a lease: a process, known by a file it keeps locked as long as it lives.

The system frees the lock when the process ends, however it ends; so its leases can end then, and
not only when their time is up. Processes on other data folders can't be seen here: for what they
hold, the time rules.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout

from core.ids import new_id
from core.settings import settings


def this_process() -> str:
    """The name under which this process takes leases."""
    return Path(_locked().lock_file).stem


@lru_cache
def _locked() -> FileLock:
    lock = FileLock(_folder() / f"{new_id()}.lock", thread_local=False)
    lock.acquire()
    return lock


def gone() -> list[str]:
    """Processes that took leases on this data folder and are no more."""
    return [file.stem for file in sorted(_folder().glob("*.lock")) if _is_free(file)]


def _is_free(file: Path) -> bool:
    try:
        with FileLock(file, timeout=0):
            return True
    except Timeout:
        return False


def forget(names: Iterable[str]) -> None:
    """Their leases have ended: nobody needs to look for them again."""
    for name in names:
        (_folder() / f"{name}.lock").unlink(missing_ok=True)


def leave() -> None:
    """Stop being a holder, as if this process had ended."""
    if _locked.cache_info().currsize:
        _locked().release()
    _locked.cache_clear()


def _folder() -> Path:
    folder = settings().data / "holders"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
