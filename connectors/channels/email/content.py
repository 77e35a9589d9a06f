"""The words of a mail: the better of its two versions, split into reply and quotation."""

import re

from connectors.channels.email.html import html_text
from connectors.channels.email.mime import Mail
from connectors.channels.email.reply import Reply, split_reply

_STUB = 0.25
_ENOUGH_WORDS = 20


def read_text(mail: Mail) -> Reply:
    """The reply and what was cut off, from plain text unless that is only a stub of the HTML."""
    plain = mail.plain.strip()
    if not mail.html:
        return split_reply(plain)
    from_html = html_text(mail.html)
    words, html_words = _words(plain), _words(from_html)
    if html_words >= _ENOUGH_WORDS and words < html_words * _STUB:
        return split_reply(from_html)
    return split_reply(plain or from_html)


def _words(text: str) -> int:
    return len(re.findall(r"\w+", text))
