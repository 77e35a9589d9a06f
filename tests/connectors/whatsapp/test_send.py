"""Sending through the fake Meta: what is taken, refused, and what nobody can know."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator

from connectors.base import Account
from connectors.simulator.faults import Fault
from connectors.simulator.meta import FakeMeta
from connectors.simulator.meta_rules import complaint
from desk.envelope import Address, DeliveryState, File, Outgoing, Source
from tests.connectors.whatsapp.webhooks import CHANNEL

PHONE = Address("phone", "+4915112345678")
USER = Address("whatsapp", "DE.70012345678901234567")
HELLO = Outgoing(id="our-1", to=PHONE, text="Hello **Anna**")


@pytest.fixture
def meta() -> Iterator[FakeMeta]:
    with FakeMeta() as running:
        yield running


@pytest.fixture
def account(meta: FakeMeta) -> Account:
    return account_of(meta)


def account_of(meta: FakeMeta, **secrets: str) -> Account:
    config = {"phone_number_id": meta.phone_number_id, "api_base": meta.base_url}
    right = {"access_token": meta.access_token, "app_secret": meta.app_secret, "verify_token": "v"}
    return Account("inbox", config, right | secrets)


def test_a_text_goes_out_with_our_id_and_comes_back_with_metas(
    meta: FakeMeta, account: Account
) -> None:
    receipt = CHANNEL.send(account, replace(HELLO, reply_to="wamid.Q"))
    (sent,) = meta.sent
    assert (receipt.state, receipt.provider_id) == (DeliveryState.SENT, sent.id)
    assert sent.payload["text"]["body"] == "Hello *Anna*"
    assert sent.payload["biz_opaque_callback_data"] == "our-1"
    assert sent.payload["context"] == {"message_id": "wamid.Q"}
    assert sent.to == "4915112345678"


def test_a_customer_without_a_phone_is_reached_by_user_id(meta: FakeMeta, account: Account) -> None:
    assert CHANNEL.send(account, replace(HELLO, to=USER)).state is DeliveryState.SENT
    assert meta.sent[0].payload["recipient"] == USER.value
    assert "to" not in meta.sent[0].payload


def test_an_address_of_another_channel_is_refused_before_anything_is_sent(
    meta: FakeMeta, account: Account
) -> None:
    receipt = CHANNEL.send(account, replace(HELLO, to=Address("email", "a@x.example")))
    assert (receipt.state, receipt.retry_after) == (DeliveryState.FAILED, None)
    assert not meta.sent


def test_an_empty_message_is_refused(meta: FakeMeta, account: Account) -> None:
    assert CHANNEL.send(account, replace(HELLO, text=" ")).state is DeliveryState.FAILED
    assert not meta.sent


def test_a_picture_is_uploaded_and_carries_the_text_as_its_caption(
    meta: FakeMeta, account: Account
) -> None:
    file = File("image", "lamp.png", "image/png", content=b"\x89PNG")
    assert CHANNEL.send(account, replace(HELLO, files=(file,))).state is DeliveryState.SENT
    (sent,) = meta.sent
    assert sent.payload["image"]["caption"] == "Hello *Anna*"
    assert meta.media[sent.payload["image"]["id"]].content == b"\x89PNG"


def test_files_travel_as_what_whatsapp_can_show(meta: FakeMeta, account: Account) -> None:
    files = (
        File("image", "big.png", "image/png", content=b"x" * (5 * 1024 * 1024 + 1)),
        File("image", "old.tiff", "image/tiff", reference="https://x.example/old.tiff"),
        File("audio", "a.ogg", "audio/ogg; codecs=opus", reference="12345"),
    )
    assert CHANNEL.send(account, replace(HELLO, files=files)).state is DeliveryState.SENT
    assert [one.payload["type"] for one in meta.sent] == ["text", "document", "document", "audio"]
    assert meta.sent[1].payload["document"]["filename"] == "big.png"
    assert meta.sent[2].payload["document"]["link"] == "https://x.example/old.tiff"
    assert meta.sent[3].payload["audio"] == {"id": "12345"}


@pytest.mark.parametrize("code", [131047, 131026, 131051, 131049, 132001, 190, 100, 999999])
def test_a_refusal_for_good_is_not_tried_again(meta: FakeMeta, account: Account, code: int) -> None:
    meta.faults.append(Fault(status=400, code=code))
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.error_code) == (DeliveryState.FAILED, str(code))
    assert receipt.retry_after is None
    assert receipt.error


@pytest.mark.parametrize("code", [4, 80007, 130429, 131056])
def test_a_rate_limit_may_be_tried_again(meta: FakeMeta, account: Account, code: int) -> None:
    meta.faults.append(Fault(status=400, code=code))
    receipt = CHANNEL.send(account, HELLO)
    assert receipt.state is DeliveryState.FAILED
    assert receipt.retry_after is not None
    meta.faults.append(Fault(status=429, code=code, retry_after="77"))
    assert CHANNEL.send(account, HELLO).retry_after == 77


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault(status=500, code=code) for code in (1, 2, 131000, 131016, 131057)),
        Fault(status=400, code=131000),
        Fault(status=503, code=0),
        Fault(drop=True),
        Fault(drop=True, taken=True),
    ],
)
def test_what_nobody_can_know_is_unknown_and_never_sent_again(
    meta: FakeMeta, account: Account, fault: Fault
) -> None:
    meta.faults.append(fault)
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.UNKNOWN, None)
    assert len(meta.sent) == int(fault.taken)


def test_when_nothing_listens_nothing_was_sent_and_it_may_be_tried_again(
    account: Account,
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
        receipt = CHANNEL.send(replace(account, config={"api_base": nowhere}), HELLO)
    assert receipt.state is DeliveryState.FAILED
    assert receipt.retry_after is not None


@pytest.mark.parametrize("base", ["ftp://x", "no address", "http://[", "http://x:99999"])
def test_a_wrong_api_address_is_refused_in_words(account: Account, base: str) -> None:
    receipt = CHANNEL.send(replace(account, config={"api_base": base}), HELLO)
    assert receipt.state is DeliveryState.FAILED
    assert receipt.error


def test_a_token_no_header_can_carry_is_refused_in_words(meta: FakeMeta) -> None:
    receipt = CHANNEL.send(account_of(meta, access_token="schlüssel\n"), HELLO)
    assert receipt.state is not DeliveryState.SENT


def test_when_a_later_part_fails_the_whole_is_unknown_and_says_which(
    meta: FakeMeta, account: Account
) -> None:
    long = replace(HELLO, text="A sentence of this long text. " * 250)
    meta.faults.extend([Fault(status=400, code=131056)])
    assert CHANNEL.send(account, long).retry_after is not None
    meta.faults.extend([None, Fault(status=400, code=131056)])
    receipt = CHANNEL.send(account, long)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.UNKNOWN, None)
    assert receipt.error.startswith("Of 2 parts, 1 went out; part 2 did not: Too many messages")
    assert receipt.provider_id == meta.sent[0].id


def test_a_message_that_takes_too_long_stops_between_its_parts(
    meta: FakeMeta, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.channels.whatsapp.send.TIME_FOR_ONE_MESSAGE", -1)
    receipt = CHANNEL.send(account, HELLO)
    assert receipt.state is DeliveryState.FAILED
    assert receipt.retry_after is not None
    assert not meta.sent


def test_a_file_that_cannot_be_uploaded_leaves_nothing_sent(
    meta: FakeMeta, account: Account
) -> None:
    wrong = account_of(meta, access_token="expired")
    file = File("image", "a.png", "image/png", content=b"x")
    receipt = CHANNEL.send(wrong, replace(HELLO, files=(file,)))
    assert (receipt.state, receipt.error_code) == (DeliveryState.FAILED, "190")
    empty = replace(HELLO, files=(File("image", "a.png"),))
    assert CHANNEL.send(account, empty).state is DeliveryState.FAILED
    assert not meta.sent


def test_a_customers_file_is_fetched(meta: FakeMeta, account: Account) -> None:
    media_id = meta.upload(b"voice", "audio/ogg")
    assert CHANNEL.fetch(account, File("voice", reference=media_id)) == b"voice"


@pytest.mark.parametrize("reference", ["", "nonexistent", "../messages", "https://x.example/a"])
def test_a_file_that_cannot_be_had_is_an_os_error(account: Account, reference: str) -> None:
    with pytest.raises(OSError, match=r"."):
        CHANNEL.fetch(account, File("image", reference=reference))


def test_a_file_that_is_too_large_is_not_loaded(
    meta: FakeMeta, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.channels.whatsapp.media.DOWNLOAD_LIMIT", 1000)
    with pytest.raises(OSError, match="larger"):
        CHANNEL.fetch(account, File("image", reference=meta.upload(b"x" * 1001, "image/png")))


def test_the_self_test_tells_a_wrong_token_number_and_secret_apart(meta: FakeMeta) -> None:
    assert all(one.ok for one in CHANNEL.check(account_of(meta)))
    two = CHANNEL.check(account_of(meta, app_secret=f"{meta.app_secret}, wrong"))
    assert [one.ok for one in two] == [True, True, False, True]
    assert [one.ok for one in CHANNEL.check(account_of(meta, access_token="old"))][:2] == [
        False,
        False,
    ]
    elsewhere = replace(
        account_of(meta), config={"phone_number_id": "5", "api_base": meta.base_url}
    )
    assert not CHANNEL.check(elsewhere)[0].ok
    nothing = CHANNEL.check(Account("i", {}, {}))
    assert not any(one.ok for one in nothing)
    assert all(one.message for one in nothing)


MESSAGES = [
    HELLO,
    replace(HELLO, to=USER, reply_to="wamid.Q"),
    replace(HELLO, sources=(Source("Returns", "https://x.example"),)),
    replace(HELLO, choices=("Yes", "No")),
    replace(HELLO, choices=tuple(f"The {n}th choice of them all" for n in range(10))),
    replace(HELLO, choices=("x" * 300, "y" * 300), language="pl"),
    replace(HELLO, text="Long. " * 2000, choices=("Yes", "No")),
    replace(HELLO, files=(File("image", "a.png", "image/png", content=b"x"),)),
    replace(HELLO, files=(File("document", "a.pdf", "application/pdf", reference="123"),)),
    replace(HELLO, files=(File("video", "a.mp4", "video/mp4", reference="https://x.example/a"),)),
]


@pytest.fixture(scope="module")
def vendor_schema(shared: Path) -> Draft202012Validator:
    """Meta's schema of the send call, with the overlay that lets its own examples pass."""
    return Draft202012Validator(_schema(shared, "Message"))


