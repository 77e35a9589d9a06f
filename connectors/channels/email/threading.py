"""Where a mail may belong: every sign there is, strongest first, each with its reason.

Keys: a bare `<message-id>` is the provider id of a message, ours or the customer's; a bare token
is the one in our reply address; `ticket:…`, `subject:…` and `quote:…` are equal for mails alike.
"""

import hashlib
import re
from collections.abc import Iterator

from connectors.channels.email.automatic import MESSAGE_ID_MARK
from connectors.channels.email.mime import Mail
from desk.envelope import ThreadHint

_REPLY_PREFIX = re.compile(
    r"^\s*(?:(?:\[[^\]]{0,30}\]\s*)?(?:"
    r"re|r|aw|antw|antwort|sv|vs|vb|svar|fwd?|wg|tr|rv|rif|i|fs|vl|doorst|ref|res|enc|odp|pd|ynt|ilt|"
    r"vá|továbbítás|atb|bls|trs|ang|resp|rép|réf|transf|απ|πρθ|ha|на|отв|ответ|пересл|нд|від|"
    r"回复|答复|转发|回覆|轉寄|返信|転送|답장|회신|전달|תשובה|הועבר|رد"
    r")\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s*[:：])+\s*",
    re.IGNORECASE,
)
_TICKET = re.compile(
    r"(?:\[|\(|#{1,2})\s*(?:ticket|case|request|fall|vorgang|anfrage|incident|inc|ref|id|issue|bug)?"
    r"\s*[#:\-№]*\s*([A-Za-z]{0,8}[-_]?\d[\w.-]{2,40})(?:\]|\)|#{2})",
    re.IGNORECASE,
)
_OWN_TAG = re.compile(r"\[#([A-Za-z0-9_-]{4,64})\]")
_PARAGRAPHS = 5
_WORDS_FOR_A_PRINT = 6
_LONGEST_SUBJECT = 200


def thread_hints(mail: Mail, own_address: str, quoted: str) -> tuple[ThreadHint, ...]:
    """All hints of one mail, strongest first, each key once."""
    seen: dict[str, ThreadHint] = {}
    for hint in _hints(mail, own_address, quoted):
        seen.setdefault(hint.key, hint)
    return tuple(seen.values())


def normal_subject(subject: str) -> str:
    """A subject without reply and forward prefixes of any language, in lower case."""
    previous = None
    while previous != subject:
        previous, subject = subject, _REPLY_PREFIX.sub("", subject)
    return " ".join(subject.casefold().split())[:_LONGEST_SUBJECT]


def quote_keys(text: str) -> tuple[str, ...]:
    """Keys of a text's first long paragraphs, equal however it is quoted, wrapped or marked up."""
    lines = text.replace("\r", "")
    apart = re.sub(r"(?m)^(?![ \t]*[>|])(.*)\n(?=[ \t]*[>|])", r"\1\n\n", lines)
    plain = re.sub(r"^[ \t>|]+", "", apart, flags=re.MULTILINE)
    prints = map(_fingerprint, re.split(r"\n\s*\n", plain))
    return tuple(dict.fromkeys(filter(None, prints)))[:_PARAGRAPHS]


def own_message_id(token: str, own_address: str) -> str:
    """The Message-ID of the outgoing message whose token this is."""
    return f"<{MESSAGE_ID_MARK}{token}@{own_address.rpartition('@')[2].lower()}>"


def _hints(mail: Mail, own_address: str, quoted: str) -> Iterator[ThreadHint]:
    if mail.in_reply_to:
        yield ThreadHint(mail.in_reply_to, "It answers that message (In-Reply-To)")
    for reference in reversed(mail.references):
        yield ThreadHint(reference, "It names that message (References)")
    for token in _plus_tokens(mail, own_address):
        yield ThreadHint(token, "It was sent to this thread's own reply address")
    for token in _OWN_TAG.findall(mail.subject):
        yield ThreadHint(token, "Its subject carries this thread's tag")
    yield from _subject_hints(mail)
    for key in quote_keys(quoted):
        yield ThreadHint(key, "It quotes the same text")


def _plus_tokens(mail: Mail, own_address: str) -> Iterator[str]:
    local, _, domain = own_address.lower().rpartition("@")
    for box in (*mail.to, *mail.cc):
        name, _, host = box.written.rpartition("@")
        if host.lower() == domain and local and name.lower().startswith(f"{local}+"):
            yield name[len(local) + 1 :]


def _subject_hints(mail: Mail) -> Iterator[ThreadHint]:
    sender = mail.sender.address
    for ticket in _TICKET.findall(mail.subject):
        domain = sender.rpartition("@")[2]
        yield ThreadHint(
            f"ticket:{domain}:{ticket.lower()}",
            f"Same ticket number {ticket} of {domain}",
            guessable=True,
        )
    subject = normal_subject(mail.subject)
    if subject and sender:
        key = hashlib.sha256(f"{sender}\n{subject}".encode()).hexdigest()[:32]
        yield ThreadHint(f"subject:{key}", "Same sender and subject", guessable=True)


def _fingerprint(block: str) -> str:
    words = re.findall(r"\w+", block.casefold())
    if len(words) < _WORDS_FOR_A_PRINT:
        return ""
    return f"quote:{hashlib.sha256(' '.join(words).encode()).hexdigest()[:32]}"
