"""What the Bot API accepts, and what it says where it doesn't."""

from html.parser import HTMLParser
from typing import Any

from connectors.cutting import width

TAGS = ("a", "b", "blockquote", "code", "del", "em", "i", "ins", "pre", "s", "strong", "u")
FILES = {
    "sendPhoto": ("photo", 10),
    "sendAnimation": ("animation", 50),
    "sendVideo": ("video", 50),
    "sendAudio": ("audio", 50),
    "sendVoice": ("voice", 50),
    "sendDocument": ("document", 50),
}
"""The field that holds the file, and its largest size in MB."""


class _Visible(HTMLParser):
    """The text that HTML shows; `wrong` says what is not well formed about it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words, self.wrong = "", ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong = f'Unsupported start tag "{tag}"'
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong = f'Unmatched end tag "{tag}"'

    def handle_data(self, data: str) -> None:
        self.words += data

    def read(self, html: str) -> None:
        self.feed(html)
        self.close()
        if self._open:
            self.wrong = f'Can\'t find end tag corresponding to start tag "{self._open[-1]}"'


def complaint(method: str, fields: dict[str, Any], sizes: dict[str, int]) -> str:
    """Telegram's description of what is wrong with a send; "" for one it takes."""
    name = "text" if method == "sendMessage" else "caption"
    visible = _Visible()
    if fields.get("parse_mode") == "HTML":
        visible.read(str(fields.get(name, "")))
    else:
        visible.words = str(fields.get(name, ""))
    if visible.wrong:
        return f"Bad Request: can't parse entities: {visible.wrong}"
    return (
        _about_length(method, visible.words)
        or _about_file(method, fields, sizes)
        or _about_buttons(fields.get("reply_markup"))
    )


def _about_length(method: str, words: str) -> str:
    if method != "sendMessage":
        too_long = width(words) > 1024
        return "Bad Request: message caption is too long" if too_long else ""
    if not words.strip():
        return "Bad Request: message text is empty"
    return "Bad Request: message is too long" if width(words) > 4096 else ""


def _about_file(method: str, fields: dict[str, Any], sizes: dict[str, int]) -> str:
    if method not in FILES:
        return ""
    name, most = FILES[method]
    if name not in sizes:
        given = isinstance(fields.get(name), str)
        return "" if given else f"Bad Request: there is no {name} in the request"
    return "Request Entity Too Large" if sizes[name] > most * 1024 * 1024 else ""


def _about_buttons(markup: Any) -> str:
    if markup is None:
        return ""
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        return "Bad Request: object expected as reply markup"
    for button in (one for row in rows for one in row):
        if not button.get("text"):
            return "Bad Request: inline keyboard button text must be non-empty"
        if not 1 <= len(str(button.get("callback_data", "")).encode()) <= 64:
            return "Bad Request: BUTTON_DATA_INVALID"
    return ""
