"""What a parser hands on: a document as a list of blocks in reading order."""

import json
import re
from dataclasses import asdict, dataclass, replace
from typing import Literal, NamedTuple

from core.errors import OneThreadError

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

Kind = Literal["heading", "paragraph", "list", "steps", "table", "code"]


class Unreadable(OneThreadError):
    """A file that gives no text; the message says why and what to do."""

    code = "unreadable"
    status = 422


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document. `level` is a heading's 1 to 6, `page` counts from 1.

    Lists and steps hold one item per line, tables are Markdown pipe rows."""

    kind: Kind
    text: str
    level: int = 0
    page: int | None = None


class FaqRow(NamedTuple):
    """A question with its curated answer. `notes` is what other columns of the row tell."""

    question: str
    answer: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """`tables` counts the tables; `faq` holds the rows of an FAQ file."""

    title: str
    blocks: tuple[Block, ...]
    tables: int
    warnings: tuple[str, ...]
    language: str = ""
    faq: tuple[FaqRow, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.faq and not any(block.text.strip() for block in self.blocks)


def document_of(
    blocks: list[Block], *, title: str = "", warnings: tuple[str, ...] = (), language: str = ""
) -> Document:
    """A document with its tables counted, empty blocks and unprintable letters left out."""
    cleaned = (replace(b, text=clean(b.text)) if _UNFIT.search(b.text) else b for b in blocks)
    kept = tuple(block for block in cleaned if block.text.strip())
    tables = sum(block.kind == "table" for block in kept)
    return Document(clean(title).strip(), kept, tables, warnings, language)


def clean(text: str) -> str:
    """Without what no database or encoding takes: control characters and half letters."""
    return _UNFIT.sub("", text)


def to_json(document: Document) -> str:
    return json.dumps(asdict(document), ensure_ascii=False)


def from_json(text: str) -> Document:
    data = json.loads(text)
    return Document(
        title=data["title"],
        blocks=tuple(Block(**block) for block in data["blocks"]),
        tables=data["tables"],
        warnings=tuple(data["warnings"]),
        language=data["language"],
        faq=tuple(FaqRow(*row) for row in data["faq"]),
    )
