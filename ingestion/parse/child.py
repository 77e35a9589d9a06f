"""The process that reads one file: `python -m ingestion.parse.child FILE NAME RESULT`."""

import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from ingestion.parse import limits
from ingestion.parse.document import Document, Unreadable, to_json
from ingestion.parse.sniff import extension, sniff

Reader = Callable[[Path, str, str], Document]

# Each is imported only when its format comes: some take seconds to load.
READERS = {
    "pdf": "pdf", "docx": "docx", "pptx": "pptx", "xlsx": "xlsx", "csv": "csv_file",
    "html": "html", "md": "plain", "txt": "plain", "json": "json_file", "eml": "eml",
    "xls": "office", "ods": "office", "odt": "office", "odp": "office", "rtf": "office",
    "epub": "office", "doc": "office", "ppt": "office", "msg": "msg",
}  # fmt: skip
_NAMES = {
    "pdf": "PDF", "docx": "Word", "doc": "Word", "pptx": "PowerPoint", "ppt": "PowerPoint",
    "xlsx": "Excel", "xls": "Excel", "html": "HTML", "eml": "email",
}  # fmt: skip
# What programs call a document that nobody has named.
_SAYS_NOTHING = re.compile(
    r"|untitled( document)?|(powerpoint |powerpoint-)?pr[eä]sentation|document\d*"
    r"|(microsoft (word|powerpoint|excel) - .*)|(title|page|slide|sheet|tabelle|folie) ?\d*",
    re.I,
)
_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec")


def main(path: Path, name: str, result: Path) -> None:
    _restrict()
    try:
        answer = {"document": to_json(read(path, name))}
    except Unreadable as refusal:
        answer = {"error": refusal.message}
    except MemoryError:
        sys.exit(1)
    except Exception:  # whatever a parser throws at a broken file means the same to its owner
        answer = {"error": limits.damaged(name)}
    result.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")


def read(path: Path, name: str) -> Document:
    """The document in this process. Raises Unreadable, or whatever the parser raises."""
    kind = sniff(path, name)
    reader: Reader = import_module(f"ingestion.parse.{READERS[kind]}").read
    document = reader(path, name, kind)
    if document.is_empty:
        raise Unreadable(f"“{name}” opens, but holds no text. Check that it is the right file.")
    if sum(len(block.text) for block in document.blocks) > limits.TEXT_LETTERS:
        raise Unreadable(
            f"“{name}” holds more than {limits.TEXT_LETTERS:,} letters of text. Split it."
        )
    return _finished(document, kind, name)


def _finished(document: Document, kind: str, name: str) -> Document:
    """With a title in any case, and a word about a misleading name."""
    claimed = extension(name)
    warnings = document.warnings
    if claimed in READERS and claimed != kind and {claimed, kind} - {"md", "txt", "csv"}:
        label = _NAMES.get(kind, kind)
        warnings = (
            *warnings,
            f"The name says .{claimed}; the content is {label}, so it was read so.",
        )
    telling = "" if _SAYS_NOTHING.fullmatch(document.title) else document.title
    return replace(document, title=telling or _as_title(name), warnings=warnings)


def _as_title(name: str) -> str:
    """A file's name as people would write it."""
    stem = Path(name).stem
    return " ".join(re.sub(r"[-_]+", " ", stem).split()) or stem


def _restrict() -> None:
    """Limits that hold even when the parent dies: time, memory, no network, no programs."""
    signal.alarm(limits.SECONDS + 5)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS, limits.SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: object) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"a parser may not call {event}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
