"""What one raw mail means: a message, or word about one of ours."""

from datetime import UTC, datetime

from connectors.channels.email.authentication import Judge
from connectors.channels.email.automatic import automatic
from connectors.channels.email.bounce import Bounce, bounce, is_read_receipt
from connectors.channels.email.content import read_text
from connectors.channels.email.html import safe_html
from connectors.channels.email.mime import Mail, Mailbox, message_ids
from connectors.channels.email.threading import thread_hints
from desk.envelope import Address, DeliveryState, Envelope, Kind, Strength


def envelope(mail: Mail, own_address: str, judge: Judge) -> Envelope:
    """The meaning of a mail that came to `own_address`."""
    at = mail.date or datetime.now(UTC)
    report = bounce(mail)
    if report and report.message_id:
        return _status(mail, report, at)
    if is_read_receipt(mail):
        return _read_receipt(mail, at)
    return _message(mail, own_address, judge, at, "bounce" if report else "")


def _status(mail: Mail, report: Bounce, at: datetime) -> Envelope:
    return Envelope(
        id=mail.message_id,
        kind=Kind.STATUS,
        at=at,
        subject_id=report.message_id,
        state=report.state,
        error_code=report.code,
        error=report.error,
        automatic="bounce",
        text=mail.plain,
        subject=mail.subject,
        details={"recipient": report.recipient} if report.recipient else {},
    )


def _read_receipt(mail: Mail, at: datetime) -> Envelope:
    fields = dict(field for block in reversed(mail.reports) for field in reversed(block))
    original = message_ids(fields.get("original-message-id", ""))
    shown = "displayed" in fields.get("disposition", "").lower()
    return Envelope(
        id=mail.message_id,
        kind=Kind.READ if shown and original else Kind.UNKNOWN,
        at=at,
        sender=(_address(mail.sender, Strength.OBSERVED, "From header"),),
        subject_id=original[0] if original else "",
        state=DeliveryState.READ if shown and original else None,
        automatic="auto-reply",
        subject=mail.subject,
    )


def _message(mail: Mail, own_address: str, judge: Judge, at: datetime, report: str) -> Envelope:
    content = read_text(mail)
    sender, name = _sender(mail, own_address, judge)
    return Envelope(
        id=mail.message_id,
        kind=Kind.MESSAGE,
        at=at,
        sender=(sender,) if sender.value else (),
        sender_name=name,
        recipients=_recipients(mail, own_address),
        text=content.reply,
        html=safe_html(mail.html) if mail.html else "",
        quoted=content.quoted,
        subject=mail.subject,
        reply_to=mail.in_reply_to or (mail.references[-1] if mail.references else ""),
        thread_hints=thread_hints(mail, own_address, content.quoted),
        files=mail.files,
        automatic=report or automatic(mail, own_address),
        details=_details(mail),
    )


def _sender(mail: Mail, own_address: str, judge: Judge) -> tuple[Address, str]:
    """The From address; for a web form writing in our name, whom its Reply-To claims."""
    writer = next((box for box in mail.reply_to if box.address != own_address), None)
    if mail.sender.address == own_address and writer:
        source = "Reply-To of a mail from our own address"
        return _address(writer, Strength.CLAIMED, source), writer.name
    proof = judge(mail)
    return _address(mail.sender, proof.strength, proof.source), mail.sender.name


def _address(box: Mailbox, strength: Strength, source: str) -> Address:
    return Address("email", box.address, strength, source)


def _recipients(mail: Mail, own_address: str) -> tuple[Address, ...]:
    others = dict.fromkeys(box.address for box in (*mail.to, *mail.cc))
    return tuple(
        Address("email", address, Strength.OBSERVED, "To or Cc of the mail")
        for address in others
        if not _is_own(address, own_address) and address != mail.sender.address
    )


def _is_own(address: str, own_address: str) -> bool:
    local, _, domain = address.rpartition("@")
    own_local, _, own_domain = own_address.rpartition("@")
    return domain == own_domain and local.partition("+")[0] == own_local


def _details(mail: Mail) -> dict[str, str]:
    details = {"to": ", ".join(str(box) for box in mail.to)}
    answers = ", ".join(str(box) for box in mail.reply_to if box.address != mail.sender.address)
    if answers:
        details["reply_to"] = answers
    return details
