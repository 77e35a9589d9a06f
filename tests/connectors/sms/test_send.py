"""Sending through the fake Twilio: what is taken, refused, and what nobody can know."""

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from connectors.base import Account, Request
from connectors.channels.sms.channel import SmsChannel
from connectors.simulator.faults import Fault
from connectors.simulator.twilio import FakeTwilio, Text
from connectors.simulator.twilio_rules import KNOWN
from core.settings import Settings
from desk.envelope import Address, Concerns, DeliveryState, File, Outgoing

CHANNEL = SmsChannel()
HELLO = Outgoing("our-1", Address("phone", "+4915112345678"), "Hello **Anna**")
PUBLIC = "https://help.shop.example"


@pytest.fixture
def twilio(small_installation: Settings) -> Iterator[FakeTwilio]:
    with FakeTwilio(statuses=()) as running:
        yield running


@pytest.fixture
def account(twilio: FakeTwilio) -> Account:
    config = {
        "account_sid": twilio.account_sid,
        "number": twilio.number,
        "api_base": twilio.base_url,
        "public_url": PUBLIC,
    }
    return Account("inbox", config, {"auth_token": twilio.auth_token})


def _with(account: Account, **config: str) -> Account:
    return replace(account, config={**account.config, **config})


def test_a_text_goes_out_plain_and_asks_for_its_status(
    twilio: FakeTwilio, account: Account
) -> None:
    receipt = CHANNEL.send(account, HELLO)
    (sent,) = twilio.sent
    assert (receipt.state, receipt.provider_id) == (DeliveryState.SENT, sent.sid)
    assert dict(sent.form) == {
        "To": "+4915112345678",
        "From": twilio.number,
        "Body": "Hello Anna",
        "StatusCallback": f"{PUBLIC}/webhooks/inbox?message=our-1",
    }


def test_a_messaging_service_chooses_the_number(twilio: FakeTwilio, account: Account) -> None:
    service = "MG" + "a" * 32
    assert CHANNEL.send(_with(account, messaging_service_sid=service), HELLO).provider_id
    (sent,) = twilio.sent
    assert (sent.value("MessagingServiceSid"), sent.value("From")) == (service, "")


def test_a_whatsapp_number_writes_to_whatsapp(twilio: FakeTwilio, account: Account) -> None:
    ours = f"whatsapp:{twilio.number}"
    assert CHANNEL.send(_with(account, number=ours), HELLO).state is DeliveryState.SENT
    assert twilio.sent[0].value("To") == "whatsapp:+4915112345678"


def test_files_go_by_their_public_address_or_not_at_all(
    twilio: FakeTwilio, account: Account
) -> None:
    online = File("image", "a.png", "image/png", reference="https://shop.example/a.png")
    assert CHANNEL.send(account, replace(HELLO, files=(online,))).state is DeliveryState.SENT
    assert twilio.sent[0].values("MediaUrl") == ["https://shop.example/a.png"]
    ours = File("image", "plan.png", "image/png", content=b"x")
    receipt = CHANNEL.send(account, replace(HELLO, files=(online, ours)))
    assert (receipt.state, receipt.retry_after) == (DeliveryState.FAILED, None)
    assert "plan.png" in receipt.error
    assert len(twilio.sent) == 1


def test_a_long_text_goes_in_parts_and_only_the_last_speaks_for_it(
    twilio: FakeTwilio, account: Account
) -> None:
    receipt = CHANNEL.send(account, replace(HELLO, text="A sentence of the story. " * 100))
    assert [one.value("Body")[:6] for one in twilio.sent] == ["(1/2) ", "(2/2) "]
    assert receipt.provider_id == twilio.sent[-1].sid
    assert [one.value("StatusCallback").split("?")[1] for one in twilio.sent] == [
        "message=our-1&part=1%2F2",
        "message=our-1",
    ]


def test_when_the_second_part_fails_the_whole_is_unknown(
    twilio: FakeTwilio, account: Account
) -> None:
    twilio.faults.extend([Fault(status=200, taken=True), Fault(status=429, code=20429)])
    receipt = CHANNEL.send(account, replace(HELLO, text="A sentence of the story. " * 100))
    assert (receipt.state, receipt.retry_after) == (DeliveryState.UNKNOWN, None)
    assert "Of 2 parts, 1 went out" in receipt.error


@pytest.mark.parametrize("to", [Address("email", "a@x.example"), Address("sms", "MYBANK")])
def test_what_is_no_phone_is_refused_before_anything_is_sent(
    twilio: FakeTwilio, account: Account, to: Address
) -> None:
    receipt = CHANNEL.send(account, replace(HELLO, to=to))
    assert (receipt.state, receipt.retry_after) == (DeliveryState.FAILED, None)
    assert not twilio.sent


@pytest.mark.parametrize(
    ("code", "concerns"),
    [
        (21610, Concerns.RECIPIENT),
        (21211, Concerns.RECIPIENT),
        (21614, Concerns.RECIPIENT),
        (30007, Concerns.MESSAGE),
        (21606, Concerns.INBOX),
        (99999, Concerns.MESSAGE),
    ],
)
def test_a_refusal_for_good_says_whom_it_is_about(
    twilio: FakeTwilio, account: Account, code: int, concerns: Concerns
) -> None:
    twilio.faults.append(Fault(status=400, code=code))
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.error_code) == (DeliveryState.FAILED, str(code))
    assert (receipt.retry_after, receipt.concerns) == (None, concerns)
    assert receipt.error


def test_whoever_opted_out_is_not_written_to(twilio: FakeTwilio, account: Account) -> None:
    twilio.opted_out.add(HELLO.to.value)
    receipt = CHANNEL.send(account, HELLO)
    assert receipt.error_code == "21610"
    assert "START" in receipt.error


