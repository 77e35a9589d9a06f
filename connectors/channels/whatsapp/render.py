"""Neutral text into WhatsApp messages within every limit. Pure: no network, no account."""

from connectors.cutting import shorten, split_text, tail, width
from connectors.json_values import Json
from connectors.plain import distinct, numbered, plain, source_lines
from desk.envelope import Outgoing

TEXT_LIMIT = 4096
BODY_LIMIT = 1024
"""Of an interactive message's body and of a caption."""
BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE, ROW_DESCRIPTION, CHOICE_ID = 10, 24, 72, 200

CHOOSE = {
    "de": "Auswählen",
    "en": "Choose",
    "es": "Elegir",
    "fr": "Choisir",
    "it": "Scegli",
    "nl": "Kiezen",
    "pl": "Wybierz",
    "pt": "Escolher",
}
"""The label that opens a list, by language."""


def render(message: Outgoing) -> list[Json]:
    """Message bodies in the order to send them, without addressee and files; [] for no text."""
    text = lower(message.text)
    choices = distinct(message.choices)
    if len(choices) > ROWS:
        text = f"{text}\n\n{numbered(choices)}"
        choices = []
    text = "\n\n".join(part for part in (text.strip(), source_lines(message.sources)) if part)
    if not choices:
        return [text_body(part) for part in split_text(text, TEXT_LIMIT)]
    head, last = tail(text or "…", BODY_LIMIT)
    asked = _buttons(last, choices) or _list(last, choices, message.language)
    return [*(text_body(part) for part in split_text(head, TEXT_LIMIT)), asked]


def text_body(text: str) -> Json:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def lower(text: str) -> str:
    """Neutral markup as WhatsApp's: *bold*, plain links, headings as bold, tables as lines."""
    return plain(text, strong="*")


def _buttons(body: str, choices: list[str]) -> Json | None:
    """None when they are too many or too long to be buttons."""
    if len(choices) > BUTTONS or any(width(one) > BUTTON_TITLE for one in choices):
        return None
    buttons = [{"type": "reply", "reply": {"id": one, "title": one}} for one in choices]
    return _interactive("button", body, {"buttons": buttons})


def _list(body: str, choices: list[str], language: str) -> Json:
    label = CHOOSE.get(language.lower().split("-")[0], CHOOSE["en"])
    rows = [_row(number, choice) for number, choice in enumerate(choices, 1)]
    return _interactive("list", body, {"button": label, "sections": [{"rows": rows}]})


def _row(number: int, choice: str) -> Json:
    """The pressed row comes back by its id, so that holds the whole choice where it fits."""
    fits = width(choice) <= CHOICE_ID
    row = {
        "id": choice if fits else f"{number}. {shorten(choice, CHOICE_ID - 4)}",
        "title": shorten(choice, ROW_TITLE),
    }
    if row["title"] != choice:
        row["description"] = shorten(choice, ROW_DESCRIPTION)
    return row


def _interactive(kind: str, body: str, action: Json) -> Json:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": body}, "action": action},
    }
