"""What Twilio tells us about texts, and what it means."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Account, Request
from connectors.channels.sms.channel import SmsChannel
from connectors.simulator.server import Post
from connectors.simulator.sms_customer import SmsCustomer
from core.settings import Settings
from desk.envelope import DeliveryState, Envelope, Kind, Strength

CHANNEL = SmsChannel()
URL = "https://help.shop.example/webhooks/inbox"
ACCOUNT = Account("inbox", {"public_url": "https://help.shop.example"}, {"auth_token": "t"})
ANNA = SmsCustomer("+4915112345678", "+15550006789", URL, "AC" + "5" * 32, "t")


def _request(post: Post, query: dict[str, str] | None = None) -> Request:
    return Request(post.body, post.headers, query or {}, "http://127.0.0.1:8700/webhooks/inbox")


def _envelopes(request: Request) -> list[Envelope]:
    batch = CHANNEL.split(request)
    assert not batch.dead_letters
    return [one for event in batch.events for one in CHANNEL.read(ACCOUNT, event)]


def _status(state: str, query: dict[str, str] | None = None, **fields: str) -> list[Envelope]:
    known = {"MessageSid": "SM1", "MessageStatus": state, "To": "+4915112345678"}
    body = urlencode(known | fields).encode()
    return _envelopes(Request(body, {"content-type": FORM}, query or {}))


FORM = "application/x-www-form-urlencoded"


def test_a_text_is_a_message_of_a_phone_the_network_asserts(small_installation: Settings) -> None:
    post = ANNA.text("Where is my order? 📦", sid="SM1", FromCity="BERLIN")
    assert CHANNEL.is_authentic(ACCOUNT, _request(post))
    (found,) = _envelopes(_request(post))
    assert (found.id, found.kind, found.text) == ("SM1", Kind.MESSAGE, "Where is my order? 📦")
    (sender,) = found.sender
    assert (sender.kind, sender.value, sender.strength) == (
        "phone",
        "+4915112345678",
        Strength.ASSERTED,
    )
    assert found.details["city"] == "BERLIN"
    assert not found.automatic


def test_a_tampered_text_is_refused(small_installation: Settings) -> None:
    post = ANNA.text("Where is my order?")
    changed = Post(post.body.replace(b"order", b"money"), post.headers)
    assert not CHANNEL.is_authentic(ACCOUNT, _request(changed))


def test_the_same_text_twice_is_one_event_and_each_status_is_another() -> None:
    post = ANNA.text("hi", sid="SM1")
    first, second = (CHANNEL.split(_request(post)).events[0].id for _ in range(2))
    assert first == second == "SM1"
    body = urlencode({"MessageSid": "SM1", "MessageStatus": "delivered"}).encode()
    (event,) = CHANNEL.split(Request(body, {"content-type": FORM}, {})).events
    assert event.id == "SM1:delivered"


def test_pictures_come_as_references_with_their_types() -> None:
    media = [("https://api.twilio.com/a", "image/jpeg"), ("https://api.twilio.com/b", "text/vcard")]
    (found,) = _envelopes(_request(ANNA.picture("look", media)))
    assert [(file.kind, file.reference) for file in found.files] == [
        ("image", "https://api.twilio.com/a"),
        ("contact", "https://api.twilio.com/b"),
    ]


@pytest.mark.parametrize("word", ["STOP", "stop", " Unsubscribe. ", "STOPALL", "Arret"])
def test_stop_is_a_wish_and_a_message_nobody_answers(word: str) -> None:
    message, consent = _envelopes(_request(ANNA.text(word)))
    assert (message.kind, message.automatic) == (Kind.MESSAGE, "opt-out")
    assert (consent.kind, consent.details["value"]) == (Kind.CONSENT, "stop")
    assert consent.sender == message.sender
    assert consent.id != message.id


def test_start_takes_the_wish_back() -> None:
    _, consent = _envelopes(_request(ANNA.text("start")))
    assert consent.details["value"] == "resume"


@pytest.mark.parametrize(
    "text", ["Please stop the delivery", "yes", "Help", "How do I end my contract?", "cancel it"]
)
def test_ordinary_sentences_are_no_wish(text: str) -> None:
    (found,) = _envelopes(_request(ANNA.text(text)))
    assert (found.kind, found.automatic) == (Kind.MESSAGE, "")


def test_twilios_own_word_counts_more_than_ours() -> None:
    message, consent = _envelopes(_request(ANNA.text("Abmelden", OptOutType="STOP")))
    assert (message.automatic, consent.details["value"]) == ("opt-out", "stop")
    (asked,) = _envelopes(_request(ANNA.text("HELP", OptOutType="HELP")))
    assert not asked.automatic


def test_a_short_code_is_nobodys_phone_and_gets_no_answer() -> None:
    for sender in ("MYBANK", "72727"):
        (found,) = _envelopes(_request(SmsCustomer(sender, "+1", URL, "AC", "t").text("Code 1")))
        assert (found.sender[0].kind, found.automatic) == ("sms", "sent by a service")


def test_whatsapp_over_twilio_is_the_same_phone() -> None:
    person = SmsCustomer("whatsapp:+4915112345678", "whatsapp:+15550006789", URL, "AC", "t")
    (found,) = _envelopes(_request(person.text("hi", ProfileName="Anna", ButtonPayload="yes-1")))
    assert (found.sender[0].kind, found.sender[0].value) == ("phone", "+4915112345678")
    assert (found.sender_name, found.choice) == ("Anna", "yes-1")


@pytest.mark.parametrize(
    ("state", "means"),
    [
        ("queued", DeliveryState.SENT),
        ("sending", DeliveryState.SENT),
        ("sent", DeliveryState.SENT),
        ("delivered", DeliveryState.DELIVERED),
        ("read", DeliveryState.READ),
        ("undelivered", DeliveryState.FAILED),
        ("failed", DeliveryState.FAILED),
        ("canceled", DeliveryState.FAILED),
    ],
)
def test_a_status_finds_its_message_by_our_own_id(state: str, means: DeliveryState) -> None:
    (found,) = _status(state, {"message": "our-1"})
    assert (found.kind, found.state) == (Kind.STATUS, means)
    assert (found.subject_id, found.correlation) == ("SM1", "our-1")
    assert bool(found.error) == (means is DeliveryState.FAILED)


def test_an_undelivered_text_says_why_in_plain_words() -> None:
    (found,) = _status("undelivered", ErrorCode="30003")
    assert found.error_code == "30003"
    assert "out of reach" in found.error


def test_a_status_about_an_opt_out_is_also_the_wish() -> None:
    status, consent = _status("failed", ErrorCode="21610")
    assert (status.state, consent.kind) == (DeliveryState.FAILED, Kind.CONSENT)
    assert consent.sender[0].value == "+4915112345678"


def test_of_a_text_in_parts_only_the_last_tells_success() -> None:
    (early,) = _status("delivered", {"message": "our-1", "part": "1/2"})
    assert early.kind is Kind.UNKNOWN
    (broken,) = _status("undelivered", {"message": "our-1", "part": "1/2"}, ErrorCode="30003")
    assert (broken.kind, broken.state) == (Kind.STATUS, DeliveryState.FAILED)


def test_a_state_we_do_not_know_is_kept_as_unknown() -> None:
    (found,) = _status("teleported")
    assert (found.kind, found.details["status"]) == (Kind.UNKNOWN, "teleported")


@pytest.mark.parametrize("body", [b"", b"A=1", b"\xff\xfe", b"MessageSid="])
def test_what_names_no_message_is_one_dead_letter(body: bytes) -> None:
    batch = CHANNEL.split(Request(body, {"content-type": FORM}, {}))
    assert (len(batch.events), len(batch.dead_letters)) == (0, 1)


FIELDS = st.dictionaries(
    st.sampled_from(
        ["MessageSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MessageStatus", "ErrorCode"]
    )
    | st.text(max_size=8),
    st.text(max_size=40),
)


@given(FIELDS, st.dictionaries(st.sampled_from(["message", "part"]), st.text(max_size=9)))
def test_any_form_is_one_event_or_one_dead_letter(fields: Any, query: dict[str, str]) -> None:
    body = urlencode(fields, errors="replace").encode()
    batch = CHANNEL.split(Request(body, {"content-type": FORM}, query))
    assert len(batch.events) + len(batch.dead_letters) == 1
    for event in batch.events:
        with suppress(ValueError):
            assert CHANNEL.read(ACCOUNT, event)
