"""Personal data and secrets in text: found by shape and checksum, masked by kind."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Private:
    """One piece of personal data or one secret: what it is and where it stands."""

    kind: str
    """secret, card, iban, ssn, email, phone, ip"""
    start: int
    end: int
    text: str


def mask(text: str) -> str:
    """The text with each piece replaced by its kind: "[card]"."""
    for found in reversed(find_private(text)):
        text = f"{text[: found.start]}[{found.kind}]{text[found.end :]}"
    return text


def without_secrets(text: str) -> str:
    """The text with only its secrets replaced: by their shape, or because JSON names them so."""
    text = _NAMED.sub(r"\1[secret]\2", text)
    for found in reversed(find_private(text)):
        if found.kind == "secret":
            text = f"{text[: found.start]}[secret]{text[found.end :]}"
    return text


_NAMED = re.compile(
    r'("[^"]*(?:token|secret|password|api_?key|authorization|signature)[^"]*"\s*:\s*")'
    r'(?:[^"\\]|\\.)*("?)',
    re.IGNORECASE,
)


def find_private(text: str) -> tuple[Private, ...]:
    """What is private in a text, in order, without overlaps; the surer kind wins."""
    found: list[Private] = []
    for kind, pattern, holds in _KINDS:
        for match in pattern.finditer(text):
            piece = Private(kind, match.start(), match.end(), match.group())
            if holds(match.group()) and not any(_overlap(piece, other) for other in found):
                found.append(piece)
    return tuple(sorted(found, key=lambda piece: piece.start))


def _overlap(one: Private, other: Private) -> bool:
    return one.start < other.end and other.start < one.end


def _always(_: str) -> bool:
    return True


def _is_card(text: str) -> bool:
    digits = [int(sign) for sign in text if sign.isdigit()]
    if not 12 <= len(digits) <= 19 or not (2 <= digits[0] <= 6 or digits[:3] == [1, 8, 0]):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0 and len(set(digits)) > 1


def _is_iban(text: str) -> bool:
    plain = re.sub(r"[\s-]", "", text).upper()
    if not 15 <= len(plain) <= 34:
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _is_ssn(text: str) -> bool:
    area, group, serial = re.split(r"[- ]", text)
    return area not in {"000", "666"} and group != "00" and serial != "0000"


def _is_phone(text: str) -> bool:
    return 7 <= sum(sign.isdigit() for sign in text) <= 15


def _is_ip(text: str) -> bool:
    return all(int(part) < 256 for part in text.split("."))


_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{16,}"
    r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_[A-Za-z0-9_]{30,}\b"
    r"|\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bAIza[0-9A-Za-z_-]{35}\b|\bglpat-[A-Za-z0-9_-]{16,}"
    r"|\bEAA[A-Za-z0-9]{40,}\b|\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"
    r"|\b\w+://[^\s/:@]+:[^\s/@]+@[^\s]+"
    r"|(?i:\b(?:password|passwd|api[ _-]?key|secret(?: key)?|access[ _-]?token)\b"
    r"\s*(?:is|:|=)\s*)(?=[^\s]*[\d!@#$%^&*_])[^\s<>{}\[\]]{8,}"
)
_PHONE = re.compile(
    r"(?<![\w.+/-])(?:\+\d{1,3}[ .-]?(?:\(0?\d{0,4}\)[ .-]?)?\d(?:[ .-]?\d){5,12}"
    r"|\(\d{2,4}\)[ .-]?\d{3,4}[ .-]?\d{3,4}"
    r"|\d{3}[.-]\d{3}[.-]\d{4}"
    r"|0\d{1,4}(?:[ ]\d{2,4}){2,4}|0\d(?:\.\d\d){4})(?:x\d{1,5})?(?![\w-]|[.]\d)"
)
_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("secret", _SECRET, _always),
    (
        "iban",
        re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?\b"),
        _is_iban,
    ),
    ("card", re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){11,18}(?![\w-]|[.,]\d)"), _is_card),
    ("ssn", re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])"), _is_ssn),
    ("email", re.compile(r"[\w.+%'-]+@(?:[\w-]+\.)+[A-Za-z]{2,}"), _always),
    ("ip", re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)"), _is_ip),
    ("phone", _PHONE, _is_phone),
)