def _schema(shared: Path, name: str) -> dict[str, Any]:
    path = shared / "specs/meta-whatsapp-openapi/overlay-for-prism.yaml"
    whole = yaml.load(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {"$ref": f"#/components/schemas/{name}", "components": whole["components"]}


def test_metas_own_schema_accepts_all_we_send(
    meta: FakeMeta, account: Account, vendor_schema: Draft202012Validator
) -> None:
    for message in MESSAGES:
        assert CHANNEL.send(account, message).state is DeliveryState.SENT
    assert len(meta.sent) >= len(MESSAGES)
    for sent in meta.sent:
        assert [one.message for one in vendor_schema.iter_errors(sent.payload)] == []


BAD: list[dict[str, Any]] = [
    {"type": "text", "text": {"body": "hi"}, "to": None},
    {"type": "text"},
    {"type": "smoke-signal", "text": {"body": "hi"}},
    {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "body": {"text": "?"},
            "action": {
                "buttons": [
                    {"type": "reply", "reply": {"id": f"{n}", "title": "x"}} for n in range(4)
                ]
            },
        },
    },
    {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "body": {"text": "?"},
            "action": {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "x" * 21}}]},
        },
    },
    {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "body": {"text": "x" * 1025},
            "action": {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "x"}}]},
        },
    },
]


