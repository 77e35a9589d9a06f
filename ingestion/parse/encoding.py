"""Bytes to text: byte order marks, UTF-8, unmarked UTF-16, then the likeliest code page."""

import codecs

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LATIN = ["cp1252", "cp1250", "cp1254", "cp1257"]
_OTHER = [
    "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp1251", "koi8_r", "cp1253", "cp1255",
    "cp1256", "cp874", "cp1258", "cp1252",
]  # fmt: skip
SAMPLE = 65_536
LATIN_SHARE = 0.15
TELLING = 400


def decode(data: bytes, declared: str = "") -> str:
    """The text of these bytes; a declared encoding is believed only where it fits."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    # UTF-16 of plain English is valid UTF-8, too: every other letter a zero.
    for name in filter(None, (_unmarked_utf16(data), "utf-8", declared)):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode(_code_page(data[:SAMPLE]), errors="replace")


def _code_page(sample: bytes) -> str:
    """Latin scripts have few letters beyond ASCII; too few to tell code pages apart by them."""
    high = sum(byte > 127 for byte in sample)
    latin = high < len(sample) * LATIN_SHARE
    if latin and len(sample) < TELLING:
        return "cp1252"
    best = from_bytes(sample, cp_isolation=_LATIN if latin else _OTHER).best()
    return best.encoding if best else "cp1252"


def is_binary(data: bytes) -> bool:
    """Whether these bytes are no text in any encoding tried here."""
    if any(data.startswith(mark) for mark, _ in _MARKS) or _unmarked_utf16(data):
        return False
    sample = data[:SAMPLE]
    control = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in sample)
    return b"\0" in sample or control > len(sample) / 50


def _unmarked_utf16(data: bytes) -> str:
    """Latin text in UTF-16 has a zero as every other byte."""
    sample = data[:2048]
    if len(sample) < 4:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    most, least = len(sample) * 0.4, len(sample) * 0.02
    if odd > most and even < least:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd < least else ""
