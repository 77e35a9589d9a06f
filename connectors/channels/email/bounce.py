"""Delivery reports: which of our mails did not arrive, and why, in words."""

import re
from dataclasses import dataclass

from connectors.channels.email.mime import Mail, message_ids
from desk.envelope import DeliveryState

_REPORTER = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-?daemon|mailerdaemon|microsoftexchange[0-9a-f]+)@"
    r"|^(?:mailer-daemon|postmaster)$",
)
_SUBJECT = re.compile(
    r"undeliver|returned\s+(?:mail|to\s+sender)|failure\s+notice|mail\s+delivery\s+(?:fail|sub|sys)|"
    r"delivery\s+(?:status\s+notification|has\s+failed|failure|report)|delayed\s+mail|"
    r"message\s+(?:not\s+delivered|delayed)|could\s+not\s+be\s+delivered|"
    r"unzustellbar|nicht\s+zugestellt|zustellung\s+fehlgeschlagen|non\s+remis|échec\s+de\s+(?:la\s+)?remise|"
    r"no\s+se\s+(?:puede|pudo)\s+entregar|impossibile\s+recapitare|onbestelbaar|olevererbart|"
    r"não\s+entregue|niedostarczon|недоставлен|не\s+доставлено|未送達|退信|배달되지",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -][^\s])")
_QUOTED_ID = re.compile(r"(?im)^[\s>|]*message-id:\s*(<[^<>\s]+>)")
_RECIPIENT = re.compile(r"<?([\w.+=%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})>?")
_WORDS = {
    "5.1.1": "The address does not exist.",
    "5.1.0": "The address was refused.",
    "5.1.2": "The address's domain does not exist.",
    "5.1.10": "The address does not exist.",
    "5.2.1": "The mailbox is disabled.",
    "5.2.2": "The mailbox is full.",
    "4.2.2": "The mailbox is full.",
    "5.2.3": "The message is too large for the mailbox.",
    "5.3.4": "The message is too large for the mail server.",
    "5.4.1": "The mail server refuses this recipient.",
    "5.4.4": "The recipient's mail server was not found.",
    "5.4.6": "The mail went round in a loop.",
    "5.7.1": "The recipient's server refuses our mail.",
}


@dataclass(frozen=True)
class Bounce:
    """What a report says about one of our mails; `message_id` is empty where it names none."""

    state: DeliveryState
    message_id: str
    recipient: str
    code: str
    error: str


def bounce(mail: Mail) -> Bounce | None:
    """The delivery report in a mail, standard or not; None for anything else."""
    if is_read_receipt(mail):
        return None
    fields = _fields(mail)
    if fields is None and not _looks_like_report(mail):
        return None
    fields = fields or {}
    action = fields.get("action", "").split(" ")[0].lower()
    code = _code(fields, mail)
    state = _state(action, code, mail.subject)
    diagnostic = fields.get("diagnostic-code", "").partition(";")[2].strip()
    return Bounce(
        state=state,
        message_id=_original_id(mail),
        recipient=_recipient(fields, mail),
        code=code,
        error="" if state is DeliveryState.DELIVERED else _error(state, code, diagnostic),
    )


def is_read_receipt(mail: Mail) -> bool:
    return mail.report_type == "disposition-notification" or any(
        name == "disposition" for block in mail.reports for name, _ in block
    )


def _fields(mail: Mail) -> dict[str, str] | None:
    """The report's fields, those of the recipient it failed for first; None without a report."""
    blocks = [dict(reversed(block)) for block in mail.reports]
    recipients = [block for block in blocks if "final-recipient" in block or "action" in block]
    if not recipients:
        return {} if mail.report_type == "delivery-status" else None
    return next((b for b in recipients if b.get("action", "").lower() == "failed"), recipients[0])


def _looks_like_report(mail: Mail) -> bool:
    if mail.first("x-failed-recipients"):
        return True
    null_sender = any(value.strip() == "<>" for value in mail.all("return-path"))
    reporter = bool(_REPORTER.match(mail.sender.address))
    named = bool(_SUBJECT.search(mail.subject))
    return (reporter and (named or null_sender)) or (null_sender and named)


def _code(fields: dict[str, str], mail: Mail) -> str:
    for text in (fields.get("status", ""), fields.get("diagnostic-code", ""), mail.plain[:5000]):
        found = _STATUS.search(text)
        if found:
            return found[0]
    found = _REPLY_CODE.search(mail.plain[:5000])
    return found[1] if found else ""


def _state(action: str, code: str, subject: str) -> DeliveryState:
    if action in ("delivered", "expanded"):
        return DeliveryState.DELIVERED
    if action in ("relayed", "delayed"):
        return DeliveryState.SENT
    if not action and re.search(r"delayed|still\s+being\s+retried", subject, re.IGNORECASE):
        return DeliveryState.SENT
    return DeliveryState.DELIVERED if not action and code.startswith("2") else DeliveryState.FAILED


def _original_id(mail: Mail) -> str:
    """Our mail's id: from the enclosed original, the references, or a copy in the text."""
    for name, value in mail.enclosed:
        ids = message_ids(value) if name == "message-id" else ()
        if ids:
            return ids[0]
    for block in mail.reports:
        for name, value in block:
            if name in ("original-message-id", "x-original-message-id") and message_ids(value):
                return message_ids(value)[0]
    quoted = _QUOTED_ID.search(mail.plain)
    if quoted:
        return quoted[1]
    named = (mail.in_reply_to, *reversed(mail.references))
    return next(filter(None, named), "")


def _recipient(fields: dict[str, str], mail: Mail) -> str:
    for text in (
        fields.get("final-recipient", ""),
        fields.get("original-recipient", ""),
        mail.first("x-failed-recipients"),
    ):
        found = _RECIPIENT.search(text)
        if found:
            return found[1].lower()
    for name, value in mail.enclosed:
        found = _RECIPIENT.search(value) if name == "to" else None
        if found:
            return found[1].lower()
    own = {box.address for box in (*mail.to, *mail.senders)}
    listed = (found[1].lower() for found in _RECIPIENT.finditer(mail.plain))
    return next((address for address in listed if address not in own), "")


def _error(state: DeliveryState, code: str, diagnostic: str) -> str:
    if state is DeliveryState.SENT:
        words = "Not delivered yet; the mail server keeps trying."
    else:
        words = _WORDS.get(code, "The mail could not be delivered.")
    return f"{words} ({diagnostic[:300]})" if diagnostic else words
