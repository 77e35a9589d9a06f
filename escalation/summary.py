"""What a person needs to go on: what was asked, tried, found, and is still open."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from desk import messages, phone_calls
from desk.conversations import Conversation
from desk.envelope import Kind
from desk.messages import Author, Direction, Message


@dataclass(frozen=True)
class Summary:
    """Quotations, not retellings: nothing in it can be made up."""

    asked: list[str]
    tried: list[str]
    found: list[dict[str, str]]
    open: list[str]


@dataclass(frozen=True)
class Line:
    """One thing somebody said, in writing or in a call."""

    author: str
    text: str


def summarise(session: Session, conversation: Conversation) -> dict[str, object]:
    written = [
        message
        for message in messages.of_conversation(session, conversation.id)
        if message.direction != Direction.NOTE and not message.deleted_at and not message.draft
    ]
    lines = _lines(session, written)
    return asdict(
        Summary(
            asked=[_short(one.text) for one in lines if one.author == Author.CUSTOMER][-6:],
            tried=[_short(one.text) for one in lines if one.author == Author.ASSISTANT][-4:],
            found=_sources(written),
            open=_unanswered(lines),
        )
    )


def _lines(session: Session, written: Sequence[Message]) -> list[Line]:
    """A call is many lines: what was said in it, but for the greeting."""
    calls = [message.id for message in written if message.kind == Kind.CALL]
    said = phone_calls.of_messages(session, calls)
    lines: list[Line] = []
    for message in written:
        if message.id in said:
            lines += [Line(one.author, one.text) for one in said[message.id] if one.turn]
        else:
            lines.append(Line(message.author, message.text))
    return [line for line in lines if line.text]


def _sources(written: Sequence[Message]) -> list[dict[str, str]]:
    seen = {source["url"]: source for message in written for source in message.sources}
    return [{"title": str(s["title"]), "url": str(s["url"])} for s in seen.values()]


def _unanswered(lines: Sequence[Line]) -> list[str]:
    waiting: list[str] = []
    for line in reversed(lines):
        if line.author != Author.CUSTOMER:
            break
        waiting.append(_short(line.text))
    return list(reversed(waiting))


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 280 else one_line[:277].rstrip() + "…"
