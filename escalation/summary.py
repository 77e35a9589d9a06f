"""What a person needs to go on: what was asked, tried, found, and is still open."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from desk import messages
from desk.conversations import Conversation
from desk.messages import Author, Direction, Message


@dataclass(frozen=True)
class Summary:
    """Quotations, not retellings: nothing in it can be made up."""

    asked: list[str]
    tried: list[str]
    found: list[dict[str, str]]
    open: list[str]


def summarise(session: Session, conversation: Conversation) -> dict[str, object]:
    written = [
        message
        for message in messages.of_conversation(session, conversation.id)
        if message.direction != Direction.NOTE and not message.deleted_at and not message.draft
    ]
    return asdict(
        Summary(
            asked=[_short(m.text) for m in written if m.author == Author.CUSTOMER and m.text][-6:],
            tried=[_short(m.text) for m in written if m.author == Author.ASSISTANT and m.text][-4:],
            found=_sources(written),
            open=_unanswered(written),
        )
    )


def _sources(written: Sequence[Message]) -> list[dict[str, str]]:
    seen = {source["url"]: source for message in written for source in message.sources}
    return [{"title": str(s["title"]), "url": str(s["url"])} for s in seen.values()]


def _unanswered(written: Sequence[Message]) -> list[str]:
    waiting: list[str] = []
    for message in reversed(written):
        if message.author != Author.CUSTOMER:
            break
        waiting.append(_short(message.text))
    return [text for text in reversed(waiting) if text]


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 280 else one_line[:277].rstrip() + "…"
