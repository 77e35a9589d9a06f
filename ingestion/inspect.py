"""What a document turns into, without storing anything: `onethread inspect document`."""

from pathlib import Path
from typing import Any

from ingestion.parse import parse
from ingestion.split import Piece, split


def inspect_document(path: Path) -> dict[str, Any]:
    """`{title, passages: [{breadcrumb, text}], tables, warnings}`. Raises Unreadable."""
    document = parse(path)
    return {
        "title": document.title,
        "passages": [_passage(piece) for piece in split(document).pieces],
        "tables": document.tables,
        "warnings": list(document.warnings),
    }


def _passage(piece: Piece) -> dict[str, str]:
    text = f"{piece.question}\n{piece.text}" if piece.question else piece.text
    return {"breadcrumb": piece.breadcrumb, "text": text}
