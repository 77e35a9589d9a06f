"""Mail that a provider posts: SendGrid, Mailgun and Postmark, each as one raw mail.

What they say about the sender (DKIM, spam) comes along beside the mail and counts only in an
inbox that takes its mail from this provider, where only an authentic post gets this far.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from connectors.base import Account, Request
from connectors.channels.email.form import Form, read_form
from connectors.channels.email.mime import ascii_compatible
from connectors.channels.email.settings import incoming
from desk.envelope import File

NAMES = ("sendgrid", "mailgun", "postmark")
TOLERANCE = 24 * 3600
"""Seconds a Mailgun timestamp may be old: it tries for eight hours. A token counts once anyway."""

_OWN_PARTS = ("content-type", "content-transfer-encoding", "mime-version")
_HEADER_NAME = re.compile(r"[!-9;-~]+")


@dataclass(frozen=True)
class Posted:
    """One mail as a provider posted it. `signers` are the domains whose DKIM it found right."""

    provider: str
    raw: str
    """The mail, decoded as latin-1."""
    signers: tuple[str, ...] = ()
    spam: str = ""
    """What the provider says where it holds the mail for spam."""
    unfetched: tuple[str, ...] = ()
    """Names of attachments that it kept to itself."""
    once: str = ""
    """A token that may be used once only, where the post has one."""

    def as_body(self) -> str:
        return json.dumps({"posted": asdict(self)})


def from_body(body: str) -> Posted | None:
    """What `as_body` made; None for a raw mail."""
    if not body.startswith('{"posted": '):
        return None
    found = json.loads(body)["posted"]
    lists = {name: tuple(found[name]) for name in ("signers", "unfetched")}
    return Posted(**{**found, **lists})


def is_authentic(account: Account, request: Request, now: float) -> bool:
    """Mailgun signs; SendGrid and Postmark can only be given an address with a password in it."""
    secret = account.secrets.get("inbound_secret", "")
    if not secret:
        return False
    if incoming(account) == "mailgun":
        return _is_mailgun(secret, request, now)
    given = (_basic_password(request.headers), request.query.get("secret", ""))
    return any(hmac.compare_digest(secret.encode(), value.encode()) for value in given)


def _is_mailgun(key: str, request: Request, now: float) -> bool:
    form = read_form(request.body, request.headers.get("content-type", ""))
    if form is None:
        return False
    signed = form.values.get("signature")
    values = signed if isinstance(signed, Mapping) else form.values
    stamp, token, given = (str(values.get(n, "")) for n in ("timestamp", "token", "signature"))
    fresh = stamp.isascii() and stamp.isdigit() and abs(now - int(stamp[:12])) <= TOLERANCE
    return fresh and is_signed(key, stamp, token, given)


def is_signed(key: str, timestamp: str, token: str, signature: str) -> bool:
    """Whether Mailgun's signature fits; it covers the token and its time, never the mail."""
    expected = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return bool(token) and hmac.compare_digest(expected.encode(), signature.encode())


def _basic_password(headers: Mapping[str, str]) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def posted(form: Form) -> Posted | None:
    """The mail in a post, told by its fields; None where it is none of these providers' mail."""
    names = form.values.keys()
    if "body-mime" in names or ("recipient" in names and {"body-plain", "body-html"} & names):
        return _from_mailgun(form)
    if "MessageID" in names and {"RawEmail", "FromFull", "From"} & names:
        return _from_postmark(form)
    if "email" in names or ("headers" in names and {"text", "html", "envelope"} & names):
        return _from_sendgrid(form)
    return None


def _from_sendgrid(form: Form) -> Posted:
    if form.text("email"):
        raw = _bytes(form.text("email"))
    else:
        headers = _header_lines(form.text("headers"))
        fallback = {name: form.text(name.lower()) for name in ("From", "To", "Subject")}
        ids = _object(form.text("content-ids"))
        raw = compose(headers, fallback, form.text("text"), form.text("html"), form.files, ids)
    signers = re.findall(r"@?([\w.-]+)\s*:\s*pass\b", form.text("dkim"))
    return Posted("sendgrid", _latin(raw), tuple(signers))


