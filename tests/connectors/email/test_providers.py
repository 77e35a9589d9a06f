"""Mail that SendGrid, Mailgun and Postmark post, by their own published examples."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Account, Request
from connectors.channels.email import providers
from connectors.channels.email.channel import EmailChannel
from desk.envelope import Envelope, Strength
from tests.connectors.email.mails import account

CHANNEL = EmailChannel()
BOUNDARY = "xYzZY"


def _account(incoming: str) -> Account:
    found = account(incoming=incoming, address="test@inbound.example.com")
    return Account(found.inbox_id, found.config, {"inbound_secret": "word"})


def _read(incoming: str, body: bytes, content_type: str) -> Envelope:
    batch = CHANNEL.split(Request(body, {"content-type": content_type}, {}))
    assert not batch.dead_letters
    (event,) = batch.events
    (found,) = CHANNEL.read(_account(incoming), event)
    return found


def _multipart(fields: dict[str, str], *files: tuple[str, str, bytes]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode()
        for n, v in fields.items()
    ]
    for name, filename, content in files:
        head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"'
        parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def _fields(shared: Path, name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((shared / "specs/email-inbound" / name).read_text())
    return found


FORM = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.mark.parametrize("encoding", ["multipart", "urlencoded", "json"])
@pytest.mark.parametrize("provider", ["mailgun", "sendgrid"])
def test_a_mail_taken_apart_comes_out_whole(shared: Path, provider: str, encoding: str) -> None:
    fields = _fields(shared, f"{provider}_inbound_basics.json")
    body, content_type = {
        "multipart": (_multipart(fields), FORM),
        "urlencoded": (urlencode(fields).encode(), "application/x-www-form-urlencoded"),
        "json": (json.dumps(fields).encode(), "application/json"),
    }[encoding]
    found = _read(provider, body, content_type)
    assert found.id == "<CAEPk3R+4Zr@mail.example.org>"
    assert [(a.value, a.strength) for a in found.sender] == [
        ("from+test@example.org", Strength.ASSERTED)
    ]
    assert (found.sender_name, found.subject, found.text) == (
        "Displayed From",
        "Test subject",
        "Test body plain",
    )
    assert "Test body html" in found.html
    assert [a.value for a in found.recipients] == ["other@example.com", "cc@example.com"]


@pytest.mark.parametrize("provider", ["mailgun", "sendgrid"])
def test_a_raw_mail_comes_out_whole(shared: Path, provider: str) -> None:
    fields = _fields(shared, f"{provider}_inbound_mime.json")
    found = _read(provider, _multipart(fields), FORM)
    assert (found.id, found.text) == ("<CAEPk3RKEx@mail.example.org>", "It's a body…")
    proven = Strength.ASSERTED if provider == "sendgrid" else Strength.OBSERVED
    assert found.sender[0].strength is proven


def test_postmarks_mail_comes_out_whole(shared: Path) -> None:
    raw = (shared / "specs/email-inbound/postmark_inbound_basics.json").read_bytes()
    found = _read("postmark", raw, "application/json")
    assert found.id == "<CAEPk3R+4Zr@mail.example.org>"
    assert (found.sender[0].value, found.text) == ("from+test@example.org", "Test body plain")
    assert found.sender[0].strength is Strength.OBSERVED
    assert found.details["reply_to"] == "from+test@milter.example.org"
    raw = (shared / "specs/email-inbound/postmark_inbound_with_raw_email.json").read_bytes()
    found = _read("postmark", raw, "application/json")
    assert [(f.name, f.content) for f in found.files] == [
        ("attachment.txt", b"This is an attachment")
    ]


@pytest.mark.parametrize("name", ["-with-raw", ""])
def test_postmarks_own_test_post_is_a_mail(shared: Path, name: str) -> None:
    path = shared / f"specs/email-inbound/postmark-inbound-test-payload{name}.json"
    found = _read("postmark", path.read_bytes(), "application/json")
    assert (found.sender[0].value, found.subject) == ("support@postmarkapp.com", "Test subject")
    assert found.text == "This is a test text body."
    if not name:
        (file,) = found.files
        assert (file.name, file.content) == (
            "test.txt",
            b"This is attachment contents, base-64 encoded.",
        )
        assert found.id == "<00000000-0000-0000-0000-000000000000@inbound.postmarkapp.com>"


@pytest.mark.parametrize("content_type", ["", FORM])
@pytest.mark.parametrize("name", ["default_data", "raw_data", "raw_data_with_attachments"])
def test_sendgrids_recorded_bodies_are_mails(shared: Path, name: str, content_type: str) -> None:
    body = (shared / f"specs/sendgrid/inbound_{name}.txt").read_bytes()
    found = _read("sendgrid", body, content_type)
    assert found.sender[0].value == "test@example.com"
    assert "Hello Twilio SendGrid!" in found.text
    assert bool(found.files) == name.endswith("attachments")
    assert found.sender[0].strength is Strength.OBSERVED, "the signer is another domain"


def test_attachments_and_odd_charsets_survive() -> None:
    fields = {
        "headers": "From: Ana <a@client.example>\nMessage-ID: <1@x.example>\n",
        "charsets": '{"text": "iso-8859-1"}',
        "html": '<p><img src="cid:pic@x"></p>',
        "content-ids": '{"pic@x": "attachment1"}',
        "TEXT": "",
    }
    body = _multipart(fields, ("attachment1", "Köln.png", b"\x89PNG\r\n\x00--xYz\r\n"))
    body = body.replace(b'name="TEXT"\r\n\r\n', b'name="text"\r\n\r\nGr\xfc\xdfe')
    found = _read("sendgrid", body, FORM)
    assert found.text == "Grüße"
    (file,) = found.files
    assert (file.name, file.content) == ("Köln.png", b"\x89PNG\r\n\x00--xYz\r\n")
    assert file.inline_id == "pic@x"


def test_a_mail_without_an_id_that_is_posted_again_is_the_same_mail() -> None:
    fields = {"headers": "From: a@client.example\n", "text": "hi", "html": "<p>hi</p>"}
    first, again = (
        CHANNEL.split(Request(_multipart(fields), {"content-type": FORM}, {})) for _ in range(2)
    )
    assert first.events[0].id == again.events[0].id


def test_a_route_that_keeps_attachments_says_which_are_missing(shared: Path) -> None:
    fields = _fields(shared, "mailgun_misconfigured_store_action.json")
    found = _read("mailgun", _multipart(fields), FORM)
    assert found.text == "Test body plain"
    assert "attachment.pdf" in found.details["missing"]


@pytest.mark.parametrize("name", ["tracking", "tracking_legacy"])
def test_events_posted_to_the_wrong_address_say_so(shared: Path, name: str) -> None:
    body = (shared / f"specs/email-inbound/mailgun_misconfigured_{name}.json").read_bytes()
    batch = CHANNEL.split(Request(body, {"content-type": "application/json"}, {}))
    assert not batch.events
    assert "only incoming mail" in batch.dead_letters[0].reason


@pytest.mark.parametrize("incoming", ["postmark", "mailgun", "http", "mailbox"])
def test_a_verdict_counts_only_in_its_own_providers_inbox(shared: Path, incoming: str) -> None:
    body = _multipart(_fields(shared, "sendgrid_inbound_basics.json"))
    assert _read(incoming, body, FORM).sender[0].strength is Strength.OBSERVED


def test_what_the_sender_wrote_into_the_mail_proves_nothing() -> None:
    forged = (
        "Received: from evil by mxa.mailgun.org\nX-Mailgun-Dkim-Check-Result: Pass\n"
        "Dkim-Signature: v=1; d=client.example; b=x\n"
        "Authentication-Results: mx.shop.example; dkim=pass header.d=client.example\n"
        "From: ana@client.example\nMessage-ID: <2@evil.example>\n\nhi\n"
    )
    fields = {"recipient": "test@inbound.example.com", "body-mime": forged, "token": "t"}
    assert _read("mailgun", _multipart(fields), FORM).sender[0].strength is Strength.OBSERVED
    twice = [{"Name": "X-Spam-Tests", "Value": "DKIM_VALID_AU"}] * 2
    post = {"MessageID": "1", "FromFull": {"Email": "ana@client.example"}, "TextBody": "hi"}
    for headers, proven in ((twice, Strength.OBSERVED), (twice[:1], Strength.ASSERTED)):
        body = json.dumps({**post, "Headers": headers}).encode()
        assert _read("postmark", body, "application/json").sender[0].strength is proven


def _mailgun_post(token: str, key: str = "word", at: int | None = None) -> Request:
    stamp = str(at or int(time.time()))
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    fields = {
        "timestamp": stamp,
        "token": token,
        "signature": signature,
        "recipient": "test@inbound.example.com",
        "sender": "a@b.example",
        "body-plain": token,
    }
    return Request(_multipart(fields), {"content-type": FORM}, {})


def test_mailguns_signature_must_fit_and_be_of_today() -> None:
    ours = _account("mailgun")
    assert CHANNEL.is_authentic(ours, _mailgun_post("t1"))
    assert not CHANNEL.is_authentic(ours, _mailgun_post("t1", key="other"))
    assert not CHANNEL.is_authentic(ours, _mailgun_post("t1", at=int(time.time()) - 90_000))
    assert not CHANNEL.is_authentic(ours, _mailgun_post(""))
    assert not CHANNEL.is_authentic(ours, Request(b"x", {}, {"secret": "word"}))


def test_a_token_used_again_is_the_same_event_whatever_stands_beside_it() -> None:
    first = _mailgun_post("t1")
    changed = first.body.replace(b"\r\n\r\nt1\r\n--xYzZY--", b"\r\n\r\nother words\r\n--xYzZY--")
    assert changed != first.body
    replayed = CHANNEL.split(Request(changed, first.headers, {}))
    assert replayed.events[0].id == CHANNEL.split(first).events[0].id


def test_mailguns_published_signature_is_right(shared: Path) -> None:
    vectors = json.loads((shared / "specs/signature-vectors/vectors.json").read_text())
    (vector,) = (v for v in vectors if v["channel"] == "mailgun")
    key, stamp, token, value = (vector[n] for n in ("secret", "timestamp", "token", "value"))
    assert providers.is_signed(key, stamp, token, value)
    assert not providers.is_signed(key, stamp, token[:-1] + "1", value)
    assert not providers.is_signed(key, stamp, token, value[:-1] + "1")


@pytest.mark.parametrize("incoming", ["sendgrid", "postmark"])
def test_the_others_must_know_the_word_in_the_address(incoming: str) -> None:
    def accepts(headers: dict[str, str], query: dict[str, str]) -> bool:
        return CHANNEL.is_authentic(_account(incoming), Request(b"{}", headers, query))

    def basic(password: str) -> dict[str, str]:
        return {"authorization": "Basic " + base64.b64encode(f"m:{password}".encode()).decode()}

    assert accepts(basic("word"), {})
    assert accepts({}, {"secret": "word"})
    assert not accepts(basic("other"), {})
    assert not accepts({"authorization": "Basic é"}, {"secret": ""})
    bare = Account("i", {"incoming": incoming}, {})
    assert not CHANNEL.is_authentic(bare, Request(b"{}", basic(""), {"secret": ""}))


@given(st.binary(max_size=400), st.sampled_from(["", FORM, "application/json", "text/x; a"]))
def test_no_body_is_lost_or_breaks_the_splitter(body: bytes, content_type: str) -> None:
    batch = CHANNEL.split(Request(body, {"content-type": content_type}, {}))
    assert len(batch.events) + len(batch.dead_letters) == 1


_JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
_NAMES = st.sampled_from(
    ("MessageID", "RawEmail", "FromFull", "Headers", "Attachments", "ToFull", "body-mime", "email",
     "headers", "text", "message-headers", "recipient", "body-plain", "attachments", "charsets")
)  # fmt: skip


@given(st.dictionaries(_NAMES, _JSON))
def test_fields_of_any_shape_are_a_mail_or_a_dead_letter(fields: dict[str, object]) -> None:
    batch = CHANNEL.split(Request(json.dumps(fields).encode(), {}, {}))
    assert len(batch.events) + len(batch.dead_letters) == 1
