"""Neutral text into texts without markup, as cheap as they can be. Pure: no network, no account."""

from connectors.channels.sms.segments import cheapest
from connectors.cutting import split_text
from connectors.json_values import clean
from connectors.plain import numbered, plain
from desk.envelope import Outgoing, Source

LIMIT = 1600
COUNTER = len("(99/99) ")

REPLY = {
    "de": "Antworten Sie mit {} oder {}.",
    "en": "Reply {} or {}.",
    "es": "Responda {} o {}.",
    "fr": "Répondez {} ou {}.",
    "it": "Risponda {} o {}.",
    "nl": "Antwoord {} of {}.",
    "pl": "Odpowiedz {} lub {}.",
    "pt": "Responda {} ou {}.",
}


def render(message: Outgoing) -> list[str]:
    """Texts in the order to send them, numbered where there are several; [] for no text."""
    blocks = (plain(message.text, between=", "), _choices(message), _sources(message.sources))
    whole = cheapest("\n\n".join(block for block in blocks if block))
    if len(split_text(whole, LIMIT)) <= 1:
        return split_text(whole, LIMIT)
    parts = split_text(whole, LIMIT - COUNTER)
    return [f"({number}/{len(parts)}) {part}" for number, part in enumerate(parts, 1)]


def _choices(message: Outgoing) -> str:
    """Numbered, because nobody can press anything: the number comes back as the answer."""
    choices = [" ".join(clean(choice).split()) for choice in message.choices]
    if not choices:
        return ""
    if len(choices) == 1:
        return numbered(choices)
    words = REPLY.get(message.language.lower().split("-")[0], REPLY["en"])
    first = ", ".join(str(number) for number in range(1, len(choices)))
    return f"{numbered(choices)}\n{words.format(first, len(choices))}"


def _sources(sources: tuple[Source, ...]) -> str:
    """Addresses only: titles cost a segment and say what the text said."""
    return "\n".join(dict.fromkeys(url for one in sources if (url := clean(one.url).strip())))
