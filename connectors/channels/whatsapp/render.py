"""Neutral text into WhatsApp messages within every limit. Pure: no network, no account."""

import re
from collections.abc import Iterator

from connectors.json_values import Json, clean
from desk.envelope import Outgoing, Source

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
    choices = _distinct(message.choices)
    if len(choices) > ROWS:
        text = "\n".join([text, "", *(f"{n}. {one}" for n, one in enumerate(choices, 1))])
        choices = []
    text = "\n\n".join(part for part in (text.strip(), _sources(message.sources)) if part)
    if not choices:
        return [text_body(part) for part in split_text(text, TEXT_LIMIT)]
    head, tail = _tail(text or "…", BODY_LIMIT)
    asked = _buttons(tail, choices) or _list(tail, choices, message.language)
    return [*(text_body(part) for part in split_text(head, TEXT_LIMIT)), asked]


def text_body(text: str) -> Json:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def lower(text: str) -> str:
    """Neutral markup as WhatsApp's: *bold*, plain links, headings as bold, tables as lines."""
    lines = [line for line in map(_line, clean(text).splitlines()) if line is not None]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _line(line: str) -> str | None:
    if re.fullmatch(r"\s*\|?[\s:|-]*-{3,}[\s:|-]*\|?\s*", line) and "|" in line:
        return None
    if cells := re.fullmatch(r"\s*\|(.+)\|\s*", line):
        line = " – ".join(cell.strip() for cell in cells[1].split("|"))
    if heading := re.fullmatch(r"\s{0,3}#{1,6}\s+(.+?)\s*#*\s*", line):
        line = "**" + heading[1].replace("**", "") + "**"
    line = re.sub(r"^(\s*)[*+](\s+)", r"\1-\2", line)
    line = re.sub(r"!?\[([^\]\n]*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)", _link, line)
    return re.sub(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", r"*\1*", line)


def _link(found: re.Match[str]) -> str:
    words, url = found[1].strip(), found[2].removeprefix("mailto:").removeprefix("tel:")
    return url if not words or words == url else f"{words}: {url}"


def _sources(sources: tuple[Source, ...]) -> str:
    lines = dict.fromkeys(
        ": ".join(part for part in (" ".join(clean(one.title).split()), clean(one.url)) if part)
        for one in sources
    )
    return "\n".join(f"↗ {line}" for line in lines if line)


def _distinct(choices: tuple[str, ...]) -> list[str]:
    tidy = (" ".join(clean(choice).split()) for choice in choices)
    return [choice for choice in dict.fromkeys(tidy) if choice]


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


def width(text: str) -> int:
    """Length as phones count it (UTF-16 units): never less than what Meta counts."""
    return len(text) + sum(ord(one) > 0xFFFF for one in text)


def shorten(text: str, limit: int) -> str:
    return text if width(text) <= limit else text[: _fitting(text, limit - 1)].rstrip() + "…"


def split_text(text: str, limit: int) -> list[str]:
    """Parts within `limit`, cut at the best border there is; nothing but white space is lost."""
    return list(_parts(text.strip(), limit))


def _parts(text: str, limit: int) -> Iterator[str]:
    while width(text) > limit:
        cut = _border(text[: _fitting(text, limit)])
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


BORDERS = (r"\n\s*\n", r"\n", r"[.!?…]['\"”’)*]*\s|[。！？]", r"\s")
"""Paragraph, line, sentence, word."""


def _border(text: str) -> int:
    """Where to cut: the last border of the best kind that leaves a part worth sending."""
    for border in BORDERS:
        ends = [found.end() for found in re.finditer(border, text)]
        if ends and ends[-1] > len(text) // 3 and text[: ends[-1]].strip():
            return ends[-1]
    return len(text)


def _tail(text: str, limit: int) -> tuple[str, str]:
    """The text in two, so that the second part stays within `limit`; the first may be empty."""
    parts = split_text(text, limit)
    end = text.rindex(parts[-1])
    return text[:end].rstrip(), parts[-1]


def _fitting(text: str, limit: int) -> int:
    """How many characters of `text` stay within `limit`."""
    used = 0
    for count, one in enumerate(text):
        used += 2 if ord(one) > 0xFFFF else 1
        if used > limit:
            return count
    return len(text)