def test_a_wrong_token_breaks_the_inbox(account: Account) -> None:
    receipt = CHANNEL.send(replace(account, secrets={"auth_token": "wrong"}), HELLO)
    assert (receipt.error_code, receipt.concerns) == ("20003", Concerns.INBOX)


def test_too_many_requests_may_be_tried_again(twilio: FakeTwilio, account: Account) -> None:
    twilio.faults.extend([Fault(status=429, code=20429), Fault(429, 0, retry_after="77")])
    assert CHANNEL.send(account, HELLO).retry_after == 5
    assert CHANNEL.send(account, HELLO).retry_after == 77
    assert not twilio.sent


@pytest.mark.parametrize(
    "fault", [Fault(500, 20500), Fault(503, 0), Fault(drop=True), Fault(drop=True, taken=True)]
)
def test_what_nobody_can_know_is_unknown(
    twilio: FakeTwilio, account: Account, fault: Fault
) -> None:
    twilio.faults.append(fault)
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.UNKNOWN, None)
    assert len(twilio.sent) == int(fault.taken)


def test_when_nothing_listens_nothing_was_sent(account: Account) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
        receipt = CHANNEL.send(_with(account, api_base=nowhere), HELLO)
    assert receipt.state is DeliveryState.FAILED
    assert receipt.retry_after is not None


@pytest.mark.parametrize("base", ["ftp://x", "no address"])
def test_a_garbled_address_is_an_error_and_no_exception(account: Account, base: str) -> None:
    receipt = CHANNEL.send(_with(account, api_base=base), HELLO)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.FAILED, None)


def test_an_mms_picture_is_fetched_with_the_password_and_only_from_twilio(
    twilio: FakeTwilio, account: Account
) -> None:
    address = twilio.upload(b"picture", "image/png")
    assert CHANNEL.fetch(account, File("image", reference=address)) == b"picture"
    for wrong in ("https://evil.example/x", "http://127.0.0.1:1/x", "", address + "gone"):
        with pytest.raises(OSError, match=r"\."):
            CHANNEL.fetch(account, File("image", reference=wrong))
    with pytest.raises(OSError, match="401"):
        CHANNEL.fetch(replace(account, secrets={}), File("image", reference=address))


def test_the_self_test_names_what_is_missing(twilio: FakeTwilio, account: Account) -> None:
    broken = {check.name: check for check in CHANNEL.check(account)}
    assert broken["Account"].ok
    assert broken["Number"].ok
    assert not broken["Webhook"].ok
    assert f"{PUBLIC}/webhooks/inbox" in broken["Webhook"].message
    twilio.sms_url = f"{PUBLIC}/webhooks/inbox#rc=2"
    whole = CHANNEL.check(_with(account, test_phone="+4915100000001"))
    assert all(check.ok for check in whole), whole
    assert twilio.sent[0].value("To") == "+4915100000001"


def test_the_self_test_of_wrong_settings_is_words(account: Account) -> None:
    (wrong, _) = CHANNEL.check(replace(account, secrets={"auth_token": "no"}))
    assert not wrong.ok
    assert "auth token" in wrong.message
    foreign = {one.name: one for one in CHANNEL.check(_with(account, number="+15559999999"))}
    assert "not a number of this account" in foreign["Number"].message


@pytest.fixture(scope="module")
def vendor(shared: Path) -> dict[str, Any]:
    return dict(json.loads((shared / "specs/twilio-oai/twilio_api_v2010.json").read_text()))


def _validator(vendor: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    whole = json.loads(json.dumps(schema | {"components": vendor["components"]}))
    return Draft202012Validator(_nullable(whole))


def _nullable(schema: Any) -> Any:
    """OpenAPI 3.0's way of saying that null is allowed, as JSON Schema says it."""
    if isinstance(schema, list):
        return [_nullable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _nullable(value) for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    return plain


def test_what_we_send_and_what_the_simulator_answers_fit_twilios_description(
    twilio: FakeTwilio, account: Account, vendor: dict[str, Any]
) -> None:
    place = vendor["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]
    asked = place["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert set(asked["properties"]) >= KNOWN
    online = File("image", "a.png", "image/png", reference="https://shop.example/a.png")
    service = _with(account, messaging_service_sid="MG" + "b" * 32)
    for chosen, message in ((account, HELLO), (service, replace(HELLO, files=(online,)))):
        assert CHANNEL.send(chosen, message).state is DeliveryState.SENT
    for text in twilio.sent:
        _validator(vendor, asked).validate(_as_object(text))
        answer = vendor["components"]["schemas"]["api.v2010.account.message"]
        shown = twilio.resource(text)
        _validator(vendor, answer).validate(shown)
        assert set(shown) == set(answer["properties"])


def _as_object(text: Text) -> dict[str, Any]:
    media = text.values("MediaUrl")
    return dict(text.form) | ({"MediaUrl": media} if media else {})


def test_the_simulators_statuses_are_twilios(twilio: FakeTwilio, vendor: dict[str, Any]) -> None:
    named = vendor["components"]["schemas"]["message_enum_status"]["enum"]
    text = Text("SM" + "1" * 32, (("StatusCallback", f"{PUBLIC}/webhooks/inbox?message=1"),))
    account = Account("inbox", {"public_url": PUBLIC}, {"auth_token": twilio.auth_token})
    for status in named:
        post = twilio.callback(text, status)
        request = Request(post.body, post.headers, {"message": "1"}, post.url)
        assert CHANNEL.is_authentic(account, request)
        for event in CHANNEL.split(request).events:
            assert re.match(r"SM1+", event.id)
            assert CHANNEL.read(account, event)
