"""Whether a text begins with a plain yes or no, in the languages we speak."""

import re
from typing import Literal

_NO = (
    r"no|nope|nah|not|nein|nicht|nee|non|não|nao|niet|nie|hayır|tidak|bukan|لا|नहीं|something else"
    r"|(?:et)?was anderes|otra cosa|autre chose|un'altra|altro|outra coisa|iets anders"
    r"|co[śs] innego|başka"
)
_YES = r"yes|yeah|yep|yup|ja|jawohl|genau|sí|sì|oui|ouais|sim|tak|evet|iya|نعم|أجل|हाँ|हां"
_YES_ALONE = (
    r"sure|ok(?:ay)?|exactly|correct|right|of course|richtig|klar|gerne?|stimmt|si|claro|exacto"
    r"|correcto|exactement|d'accord|bien sûr|esatto|certo|isso|exato|inderdaad|klopt|graag|doğru"
    r"|aynen|ya|betul|benar|जी"
)
"""Words that other sentences begin with as well."""
_BEGINS = re.compile(
    rf"\W*(?:(?P<no>{_NO})|(?P<yes>{_YES}|(?:{_YES_ALONE})(?=\s*(?:\W*$|[,.;!]))))(?!\w)",
    re.IGNORECASE,
)


SHORT = 3
"""Words: so few say nothing beside the yes or no."""
_SAYS_NO_MORE = re.compile(
    r"(?:it|it's|its|is|isn't|this|that|that's|the|a|one|same|thing|matter|about|exactly|indeed"
    r"|another|other|something|else|different|new|please|thanks?|you|das|ist|es|geht|um|gleiche"
    r"|selbe|dasselbe|genau|eine|andere|sache|etwas|anderes|bitte|danke|es|lo|mismo|la|otra|cosa"
    r"|c'est|même|chose|autre|une)",
    re.IGNORECASE,
)


def is_bare(text: str) -> bool:
    """Whether a text that says yes or no says nothing else."""
    said = text.replace("’", "'").split()
    rest = [word.strip(".,;:!?") for word in said[1:]]
    return len(said) <= SHORT or all(_SAYS_NO_MORE.fullmatch(word) for word in rest if word)


def yes_or_no(text: str) -> Literal["yes", "no", ""]:
    """What a text says first: "yes", "no", or neither ("")."""
    found = _BEGINS.match(text.replace("’", "'").strip())
    if not found:
        return ""
    return "no" if found["no"] else "yes"
