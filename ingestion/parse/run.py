"""Runs the parser in a child process, so that no file can take the service down."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import ingestion
from core.settings import settings
from ingestion.parse import limits
from ingestion.parse.document import Document, Unreadable, from_json

_ROOT = Path(ingestion.__file__).parents[1]


def parse(path: Path, *, name: str | None = None) -> Document:
    """The document in a file. `name` is what its uploader called it.

    Raises Unreadable, with a message that says what to do, for every file that gives no text."""
    name = name or path.name
    limits.check_size(path, name, settings().max_upload_mb * 1024**2)
    with tempfile.TemporaryDirectory(prefix="onethread-parse-") as folder:
        result = Path(folder) / "result.json"
        status = _run(path.absolute(), name, result, Path(folder))
        answer = _answer(result)
    if answer is None:
        raise Unreadable(_failure(status, name))
    if "error" in answer:
        raise Unreadable(answer["error"])
    return from_json(answer["document"])


def _run(path: Path, name: str, result: Path, folder: Path) -> int | None:
    """The child's exit status; None when it had to be killed for taking too long."""
    command = [sys.executable, "-m", "ingestion.parse.child", str(path), name, str(result)]
    child = subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return child.wait(limits.SECONDS)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(child)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours but where the code is: a parser has no business with our secrets."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(_ROOT),
        "PYTHONUTF8": "1",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "OMP_NUM_THREADS": "1",
        "DO_NOT_TRACK": "true",
        "UNSTRUCTURED_DISABLE_NOTICE": "1",
    }


def _end(child: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _answer(result: Path) -> dict[str, str] | None:
    try:
        answer: dict[str, str] = json.loads(result.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return answer


def _failure(status: int | None, name: str) -> str:
    if status is None or status in (-signal.SIGALRM, -signal.SIGXCPU):
        return (
            f"Reading “{name}” took longer than {limits.SECONDS} seconds and was stopped. "
            "Split it into smaller files."
        )
    return (
        f"“{name}” could not be read: it made the reader stop. It is probably damaged, or needs "
        f"more than {limits.MEMORY_BYTES // 1024**3} GB of memory. Save it again or split it."
    )
