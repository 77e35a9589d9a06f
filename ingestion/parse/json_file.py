"""FAQ lists and articles in JSON or JSON lines."""

import json
from pathlib import Path
from typing import Any

from ingestion.parse.document import Block, Document, Unreadable, document_of
from ingestion.parse.encoding import decode
from ingestion.parse.faq import faq_document
from ingestion.parse.limits import damaged
from ingestion.parse.written import parse_text

_TEXT_KEYS = ("text", "body", "content", "html")


def read(path: Path, name: str, kind: str) -> Document:
    records = _records(_loaded(decode(path.read_bytes()), name))
    faq = _faq(records)
    if faq and faq.faq:
        return faq
    articles = [record for record in records if _text(record)]
    if not articles:
        raise Unreadable(
            f"“{name}” is JSON, but no FAQ list. Give it as "
            '[{"question": "...", "answer": "..."}, ...] or [{"title": "...", "text": "..."}, ...].'
        )
    return _joined(articles)


def _loaded(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        raise Unreadable(damaged(name)) from None


def _records(data: Any) -> list[dict[str, Any]]:
    """The objects of the list, wherever at the top it stands; {question: answer} as well."""
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        if data and all(isinstance(value, str) and "?" in key for key, value in data.items()):
            return [{"question": key, "answer": value} for key, value in data.items()]
        data = lists[0] if lists else [data]
    if not isinstance(data, list):
        return []
    return [record for record in data if isinstance(record, dict)]


def _faq(records: list[dict[str, Any]]) -> Document | None:
    header = list(dict.fromkeys(key for record in records for key in record))
    rows = [[_plain(record.get(key)) for key in header] for record in records]
    return faq_document(header, rows)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(_plain, value))
    return "" if value is None or isinstance(value, dict) else str(value)


def _text(record: dict[str, Any]) -> str:
    return next((_plain(record[key]) for key in _TEXT_KEYS if _plain(record.get(key))), "")


def _joined(articles: list[dict[str, Any]]) -> Document:
    if len(articles) == 1:
        return parse_text(_text(articles[0]), title=_plain(articles[0].get("title")))
    blocks: list[Block] = []
    for article in articles:
        title = _plain(article.get("title"))
        blocks.append(Block("heading", title, level=1))
        for block in parse_text(_text(article), title=title).blocks:
            if block.kind == "heading":
                block = Block("heading", block.text, min(block.level + 1, 6))
            if block.text != title:
                blocks.append(block)
    return document_of(blocks)