def test_the_fake_refuses_what_metas_schema_refuses(vendor_schema: Draft202012Validator) -> None:
    for bad in BAD:
        whole = {"messaging_product": "whatsapp", "to": "4915112345678"} | bad
        whole = {key: value for key, value in whole.items() if value is not None}
        assert not vendor_schema.is_valid(whole), bad
        assert complaint(whole), bad


def test_the_fake_takes_metas_examples_of_the_kinds_we_send(shared: Path) -> None:
    examples = [
        json.loads(one.read_text())
        for one in sorted((shared / "specs/meta-whatsapp-openapi/send-examples").glob("*.json"))
    ]
    ours = [
        one
        for one in examples
        if one.get("type") in ("text", "image", "video", "audio", "document", "sticker")
        or ("type" in one and one.get("interactive", {}).get("type") in ("button", "list"))
    ]
    assert len(ours) >= 20
    assert {complaint(one) for one in ours} == {""}


def test_the_fakes_answer_fits_metas_schema_of_answers(
    meta: FakeMeta, account: Account, shared: Path
) -> None:
    body = {
        "messaging_product": "whatsapp",
        "to": "4915112345678",
        "type": "text",
        "text": {"body": "hi"},
    }
    answer = httpx.post(
        f"{meta.base_url}/v25.0/{meta.phone_number_id}/messages",
        json=body,
        headers={"Authorization": f"Bearer {meta.access_token}"},
    )
    schema = _schema(shared, "MessageResponsePayload")
    assert list(Draft202012Validator(schema).iter_errors(answer.json())) == []


def _prism() -> str | None:
    return shutil.which("prism")


@pytest.mark.skipif(_prism() is None, reason="needs Prism (npm install -g @stoplight/prism-cli)")
def test_prism_accepts_what_we_send(shared: Path, meta: FakeMeta, account: Account) -> None:
    for message in MESSAGES:
        CHANNEL.send(account, message)
    overlay = shared / "specs/meta-whatsapp-openapi/overlay-for-prism.yaml"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(_prism()), "mock", "-h", "127.0.0.1", "-p", str(port), str(overlay)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as prism:
        try:
            _wait_for(port)
            for sent in meta.sent:
                answer = httpx.post(
                    f"http://127.0.0.1:{port}/v23.0/{meta.phone_number_id}/messages",
                    json=sent.payload,
                    headers={"Authorization": "Bearer x", "User-Agent": "onethread/1.0.0"},
                )
                assert answer.status_code == 200, answer.text
        finally:
            prism.terminate()


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("Prism did not start")
