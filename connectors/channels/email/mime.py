"""A mail taken apart: headers, addresses, texts and attachments. Never raises, whatever comes."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime

from connectors.channels.email.words import clean, decode, decode_header, decode_parameter
from desk.envelope import File

_MESSAGE_ID = re.compile(r"<([^<>]{1,900})>")
_LOOSE_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\@]{1,200}@[^\s<>()\[\],;:\"\\@]{1,255}")
_META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_REPORT_PARTS = ("message/delivery-status", "message/disposition-notification")
_DEEPEST = 40
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Mailbox:
    """A name and an address as a header gives them; `address` is the lower-case form."""

    name: str
    written: str

    @property
    def address(self) -> str:
        return self.written.lower()

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True)
class Mail:
    """One parsed mail. Message ids keep their angle brackets."""

    headers: tuple[tuple[str, str], ...]
    """(lower-case name, decoded value) from top to bottom."""
    message_id: str
    senders: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    subject: str
    in_reply_to: str
    references: tuple[str, ...]
    date: datetime | None
    plain: str
    html: str
    files: tuple[File, ...]
    content_type: str
    report_type: str
    reports: tuple[tuple[tuple[str, str], ...], ...] = ()
    """The field blocks of a delivery or disposition report, lower-case names."""
    enclosed: tuple[tuple[str, str], ...] = field(default=())
    """Headers of the original mail enclosed in a report."""

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    @property
    def sender(self) -> Mailbox:
        return self.senders[0] if self.senders else Mailbox("", "")


def parse(raw: bytes) -> Mail:
    """Take a raw mail apart."""
    raw = ascii_compatible(raw)
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    headers = tuple(_headers(message))
    first = dict(reversed(headers))
    body = _Body()
    _collect(message, body, 0)
    return Mail(
        headers=headers,
        message_id=_message_id(first.get("message-id", "")) or _content_id(raw),
        senders=_mailboxes(message, "from"),
        to=_mailboxes(message, "to"),
        cc=_mailboxes(message, "cc"),
        reply_to=_mailboxes(message, "reply-to"),
        subject=first.get("subject", ""),
        in_reply_to=_message_id(first.get("in-reply-to", "")),
        references=message_ids(first.get("references", "")),
        date=_date(headers),
        plain="\n".join(body.plain).strip("\n"),
        html="\n".join(body.html).strip(),
        files=tuple(body.files),
        content_type=message.get_content_type(),
        report_type=_parameter(message, "content-type", "report-type").lower(),
        reports=tuple(body.reports),
        enclosed=tuple(body.enclosed),
    )


def event_id(raw: bytes) -> str:
    """The Message-ID of a mail, or a hash of what stays equal between copies of it."""
    raw = ascii_compatible(raw)
    message = BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=True)
    return _message_id(_header(message, "message-id")) or _content_id(raw)


def message_ids(value: str) -> tuple[str, ...]:
    """All message ids in a header, in order, each once."""
    return tuple(
        dict.fromkeys(f"<{''.join(found.split())}>" for found in _MESSAGE_ID.findall(value))
    )


def ascii_compatible(raw: bytes) -> bytes:
    """Mail saved as UTF-16 or with a byte order mark, as some exports are, as plain UTF-8."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace").encode()
    if raw[1:20:2] == b"\0" * 10:
        return raw.decode("utf-16-le", "replace").encode()
    if raw[0:20:2] == b"\0" * 10:
        return raw.decode("utf-16-be", "replace").encode()
    return raw.removeprefix(codecs.BOM_UTF8)


def _headers(message: Message) -> Iterator[tuple[str, str]]:
    for name, value in message.raw_items():
        yield clean(str(name)).strip().lower(), decode_header(str(value))


def _header(message: Message, name: str) -> str:
    for key, value in message.raw_items():
        if str(key).lower() == name:
            return decode_header(str(value))
    return ""


def _message_id(value: str) -> str:
    ids = message_ids(value)
    if ids:
        return ids[0]
    bare = value.split()[0] if value.split() else ""
    return f"<{bare.strip('<>')}>" if "@" in bare and len(bare) < 900 else ""


def _content_id(raw: bytes) -> str:
    head, _, body = re.sub(rb"\r\n?", b"\n", raw).partition(b"\n\n")
    stable = re.findall(rb"(?im)^(?:from|date|subject|to):.*(?:\n[ \t].*)*", head)
    return "sha256:" + hashlib.sha256(b"\n".join([*stable, b"", body])).hexdigest()


def _mailboxes(message: Message, name: str) -> tuple[Mailbox, ...]:
    values = [str(value) for key, value in message.raw_items() if str(key).lower() == name]
    flat = [re.sub(r"\r?\n", " ", value) for value in values]
    found = []
    for display, address in getaddresses(flat):
        address = decode_header(address).strip("<>' ")
        if not _LOOSE_ADDRESS.fullmatch(address):
            continue
        found.append(Mailbox(decode_header(display).strip("\"' "), address))
    if not found:
        found = [Mailbox("", one) for value in flat for one in _loose_addresses(value)]
    return tuple(dict.fromkeys(found))


def _loose_addresses(value: str) -> list[str]:
    return _LOOSE_ADDRESS.findall(decode_header(value))


def _date(headers: tuple[tuple[str, str], ...]) -> datetime | None:
    """What the sender's clock says, unless our own side's arrival stamp is earlier."""
    sent = _time(next((value for name, value in headers if name == "date"), ""))
    stamps = (value.rpartition(";")[2] for name, value in headers if name == "received")
    arrived = next((time for time in map(_time, stamps) if time), None)
    return min(filter(None, (sent, arrived)), default=None)


