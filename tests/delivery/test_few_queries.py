"""What one message costs the database: under load, that is what everything waits for."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from core.db import engine
from tests.delivery.conftest import Desk

ADA = "+4915112345678"


@contextmanager
def _statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*about: object) -> None:
        seen.append(str(about[2]))

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def test_a_message_in_a_chat_that_goes_on_takes_few_statements(desk: Desk) -> None:
    for text in ("Do you ship to Norway?", "What does it cost?"):
        desk.writes_on_whatsapp(ADA, text)
    with _statements() as seen:
        desk.writes_on_whatsapp(ADA, "And how long does it take?")

    assert len(desk.conversations()) == 1
    assert len(seen) < 46, "\n".join(seen)
    who_is_whom = [statement for statement in seen if "FROM merge" in statement]
    assert len(who_is_whom) <= 4
