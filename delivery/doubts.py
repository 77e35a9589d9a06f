"""Messages of which nobody knows whether they went out, until something proves it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.plain import plain, source_lines
from desk.conversations import Thread
from desk.envelope import DeliveryState, Source
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Message


def with_words(session: Session, inbox: Inbox, identity: Identity, words: str) -> Message | None:
    """The oldest doubtful message to this person whose end was seen at the provider. The end,
    since of a message in several parts only the last shows that all went out."""
    rows = session.scalars(
        select(Message)
        .join(Thread, Thread.id == Message.thread_id)
        .where(Thread.inbox_id == inbox.id, Thread.identity_id == identity.id)
        .where(Message.state == DeliveryState.UNKNOWN, Message.provider_id.is_(None))
        .order_by(Message.id)
        .with_for_update(of=Message)
    )
    seen = _letters(words)
    return next((one for one in rows if seen and _letters(_said(one)).endswith(seen)), None)


def _said(message: Message) -> str:
    sources = tuple(Source(one["title"], one["url"]) for one in message.sources if one.get("url"))
    return plain(message.text) + source_lines(sources)


def _letters(words: str) -> str:
    """What no rendering changes."""
    return "".join(character for character in words.casefold() if character.isalnum())
