"""One stored update into its envelopes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.base import Account
from connectors.channels.telegram.bot_api import bot_id
from connectors.channels.telegram.contents import with_content
from connectors.channels.telegram.ids import (
    is_private,
    message_name,
    name_of,
    person,
    press_name,
)
from connectors.json_values import Json, child, children, facts, moment, scalar, text
from desk.envelope import Envelope, Kind, RawEvent


@dataclass(frozen=True)
class Update:
    """One update: what its kind is called and what stands under that name."""

    id: str
    bot: str
    kind: str
    body: Json


def read(account: Account, event: RawEvent) -> tuple[Envelope, ...]:
    """Raises ValueError, in words, when the update lacks what its kind needs."""
    whole = json.loads(event.body)
    if not isinstance(whole, dict):
        raise ValueError("This is not a Telegram update as it was stored.")
    kind = next((key for key in whole if key != "update_id"), "")
    update = Update(event.id, bot_id(account), kind, child(whole, kind))
    return (READERS.get(kind, _other)(update),)


def _message(update: Update) -> Envelope:
    """Only chats with one person are conversations: in a group a private matter would be
    answered before everybody."""
    message, chat = update.body, child(update.body, "chat")
    if not is_private(chat):
        return _other(update)
    start = _start(update, message)
    if not start.sender:
        raise ValueError("The message names nobody as its sender.")
    return with_content(message, start)


def _start(update: Update, message: Json) -> Envelope:
    user = child(message, "from")
    earlier = child(message, "reply_to_message")
    return Envelope(
        id=message_name(update.bot, message),
        kind=Kind.MESSAGE,
        at=moment(message.get("date")) or datetime.now(UTC),
        sender=person(user),
        sender_name=name_of(user),
        reply_to=message_name(update.bot, earlier | _business(message)) if earlier else "",
        place=text(message, "business_connection_id"),
        language=text(user, "language_code"),
        details={"username": text(user, "username")} if text(user, "username") else {},
    )


def _business(message: Json) -> Json:
    connection = text(message, "business_connection_id")
    return {"business_connection_id": connection} if connection else {}


def _edit(update: Update) -> Envelope:
    edited = _message(update)
    if edited.kind is not Kind.MESSAGE:
        return edited
    changed = moment(update.body.get("edit_date")) or edited.at
    return replace(edited, id=update.id, kind=Kind.EDIT, subject_id=edited.id, at=changed)


def _business_message(update: Update) -> Envelope:
    """In a business account's chats the other side's messages come too, ours among them."""
    message, chat = update.body, child(update.body, "chat")
    found = _message(update)
    if text(child(message, "from"), "id") == text(chat, "id") or not is_private(chat):
        return found
    return replace(found, kind=Kind.ECHO, recipients=person(chat))


def _business_deletion(update: Update) -> Envelope:
    """`split` has left one message in each."""
    gone = update.body.get("message_ids")
    number = scalar(gone[0]) if isinstance(gone, list) and gone else ""
    if not number:
        raise ValueError("The deletion does not say which message it deletes.")
    return Envelope(
        id=update.id,
        kind=Kind.DELETE,
        at=datetime.now(UTC),
        subject_id=message_name(update.bot, update.body | {"message_id": number}),
    )


def _reaction(update: Update) -> Envelope:
    """An empty text means that the reaction was taken back."""
    body = update.body
    if not is_private(child(body, "chat")):
        return _other(update)
    return Envelope(
        id=update.id,
        kind=Kind.REACTION,
        at=moment(body.get("date")) or datetime.now(UTC),
        sender=person(child(body, "user")),
        sender_name=name_of(child(body, "user")),
        subject_id=message_name(update.bot, body),
        text="".join(_emoji(one) for one in children(body, "new_reaction")),
    )


def _emoji(reaction: Json) -> str:
    """A picture of one's own making has no letter of its own, nor has a paid star."""
    return text(reaction, "emoji") or ("⭐" if text(reaction, "type") == "paid" else "✨")


def _press(update: Update) -> Envelope:
    """A pressed button says what stood on it; its message comes along and knows."""
    query, asked = update.body, child(update.body, "message")
    chat = child(asked, "chat")
    if chat and not is_private(chat):
        return _other(update)
    people, payload = person(child(query, "from")), text(query, "data")
    if not people:
        raise ValueError("The pressed button names nobody who pressed it.")
    return Envelope(
        id=press_name(update.bot, query),
        kind=Kind.MESSAGE,
        at=datetime.now(UTC),
        sender=people,
        sender_name=name_of(child(query, "from")),
        text=_label(asked, payload) or payload or text(query, "game_short_name"),
        choice=payload,
        reply_to=message_name(update.bot, asked) if asked else "",
        place=text(asked, "business_connection_id"),
        language=text(child(query, "from"), "language_code"),
    )


def _label(asked: Json, payload: str) -> str:
    rows = child(asked, "reply_markup").get("inline_keyboard")
    for row in rows if isinstance(rows, list) else []:
        for button in children({"row": row}, "row"):
            if payload and text(button, "callback_data") == payload:
                return text(button, "text")
    return ""


def _membership(update: Update) -> Envelope:
    """A customer blocks the bot, or lets it write again."""
    body = update.body
    if not is_private(child(body, "chat")):
        return replace(_other(update), kind=Kind.ACCOUNT)
    blocked = text(child(body, "new_chat_member"), "status") in ("kicked", "left")
    people = person(child(body, "from"))
    if not people:
        raise ValueError("The change names nobody.")
    return Envelope(
        id=update.id,
        kind=Kind.CONSENT,
        at=moment(body.get("date")) or datetime.now(UTC),
        sender=people,
        sender_name=name_of(child(body, "from")),
        details={
            "category": "all",
            "value": "stop" if blocked else "resume",
            "reason": "blocked the bot" if blocked else "unblocked the bot",
        },
    )


def _connection(update: Update) -> Envelope:
    return replace(_other(update), kind=Kind.ACCOUNT)


def _other(update: Update) -> Envelope:
    """Kept as it came; the log of the inbox shows that it was there."""
    chat = child(update.body, "chat")
    about = {"type": update.kind, "chat_type": text(chat, "type"), "chat": text(chat, "title")}
    return Envelope(
        id=update.id,
        kind=Kind.UNKNOWN,
        at=moment(update.body.get("date")) or datetime.now(UTC),
        details={key: value for key, value in about.items() if value} | facts(update.body),
    )


READERS: dict[str, Callable[[Update], Envelope]] = {
    "message": _message,
    "edited_message": _edit,
    "business_message": _business_message,
    "edited_business_message": _edit,
    "deleted_business_messages": _business_deletion,
    "business_connection": _connection,
    "message_reaction": _reaction,
    "callback_query": _press,
    "my_chat_member": _membership,
}
