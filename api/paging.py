"""Keyset pages: a cursor names the last row seen, so a page never shifts and never slows down."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from core.errors import Invalid

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=300)]


class Page(BaseModel, Generic[Item]):
    items: list[Item]
    next: str | None


def cursor_of(at: datetime, row_id: str) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()} {row_id}".encode()).decode()


def read_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """The time and id of the last row seen; None at the start."""
    if not cursor:
        return None
    try:
        at, row_id = base64.urlsafe_b64decode(cursor).decode().split(" ", 1)
        moment = datetime.fromisoformat(at)
    except (ValueError, binascii.Error) as unreadable:
        raise Invalid("This cursor is not one of ours. Start from the first page.") from unreadable
    if moment.tzinfo is None or "\0" in row_id:
        raise Invalid("This cursor is not one of ours. Start from the first page.")
    return moment, row_id


def page_end(rows: Sequence[tuple[datetime, str]], limit: int) -> str | None:
    """The cursor of the next page, given one row more than the page shows; else None."""
    return cursor_of(*rows[limit - 1]) if len(rows) > limit else None
