"""Written words as they are said: no marks, no addresses, prices and dates in words."""

import re
from collections.abc import Callable

from agent.words import sentences_of

MOST_WORDS = 32
"""As much as a caller keeps in mind; the rest is said when asked for."""

_CURRENCIES = {
    "€": {"en": "euros", "de": "Euro", "fr": "euros", "es": "euros"},
    "$": {"en": "dollars", "de": "Dollar", "fr": "dollars", "es": "dólares"},
    "£": {"en": "pounds", "de": "Pfund", "fr": "livres", "es": "libras"},
}
_CODES = {"EUR": "€", "USD": "$", "GBP": "£"}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}
_TO = {"en": "to", "de": "bis", "fr": "à", "es": "a"}
_PERCENT = {"en": "percent", "de": "Prozent", "fr": "pour cent", "es": "por ciento"}
_SIGN = "[€$£]|EUR|USD|GBP"
_AMOUNT = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{2})?|\d+(?:[.,]\d{1,2})?"
_PRICE = re.compile(rf"({_SIGN})\s?({_AMOUNT})(?![\d])|(?<![\d.,])({_AMOUNT})\s?({_SIGN})(?!\w)")
_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")
_RANGE = re.compile(r"(?<![\w-])(\d+(?:[.,]\d+)?)\s?[-–—]\s?(\d+(?:[.,]\d+)?)(?![\w-])")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+?(?=[.,;:!?)\]]*(?:\s|$))|\bwww\.")
_MARKS = re.compile(r"[*_`#|<>\[\]{}\\~^=]+")
_UNSAYABLE = re.compile(
    r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufffe\uffff]|[\ud800-\udfff]"
)
_BULLET = re.compile(r"^\s*(?:[-*•·–▪]|(?:step )?\d{1,2}[.):])\s+", re.IGNORECASE)


def aloud(text: str, language: str) -> str:
    """The same as one would say it on the phone."""
    text = re.sub(r"\[([^\]]*)\]\([^)\s]*\)", r"\1", text)
    lines = (_line(line) for line in text.splitlines())
    text = " ".join(line for line in lines if line)
    for pattern, said in _sayings(language):
        text = pattern.sub(said, text)
    text = _UNSAYABLE.sub(" ", _MARKS.sub(" ", text))
    return re.sub(r"\s+", " ", text).strip()


def _line(line: str) -> str:
    """A list item or a heading becomes a sentence of its own."""
    line = _ADDRESS.sub(" ", _BULLET.sub("", line)).strip(" *_#|")
    return line if not line or line[-1] in '.!?:;,…”"' else f"{line}."


def _sayings(language: str) -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]:
    known = language if language in _MONTHS else ""
    if not known:
        return []
    return [
        (_PRICE, lambda found: _price(found, known)),
        (_DATE, lambda found: _date(found, known)),
        (_RANGE, lambda found: f"{found[1]} {_TO[known]} {found[2]}"),
        (re.compile(r"(?<=\d)\s?%"), lambda _: f" {_PERCENT[known]}"),
    ]


def _price(found: re.Match[str], language: str) -> str:
    sign, amount = found[1] or found[4], found[2] or found[3]
    name = _CURRENCIES[_CODES.get(sign, sign)][language]
    whole, _, cents = _split(amount)
    return f"{whole} {name} {int(cents)}" if cents.strip("0") else f"{whole} {name}"


def _split(amount: str) -> tuple[str, str, str]:
    """Whole units and cents: "1.249,00" and "1,249.00" are the same amount."""
    end = re.search(r"[.,](\d{1,2})$", amount)
    whole = re.sub(r"[.,]", "", amount[: end.start()] if end else amount)
    return whole, ".", end[1].ljust(2, "0") if end else ""


def _date(found: re.Match[str], language: str) -> str:
    year, month, day = found[1], int(found[2]), int(found[3])
    name = _MONTHS[language].split()[month - 1]
    dot = "." if language == "de" else ""
    return f"{day}{dot} {name} {year}"


def shortened(text: str, most: int = MOST_WORDS) -> tuple[str, str]:
    """What is said at once, and the rest: whole sentences only, and at least one."""
    now: list[str] = []
    later: list[str] = []
    words = 0
    for sentence in sentences_of(text):
        words += len(sentence.split())
        (now if not later and (not now or words <= most) else later).append(sentence)
    return " ".join(now), " ".join(later)
