"""Twilio's signature: every vector that Twilio's own library made, and what must not pass."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from connectors.base import Account, Request
from connectors.channels.twilio.signature import is_authentic, is_signed, sign, with_body_digest
from core.settings import Settings

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def vectors(shared: Path) -> dict[str, dict[str, Any]]:
    """Signatures made by twilio 9.13.0."""
    known = json.loads((shared / "specs/signature-vectors/vectors.json").read_text())
    return {one["channel"]: one for one in known if one["channel"].startswith("twilio")}


def _account(token: str, **config: str) -> Account:
    return Account("inbox", config, {"auth_token": token})


def _form(vector: dict[str, Any], **changes: Any) -> Request:
    changed = vector | changes
    body = urlencode(changed["params"]).encode()
    return Request(body, FORM | {"x-twilio-signature": changed["value"]}, {}, changed["url"])


def _json(vector: dict[str, Any], **changes: Any) -> Request:
    changed = vector | changes
    headers = {"content-type": "application/json", "x-twilio-signature": changed["value"]}
    return Request(changed["body"].encode(), headers, {}, changed["url"])


def test_a_form_signed_by_twilio_is_accepted(
    vectors: dict[str, dict[str, Any]], small_installation: Settings
) -> None:
    vector = vectors["twilio form"]
    for token in (vector["secret"], f"old, {vector['secret']}", f"{vector['secret']},new"):
        assert is_authentic(_account(token), _form(vector))


def test_json_signed_by_twilio_is_accepted(
    vectors: dict[str, dict[str, Any]], small_installation: Settings
) -> None:
    vector = vectors["twilio json"]
    assert is_authentic(_account(vector["secret"]), _json(vector))
    url = vector["url"].split("?")[0]
    assert with_body_digest(url, vector["body"].encode()) == vector["url"]


def test_a_websocket_handshake_signed_by_twilio_is_accepted(
    vectors: dict[str, dict[str, Any]],
) -> None:
    (vector,) = (one for name, one in vectors.items() if "websocket" in name)
    assert is_signed([vector["secret"]], [vector["url"]], [], vector["value"])
    assert not is_signed([vector["secret"]], [vector["url"] + "/"], [], vector["value"])


def test_whatever_was_tampered_with_is_refused(
    vectors: dict[str, dict[str, Any]], small_installation: Settings
) -> None:
    vector = vectors["twilio form"]
    account = _account(vector["secret"])
    added, changed = {**vector["params"], "Extra": ""}, {**vector["params"], "Digits": "9"}
    removed = {name: value for name, value in vector["params"].items() if name != "To"}
    for params in (added, changed, removed):
        assert not is_authentic(account, _form(vector, params=params))
    for url in (vector["url"] + "3", vector["url"].replace("mycompany", "evil")):
        assert not is_authentic(account, _form(vector, url=url))
    for value in ("", "x", vector["value"].lower(), vector["value"][:-1], "ü"):
        assert not is_authentic(account, _form(vector, value=value))
    for token in ("", " , ", "54321"):
        assert not is_authentic(_account(token), _form(vector))
    bare = Request(_form(vector).body, FORM, {}, vector["url"])
    assert not is_authentic(account, bare)


def test_a_body_that_is_not_the_signed_one_is_refused(
    vectors: dict[str, dict[str, Any]], small_installation: Settings
) -> None:
    vector = vectors["twilio json"]
    account = _account(vector["secret"])
    assert not is_authentic(account, _json(vector, body='{"a": 2}'))
    unsigned = "https://x.test/hook"
    value = sign(vector["secret"], unsigned)
    assert not is_authentic(account, _json(vector, url=unsigned, value=value))


@pytest.mark.parametrize(
    ("signed", "received"),
    [
        ("https://x.test:443/webhooks/1", "https://x.test/webhooks/1"),
        ("https://x.test/webhooks/1", "https://x.test:8443/webhooks/1"),
        ("http://x.test:80/webhooks/1?a=b", "http://x.test/webhooks/1?a=b"),
    ],
)
def test_the_port_may_be_named_or_not(
    signed: str, received: str, small_installation: Settings
) -> None:
    request = Request(b"A=1", FORM | {"x-twilio-signature": sign("t", signed, [("A", "1")])}, {})
    assert is_authentic(_account("t"), Request(request.body, request.headers, {}, received))


def test_behind_a_proxy_the_public_address_counts(small_installation: Settings) -> None:
    inside = "http://127.0.0.1:8700/webhooks/1?x=y"
    for public in ("https://help.shop.example", "https://shop.example/desk/"):
        signed = sign("t", f"{public.rstrip('/')}/webhooks/1?x=y", [("Body", "hi there")])
        request = Request(b"Body=hi+there", FORM | {"x-twilio-signature": signed}, {}, inside)
        assert is_authentic(_account("t", public_url=public), request)
        assert not is_authentic(_account("t"), request)
        other = Request(request.body, request.headers, {}, inside.replace("/1", "/2"))
        assert not is_authentic(_account("t", public_url=public), other)


def test_a_field_sent_twice_is_signed_once_per_value(small_installation: Settings) -> None:
    fields = [("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "a"), ("Empty", "")]
    url = "https://x.test/hook"
    assert sign("t", url, fields) == sign("t", f"{url}EmptyMediaUrlaMediaUrlb")
    body = urlencode(fields).encode()
    headers = FORM | {"x-twilio-signature": sign("t", url, fields)}
    assert is_authentic(_account("t"), Request(body, headers, {}, url))


@pytest.mark.parametrize("body", [b"\xff=\xff", b"&".join([b"a=1"] * 1001), b"%ff=1"])
def test_what_is_no_form_is_refused_and_never_an_error(
    body: bytes, small_installation: Settings
) -> None:
    request = Request(body, FORM | {"x-twilio-signature": "x"}, {}, "https://x.test/hook")
    assert not is_authentic(_account("t"), request)