def _from_mailgun(form: Form) -> Posted:
    mime = form.text("body-mime")
    headers = _pairs(form.text("message-headers"))
    if mime:
        raw = _bytes(mime)
        headers = _header_lines(re.split(r"\r?\n\r?\n", mime, maxsplit=1)[0])
    else:
        names = {"From": "from", "To": "recipient", "Subject": "subject"}
        fallback = {name: form.text(key) for name, key in names.items()}
        fallback["From"] = fallback["From"] or form.text("sender")
        text, html = form.text("body-plain"), form.text("body-html")
        raw = compose(
            headers, fallback, text, html, form.files, _object(form.text("content-id-map"))
        )
    stored = _list(form.text("attachments"))
    unfetched = tuple(str(item.get("name", "")) for item in stored if isinstance(item, dict))
    own = _above_received(headers)
    flag = next((value for name, value in own if name == "x-mailgun-sflag"), "")
    spam = "Mailgun marks it as spam" if flag.lower() == "yes" else ""
    once = f"mailgun:{form.text('token')}" if form.text("token") else ""
    return Posted("mailgun", _latin(raw), _mailgun_signers(own, headers), spam, unfetched, once)


def _above_received(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What stands above the topmost Received was added by who received it last: by Mailgun."""
    lowered = [(name.lower(), value) for name, value in headers]
    end = next((i for i, (name, _) in enumerate(lowered) if name == "received"), 0)
    return lowered[:end]


def _mailgun_signers(
    own: Sequence[tuple[str, str]], headers: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """Mailgun says that *the* signature is right: of several, nobody knows which."""
    results = [value for name, value in own if name == "x-mailgun-dkim-check-result"]
    signatures = [value for name, value in headers if name.lower() == "dkim-signature"]
    if [value.strip().lower() for value in results] != ["pass"] or len(signatures) != 1:
        return ()
    return tuple(re.findall(r"(?:^|;)\s*d=\s*([\w.-]+)", signatures[0])[:1])


def _from_postmark(form: Form) -> Posted:
    headers = _named(form.values.get("Headers"))
    if form.text("RawEmail"):
        raw = _bytes(form.text("RawEmail"))
        source = re.split(r"\r?\n\r?\n", form.text("RawEmail"), maxsplit=1)[0]
        judged = _header_lines(source)
    else:
        raw, judged = _composed_by_postmark(form, headers), headers
    sender = form.values.get("FromFull")
    address = str(sender.get("Email", "")) if isinstance(sender, Mapping) else form.text("From")
    return Posted(
        "postmark", _latin(raw), _postmark_signers(judged, address), _postmark_spam(judged)
    )


def _composed_by_postmark(form: Form, headers: Sequence[tuple[str, str]]) -> bytes:
    fallback = {
        "From": _written(form.values.get("FromFull")) or form.text("From"),
        "To": _all_written(form.values.get("ToFull")) or form.text("To"),
        "Cc": _all_written(form.values.get("CcFull")) or form.text("Cc"),
        "Reply-To": form.text("ReplyTo"),
        "Subject": form.text("Subject"),
        "Date": form.text("Date"),
        "Message-ID": f"<{form.text('MessageID')}@inbound.postmarkapp.com>",
    }
    attachments = form.values.get("Attachments")
    items = [a for a in attachments if isinstance(a, dict)] if isinstance(attachments, list) else []
    ids = {f"{n}": str(a["ContentID"]) for n, a in enumerate(items) if a.get("ContentID")}
    text, html = form.text("TextBody"), form.text("HtmlBody")
    return compose(headers, fallback, text, html, [_postmark_file(a) for a in items], ids)


def _postmark_file(item: Mapping[str, Any]) -> File:
    data = str(item.get("Content") or item.get("Data") or "")
    try:
        content = base64.b64decode(data)
    except ValueError:
        content = data.encode()
    return File("document", str(item.get("Name", "")), str(item.get("ContentType", "")), content)


def _postmark_signers(headers: Sequence[tuple[str, str]], address: str) -> tuple[str, ...]:
    """SpamAssassin's DKIM_VALID_AU: signed by the author's own domain. A second such header is the
    sender's own work, and then neither counts."""
    tests = [value for name, value in headers if name.lower() == "x-spam-tests"]
    if len(tests) != 1 or "DKIM_VALID_AU" not in re.split(r"[\s,]+", tests[0]):
        return ()
    return (address.rpartition("@")[2].strip("<> ").lower(),)


def _postmark_spam(headers: Sequence[tuple[str, str]]) -> str:
    status = next((value for name, value in headers if name.lower() == "x-spam-status"), "")
    return "Postmark marks it as spam" if status.lower().startswith("yes") else ""


def compose(
    headers: Iterable[tuple[str, str]],
    fallback: Mapping[str, str],
    text: str,
    html: str,
    files: Sequence[File],
    inline: Mapping[str, Any],
) -> bytes:
    """A raw mail of what a provider took apart; `fallback` fills in for headers it left out."""
    kept = [(n, v) for n, v in headers if n.lower() not in _OWN_PARTS and _HEADER_NAME.fullmatch(n)]
    there = {name.lower() for name, _ in kept}
    kept += [(n, v) for n, v in fallback.items() if v and n.lower() not in there]
    if "message-id" not in {name.lower() for name, _ in kept}:
        # Posted again it must be the same mail, and the boundaries below are made at random.
        digest = hashlib.sha256(repr((kept, text, html, files)).encode("utf-8", "replace"))
        kept.append(("Message-ID", f"<{digest.hexdigest()[:32]}@posted.invalid>"))
    head = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in kept)
    return head.encode("utf-8", "surrogateescape") + _body(text, html, files, inline)


