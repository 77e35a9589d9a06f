"""What a text costs: GSM-7 carries 160 characters, anything else only 70."""

import math

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "\f^{}\\[~]|€"
BASIC, EXTENDED = frozenset(_BASIC), frozenset(_EXTENDED)

FLAT = {
    **dict.fromkeys("‘’‚‛′‹›ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\t", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
    **dict.fromkeys("•·‣▪", "-"),
    "…": "...",
    "\u2028": "\n",
    "\u2029": "\n",
    "→": "->",
    "×": "x",
}
"""Marks and spaces that look as well in GSM-7. Letters and digits are never changed."""


def cheapest(text: str) -> str:
    """The text in GSM-7 if only typography stands in the way, else as it is: then plainer marks
    would save nothing, and joiners that some scripts need would be lost."""
    flat = "".join(FLAT.get(one, one) for one in text)
    return flat if is_gsm(flat) else text


def is_gsm(text: str) -> bool:
    return all(one in BASIC or one in EXTENDED for one in text)


def segments(text: str) -> int:
    """How many texts a phone network counts; 0 for nothing."""
    if is_gsm(text):
        return _gsm_segments(text)
    return _wide_segments(text)


def _gsm_segments(text: str) -> int:
    sizes = [2 if one in EXTENDED else 1 for one in text]
    return math.ceil(sum(sizes) / 160) if sum(sizes) <= 160 else _filled(sizes, 153)


def _wide_segments(text: str) -> int:
    sizes = [2 if ord(one) > 0xFFFF else 1 for one in text]
    return 1 if sum(sizes) <= 70 else _filled(sizes, 67)


def _filled(sizes: list[int], room: int) -> int:
    """Segments filled one after another: a character of two units is never cut in half."""
    count, used = 1, 0
    for size in sizes:
        if used + size > room:
            count, used = count + 1, 0
        used += size
    return count
