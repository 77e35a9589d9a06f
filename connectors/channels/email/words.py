"""Bytes to text, whatever the sender's mail program claimed about them."""

import base64
import binascii
import quopri
import re
import unicodedata
from urllib.parse import unquote_to_bytes

from charset_normalizer import from_bytes

_ALIASES = {
    "utf8": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode": "utf-8",
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "big5": "big5hkscs",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
}
_ENOUGH_TO_GUESS = 40
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")


def decode(raw: bytes, charset: str = "") -> str:
    """Text of `raw`: the declared charset where it fits, else UTF-8, else the likeliest one."""
    return clean(_decode(raw, charset.strip().strip("\"'").lower()))


def clean(text: str) -> str:
    """Without what no database or screen takes: NUL, lone surrogates, other control characters."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(char for char in text if char in "\n\r\t" or unicodedata.category(char) != "Cc")


def _decode(raw: bytes, charset: str) -> str:
    declared = _ALIASES.get(charset, charset)
    # Text that is valid UTF-8 is practically never Latin-1, whatever the header says.
    candidates = ("utf-8-sig", declared) if declared in ("", "cp1252") else (declared, "utf-8-sig")
    for candidate in filter(None, candidates):
        try:
            return raw.decode(candidate.split("*")[0])
        except (LookupError, ValueError):
            continue
    cut = raw.decode("utf-8", "replace")
    if cut.count("\ufffd") * 4 <= sum(char > "\x7f" for char in cut.replace("\ufffd", "")):
        return cut
    if len(raw) >= _ENOUGH_TO_GUESS:
        guess = from_bytes(raw[:20_000]).best()
        if guess is not None:
            return raw.decode(guess.encoding, "replace")
    return raw.decode("cp1252", "replace")


def decode_header(value: str) -> str:
    """One header as people read it: unfolded, RFC 2047 words and raw 8-bit bytes decoded."""
    value = re.sub(r"\r?\n(?=[ \t])|\r?\n", "", value)
    value = decode(value.encode("utf-8", "surrogateescape"))
    previous = None
    while previous != value:
        previous, value = value, _BETWEEN_WORDS.sub(r"\1", value)
    return " ".join(clean(_decode_words(value)).split())


def _decode_words(value: str) -> str:
    """Decode runs of words of one charset together: senders split characters between words."""
    parts: list[str] = []
    pending, charset, end = b"", "", 0
    for match in _ENCODED_WORD.finditer(value):
        if match.start() != end or match[1].lower() != charset:
            parts += [decode(pending, charset), value[end : match.start()]]
            pending = b""
        charset, end = match[1].lower(), match.end()
        pending += _word_bytes(match[2], match[3])
    return "".join([*parts, decode(pending, charset), value[end:]])


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(raw, header=True)
    raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(raw) % 4 == 1:
        raw = raw[:-1]
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return payload.encode("utf-8", "replace")


def decode_parameter(value: object) -> str:
    """A MIME parameter: RFC 2231 triples, percent coding, or RFC 2047 words put there wrongly."""
    if isinstance(value, tuple) and len(value) == 3:
        charset, _, text = value
        raw = str(text or "").encode("latin-1", "replace")
        return decode(raw, str(charset or ""))
    text = str(value or "")
    if re.match(r"^[\w-]+'[\w-]*'.*%[0-9A-Fa-f]{2}", text):
        charset, _, rest = text.split("'", 2)
        return decode(unquote_to_bytes(rest), charset)
    return decode_header(text)
