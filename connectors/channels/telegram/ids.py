"""How messages and people of Telegram are named here."""

from connectors.json_values import Json, child, text
from desk.envelope import Address, Strength

SOURCE = "Telegram"
PRESSED = "pressed"


def message_name(bot: str, message: Json) -> str:
    """A message's number counts within its chat; a business account's chats are apart from the
    bot's own, and two bots of one company may know the same person."""
    chat = text(child(message, "chat"), "id")
    parts = (bot, text(message, "business_connection_id"), chat, text(message, "message_id"))
    return ":".join(part for part in parts if part)


def press_name(bot: str, query: Json) -> str:
    return f"{bot}:{PRESSED}:{text(query, 'id')}"


def is_private(chat: Json) -> bool:
    return text(chat, "type") == "private"


def person(user: Json) -> tuple[Address, ...]:
    """The number, never the username: its owner can change it and somebody else take it."""
    number = text(user, "id")
    return (Address("telegram", number, Strength.ASSERTED, SOURCE),) if number else ()


def name_of(user: Json) -> str:
    return " ".join(filter(None, (text(user, "first_name"), text(user, "last_name"))))