def _body(text: str, html: str, files: Sequence[File], inline: Mapping[str, Any]) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail.set_content(text.encode("utf-8", "replace").decode())
    if html:
        mail.add_alternative(html.encode("utf-8", "replace").decode(), subtype="html")
    for index, file in enumerate(files):
        main, _, sub = file.type.partition("/")
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.type) or main in ("multipart", "message"):
            main, sub = "application", "octet-stream"
        content_id = _content_id(index, inline)
        mail.add_attachment(
            file.content or b"",
            maintype=main,
            subtype=sub,
            filename=re.sub(r"[\x00-\x1f]", " ", file.name) or "attachment",
            cid=content_id or None,
            disposition="inline" if content_id else "attachment",
        )
    return mail.as_bytes()


def _content_id(index: int, inline: Mapping[str, Any]) -> str:
    """Providers map "attachment2" to its Content-ID (SendGrid), or the id to it (Mailgun)."""
    number = f"{index + 1}"
    for key, value in inline.items():
        if key in (f"attachment{number}", f"{index}"):
            found = str(value)
        elif value in (f"attachment{number}", f"attachment-{number}"):
            found = str(key)
        else:
            continue
        bare = found.strip("<> ")
        return f"<{bare}>" if re.fullmatch(r"[\x21-\x7e]+", bare) else ""
    return ""


def _header_lines(block: str) -> list[tuple[str, str]]:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", block)
    pairs = (line.partition(":") for line in unfolded.splitlines())
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon]


def _pairs(value: str) -> list[tuple[str, str]]:
    return [
        (str(pair[0]), str(pair[1]))
        for pair in _list(value)
        if isinstance(pair, list) and len(pair) == 2
    ]


def _named(value: Any) -> list[tuple[str, str]]:
    items = value if isinstance(value, list) else []
    return [
        (str(item.get("Name", "")), str(item.get("Value", "")))
        for item in items
        if isinstance(item, dict)
    ]


def _all_written(value: Any) -> str:
    return ", ".join(filter(None, map(_written, value))) if isinstance(value, list) else ""


def _written(box: Any) -> str:
    if not isinstance(box, Mapping) or not box.get("Email"):
        return ""
    name = str(box.get("Name") or "").replace("\\", "").replace('"', "'")
    return f'"{name}" <{box["Email"]}>' if name else f"<{box['Email']}>"


def _list(value: str) -> list[Any]:
    found = _loaded(value)
    return found if isinstance(found, list) else []


def _object(value: str) -> dict[str, Any]:
    found = _loaded(value)
    return found if isinstance(found, dict) else {}


def _loaded(value: str) -> Any:
    try:
        return json.loads(value) if value else None
    except (ValueError, RecursionError):
        return None


def _bytes(mail: str) -> bytes:
    return ascii_compatible(mail.encode("utf-8", "surrogateescape"))


def _latin(raw: bytes) -> str:
    return raw.replace(b"\0", b"").decode("latin-1")
