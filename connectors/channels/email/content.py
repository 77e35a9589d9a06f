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
    if not plain:
        return split_reply(html_text(mail.html))
    words, html_words = (
        _words(plain),
        _words(re.sub(r"<style.*?</style>|<[^>]*>", " ", mail.html, flags=re.DOTALL)),
    )
    if html_words >= _ENOUGH_WORDS and words < html_words * _STUB:
        return split_reply(html_text(mail.html) or plain)
    return split_reply(plain)


def _words(text: str) -> int:
    return len(re.findall(r"\w+", text))