def _time(value: str) -> datetime | None:
    try:
        time = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return _iso_time(value)
    return _plausible(time)


def _iso_time(value: str) -> datetime | None:
    try:
        return _plausible(datetime.fromisoformat(value.strip()))
    except ValueError:
        return None


def _plausible(time: datetime) -> datetime | None:
    try:
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return time if time > _EARLIEST else None


class _Body:
    def __init__(self) -> None:
        self.plain: list[str] = []
        self.html: list[str] = []
        self.files: list[File] = []
        self.reports: list[tuple[tuple[str, str], ...]] = []
        self.enclosed: list[tuple[str, str]] = []


def _collect(part: Message, body: _Body, depth: int) -> None:
    kind = part.get_content_type()
    if kind in _REPORT_PARTS:
        body.reports += [tuple(_headers(block)) for block in _blocks(part)]
    elif kind == "message/rfc822" or kind == "message/global":
        _enclose(part, body)
    elif part.is_multipart() and depth < _DEEPEST:
        for child in _children(part):
            _collect(child, body, depth + 1)
    elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
        parsed = BytesParser(policy=policy.compat32).parsebytes(_payload(part), headersonly=True)
        body.enclosed += list(_headers(parsed))
    elif _is_text(part, kind):
        texts = body.html if kind == "text/html" else body.plain
        texts.append(_text(part, kind))
    else:
        body.files.append(_file(part, kind))


def _blocks(part: Message) -> list[Message]:
    """A report's field blocks; a part that the parser left whole is split here."""
    if part.is_multipart():
        return _children(part)
    blocks = re.split(rb"\n\s*\n", _payload(part).replace(b"\r\n", b"\n"))
    parser = BytesParser(policy=policy.compat32)
    return [parser.parsebytes(block.strip() + b"\n", headersonly=True) for block in blocks]


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return (
        [child for child in payload if isinstance(child, Message)]
        if isinstance(payload, list)
        else []
    )


def _enclose(part: Message, body: _Body) -> None:
    """A mail within the mail stands as a file; a report's original also tells its headers."""
    inner = next(iter(_children(part)), None)
    content = _bytes_of(inner) if inner is not None else _payload(part)
    if inner is not None and not body.enclosed:
        body.enclosed += list(_headers(inner))
    name = _filename(part)
    if not name:
        subject = _header(inner, "subject") if inner is not None else ""
        name = f"{_safe_name(subject) or 'message'}.eml"
    body.files.append(_as_file(part, "message/rfc822", name, content))


def _bytes_of(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError, KeyError):
        return str(message.get_payload()).encode("utf-8", "replace")


def _is_text(part: Message, kind: str) -> bool:
    """Body text, also where a broken multipart left nothing but its raw text."""
    if kind.startswith("multipart/"):
        return True
    if kind not in ("text/plain", "text/html", "text/enriched"):
        return False
    return _disposition(part) != "attachment" and not _filename(part)


def _disposition(part: Message) -> str:
    return _header(part, "content-disposition").partition(";")[0].strip().lower()


def _text(part: Message, kind: str) -> str:
    raw = _payload(part)
    charset = _parameter(part, "content-type", "charset")
    if not charset and kind == "text/html":
        found = _META_CHARSET.search(raw[:4000])
        charset = found[1].decode("ascii", "replace") if found else ""
    text = decode(raw, charset).replace("\r\n", "\n").replace("\r", "\n")
    if _parameter(part, "content-type", "format").lower() == "flowed":
        text = _unflowed(text, _parameter(part, "content-type", "delsp").lower() == "yes")
    return text


def _unflowed(text: str, delete_space: bool) -> str:
    """Join the soft line breaks of RFC 3676; the signature mark "-- " stands."""
    lines: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        rest = line[depth:].removeprefix(" ")
        if depth == open_depth and rest != "-- ":
            lines[-1] += rest
        else:
            lines.append(f"{'>' * depth}{' ' if depth else ''}{rest}")
        soft = rest.endswith(" ") and rest != "-- "
        if soft and delete_space:
            lines[-1] = lines[-1][:-1]
        open_depth = depth if soft else -1
    return "\n".join(lines)


def _payload(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        payload = None
    if isinstance(payload, bytes):
        return payload
    text = part.get_payload()
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else b""


def _file(part: Message, kind: str) -> File:
    content = _payload(part)
    return _as_file(part, kind, _filename(part), content)


def _as_file(part: Message, kind: str, name: str, content: bytes) -> File:
    main = kind.partition("/")[0]
    return File(
        kind=main if main in ("image", "video", "audio") else "document",
        name=name or f"attachment{_EXTENSIONS.get(kind, '')}",
        type=kind,
        content=content,
        size=len(content),
        inline_id=_header(part, "content-id").strip("<> "),
    )


_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/vcard": ".vcf",
}


def _filename(part: Message) -> str:
    name = _parameter(part, "content-disposition", "filename")
    return _safe_name(name or _parameter(part, "content-type", "name"))


def _safe_name(name: str) -> str:
    """A bare file name: no folders, no characters a file system refuses."""
    name = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[\x00-\x1f<>:\"|?*]", "_", name).strip(". ")[:200]


def _parameter(part: Message, header: str, name: str) -> str:
    plain = Message()
    plain[header] = _raw_header(part, header)
    try:
        value = plain.get_param(name, header=header)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return decode_parameter(value)


def _raw_header(part: Message, name: str) -> str:
    """A header unfolded, its raw 8-bit bytes decoded, its encoded words as they are."""
    for key, value in part.raw_items():
        if str(key).lower() == name:
            raw = str(value).encode("utf-8", "surrogateescape")
            return " ".join(decode(raw).split("\n")).replace("\r", "")
    return ""
