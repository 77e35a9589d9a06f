"""Whether somebody takes up the offer of a one-time code."""

import re

LONGEST = 60
"""More words than this say something else as well."""
_YES = re.compile(
    r"\b(?:yes|yeah|yep|sure|ok(?:ay)?|please|send|code|go ahead|ja|gerne|bitte|schick\w*|sende\w*"
    r"|sí|si|claro|envía\w*|código|oui|envoie\w*|envoyez|sì|codice|invia\w*|sim|código|graag"
    r"|stuur|tak|kod|evet|gönder\w*|kirim\w*)\b|نعم|رمز|हाँ|कोड"
)
_NO = re.compile(
    r"\b(?:no|not|don't|nein|nicht|kein\w*|non|pas|nie|hayır|geen|niet|não|tidak)\b|لا"
)


def wants_code(text: str) -> bool:
    """A short yes, after the offer was the last thing said."""
    plain = text.lower().replace("’", "'")
    return len(plain) <= LONGEST and bool(_YES.search(plain)) and not _NO.search(plain)
