"""What must hold for any bytes and any text at all."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes, policy

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.channels.email.channel import EmailChannel
from connectors.channels.email.imap import as_event
from connectors.channels.email.inspect import inspect_email
from connectors.channels.email.render import render
from connectors.channels.email.reply import split_reply
from desk.envelope import Address, Envelope, File, Outgoing, Source
from tests.connectors.email.mails import CONFIG, account, read

FRAGMENTS = [
    b"From: ", b"To: a@b.example", b"Subject: =?utf-8?B?", b"Subject: =?x?Q?=?=", b"?=", b"\r\n",
    b"\r\n\r\n", b"\n", b" ", b"Content-Type: multipart/mixed; boundary=b", b"--b", b"--b--",
    b"Content-Type: text/html; charset=", b"utf-16", b"utf-7", b"Content-Type: message/rfc822",
    b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: x-uuencode",
    b"Content-Disposition: attachment; filename*0*=x''%", b"<p>", b"<blockquote type=cite>",
    b"Content-Type: message/delivery-status", b"Message-ID: <", b"@x>", b"Date: Mon, 99", b"> ",
    b"On 1 Jan 2026 at 10:00, a <a@b.example> wrote:", b"-- ", b"Received: ;", b"\x00", b"\xff\xfe",
    b"Authentication-Results: mx.shop.example; dmarc=pass (((", b"References: <a@b> <", b"\xe4",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b", b"Status: 5.1.1",
]  # fmt: skip

mail_like = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=12), max_size=40).map(b"".join)
any_text = st.text(max_size=200)
words = st.text(st.characters(categories=("Ll", "Lu")), min_size=1, max_size=12)
sentences = st.lists(words, min_size=1, max_size=12).map(lambda found: " ".join(found) + ".")
paragraphs = st.lists(sentences, min_size=1, max_size=5).map("\n\n".join)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400) | mail_like)
def test_any_bytes_are_read_or_refused_and_never_break(raw: bytes) -> None:
    event = as_event(raw)
    assert event.id
    event.body.encode("latin-1")
    with suppress(ValueError):
        (envelope,) = EmailChannel().read(account(), event)
        _is_storable(envelope)
    inspect_email(raw, trusted="mx.shop.example")


def _is_storable(envelope: Envelope) -> None:
    """No lone surrogates and no NUL, which databases refuse."""
    hints = [text for hint in envelope.thread_hints for text in (hint.key, hint.reason)]
    names = [text for file in envelope.files for text in (file.name, file.type, file.inline_id)]
    addresses = [address.value for address in (*envelope.sender, *envelope.recipients)]
    for text in (
        envelope.id, envelope.text, envelope.html, envelope.quoted, envelope.subject,
        envelope.sender_name, envelope.error, envelope.subject_id, envelope.reply_to,
        *hints, *names, *addresses, *envelope.details.values(),
    ):  # fmt: skip
        assert "\0" not in text
        text.encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(any_text)
def test_cutting_a_reply_loses_no_word(text: str) -> None:
    split = split_reply(text)
    kept = re.findall(r"\w+", split.reply) + re.findall(r"\w+", split.quoted)
    plain = re.sub(r"[\u200b-\u200f\u202a-\u202e\ufeff\ue000]", "", text)
    assert sorted(kept) == sorted(re.findall(r"\w+", plain))


@settings(max_examples=100, deadline=None)
@given(paragraphs, st.booleans())
def test_what_is_rendered_is_read_back(text: str, html_only: bool) -> None:
    mail = render(_outgoing(text=text), CONFIG, datetime.now(UTC))
    plain = mail.get_body(("plain",))
    assert plain is not None
    if html_only:
        plain.set_content("")
    raw = mail.as_bytes().replace(b"onethread.", b"other.")
    assert read(raw).text.split() == text.split()


@settings(max_examples=200, deadline=None)
@given(any_text, any_text, any_text, any_text, any_text)
def test_no_text_can_add_a_header(
    subject: str, name: str, file_name: str, reference: str, display_name: str
) -> None:
    message = _outgoing(
        subject=subject,
        greeting_name=name,
        references=(reference, f"<{reference}>"),
        reply_to=f"<{reference}@x>",
        files=(File("document", file_name, name, b"x"),),
        sources=(Source(name, reference),),
    )
    config = {**CONFIG, "display_name": display_name, "signature": subject}
    raw = render(message, config, datetime.now(UTC)).as_bytes()
    parsed = message_from_bytes(raw, policy=policy.default)
    assert {key.lower() for key in parsed} <= {
        "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references",
        "auto-submitted", "x-auto-response-suppress", "mime-version", "content-type",
    }  # fmt: skip
    assert [one.addr_spec for one in parsed["To"].addresses] == ["ana@client.example"]
    assert [one.addr_spec for one in parsed["From"].addresses] == ["support@shop.example"]
    assert b"\0" not in raw


def _outgoing(**changes: object) -> Outgoing:
    message = Outgoing(id="m-42", to=Address("email", "ana@client.example"), text="Hello.")
    return Outgoing(**{**message.__dict__, **changes})
