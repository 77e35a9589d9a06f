"""Markdown and text files."""

from pathlib import Path

from ingestion.parse.document import Document
from ingestion.parse.encoding import decode
from ingestion.parse.written import parse_text


def read(path: Path, name: str, kind: str) -> Document:
    text = decode(path.read_bytes())
    return parse_text(text, format="markdown" if kind == "md" else "text")
