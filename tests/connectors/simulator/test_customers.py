"""The simulated customers write what real providers would deliver."""

import hashlib
import hmac
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import authres
import dkim
import pytest

from connectors.base import Account, Request
from connectors.channels.whatsapp.channel import WhatsAppChannel
from connectors.registry import channel
from connectors.simulator.mail_customer import Attachment, MailCustomer, signed_headers
from connectors.simulator.whatsapp_customer import SignedPost, WhatsAppCustomer
from desk.envelope import Envelope, Kind, Strength

CHANNEL = WhatsAppChannel()
ACCOUNT = Account("inbox", {}, {"app_secret": "s3cret"})
ANNA = WhatsAppCustomer("+49 151 12345678", "900100", "s3cret", name="Anna Berg")


def received(post: SignedPost) -> Envelope:
    request = Request(post.body, post.headers, {})
    assert CHANNEL.is_authentic(ACCOUNT, request)
    batch = CHANNEL.split(request)
    assert not batch.dead_letters
    ((only,),) = [CHANNEL.read(ACCOUNT, one) for one in batch.events]
    return only


def test_a_text_arrives_signed_from_a_person_with_both_ids() -> None:
    found = received(ANNA.text("Where is my lamp?", reply_to="wamid.Q", at=1763820000))
    assert (found.kind, found.text, found.reply_to) == (
        Kind.MESSAGE,
        "Where is my lamp?",
        "wamid.Q",
    )
    assert [one.kind for one in found.sender] == ["whatsapp", "phone"]
    assert found.sender[0].value.startswith("DE.")
    assert found.sender[1].value == "+4915112345678"
    assert found.sender_name == "Anna Berg"
    assert found.at == datetime(2025, 11, 22, 14, 0, tzinfo=UTC)


def test_the_same_phone_is_the_same_person_every_time() -> None:
    again = WhatsAppCustomer("4915112345678", "900100", "s3cret")
    assert received(again.text("a")).sender == received(ANNA.text("b")).sender
    assert received(again.text("a")).id != received(again.text("a")).id


def test_a_person_can_hide_the_phone() -> None:
    shy = WhatsAppCustomer("+4915112345678", "900100", "s3cret", hides_phone=True)
    assert [one.kind for one in received(shy.text("hi")).sender] == ["whatsapp"]
    assert b"4915112345678" not in shy.text("hi").body


def test_pictures_voice_notes_buttons_and_reactions_arrive_too() -> None:
    assert received(ANNA.media("image", "5", "image/png", "look")).files[0].kind == "image"
    assert received(ANNA.media("voice", "5", "audio/ogg")).files[0].kind == "voice"
    assert received(ANNA.press("Yes", "yes-1")).choice == "yes-1"
    assert received(ANNA.react("wamid.Q", "👍")).kind is Kind.REACTION


def test_a_customer_with_the_wrong_secret_is_refused() -> None:
    post = WhatsAppCustomer("+4915112345678", "900100", "guess").text("hi")
    assert not CHANNEL.is_authentic(ACCOUNT, Request(post.body, post.headers, {}))


@pytest.fixture
def ben(tmp_path: Path) -> MailCustomer:
    return MailCustomer(tmp_path, "ben@customer.example", "Bén Müller")


def test_a_mail_carries_a_signature_that_holds(ben: MailCustomer) -> None:
    raw = ben.write(
        "help@shop.example",
        "Rückgabe",
        "Hällo",
        html="<p>Hällo</p>",
        attachments=(Attachment("a.pdf", "application/pdf", b"%PDF"),),
    )
    assert dkim.verify(raw, dnsfunc=ben._dns)
    assert not dkim.verify(raw.replace(b"Subject:", b"Subject: no"), dnsfunc=ben._dns)
    mail = message_from_bytes(raw, policy=policy.default)
    assert (mail["Subject"], mail["From"].addresses[0].display_name) == ("Rückgabe", "Bén Müller")
    assert [one.get_filename() for one in mail.iter_attachments()] == ["a.pdf"]


def verdicts(raw: bytes) -> dict[str, str]:
    header = message_from_bytes(raw, policy=policy.default)["Authentication-Results"]
    found = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {header}")
    assert found.authserv_id == "mx.onethread.invalid"
    return {one.method: one.result for one in found.results}


def test_our_receiving_server_vouches_for_it(ben: MailCustomer) -> None:
    raw = ben.write("help@shop.example", "Hi", "Hello")
    assert raw.startswith(b"Authentication-Results:")
    assert verdicts(raw) == {"dkim": "pass", "spf": "pass", "dmarc": "pass"}


def test_a_forged_mail_is_signed_by_somebody_else_and_fails_dmarc(tmp_path: Path) -> None:
    forger = MailCustomer(tmp_path, "ben@customer.example", forged=True)
    found = verdicts(forger.write("help@shop.example", "Hi", "Send me Ben's orders"))
    assert (found["dkim"], found["dmarc"]) == ("pass", "fail")


def test_a_reply_names_the_mails_before_it(ben: MailCustomer) -> None:
    raw = ben.write("h@shop.example", "Re: Hi", "yes", reply_to="<2@x>", references=("<1@x>",))
    mail = message_from_bytes(raw, policy=policy.default)
    assert (mail["In-Reply-To"], mail["References"]) == ("<2@x>", "<1@x> <2@x>")


def test_the_signing_key_is_made_once(tmp_path: Path, ben: MailCustomer) -> None:
    ben.write("h@shop.example", "Hi", "a")
    key = (tmp_path / "mail_customer.key").read_bytes()
    ben.write("h@shop.example", "Hi", "b")
    assert (tmp_path / "mail_customer.key").read_bytes() == key


def test_the_post_to_an_inbox_is_signed_over_time_and_body() -> None:
    header = signed_headers(b"raw mail", "inbound", at=1763820000)["x-onethread-signature"]
    expected = hmac.new(b"inbound", b"1763820000.raw mail", hashlib.sha256).hexdigest()
    assert header == f"t=1763820000,v1={expected}"


def test_our_mail_channel_trusts_the_true_sender_and_not_the_forger(tmp_path: Path) -> None:
    inbox = Account(
        "inbox", {"trusted_authserv": "mx.onethread.invalid"}, {"inbound_secret": "inbound"}
    )
    strengths = []
    for forged in (False, True):
        customer = MailCustomer(tmp_path, "ben@customer.example", forged=forged)
        raw = customer.write("help@shop.example", "Hi", "Where is my lamp?")
        request = Request(raw, signed_headers(raw, "inbound"), {})
        assert channel("email").is_authentic(inbox, request)
        (event,) = channel("email").split(request).events
        (found,) = channel("email").read(inbox, event)
        strengths.append([one.strength for one in found.sender if one.kind == "email"])
    assert strengths == [[Strength.ASSERTED], [Strength.OBSERVED]]
