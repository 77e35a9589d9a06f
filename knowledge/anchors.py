"""Names of places inside an article's page, so that a source opens at its section."""

import re
import unicodedata

LONGEST = 80


def anchor(heading: str) -> str:
    """The name of a heading's place: lower case, words joined by hyphens; "" for no words."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return "-".join(re.findall(r"\w+", plain))[:LONGEST].rstrip("-")


def section_anchor(title: str, breadcrumb: str, question: str = "") -> str:
    """The place of a passage: its FAQ question, else the innermost heading above it; "" where
    that is the whole page."""
    return "" if question == title else anchor(question or breadcrumb.rsplit(" > ", 1)[-1])
