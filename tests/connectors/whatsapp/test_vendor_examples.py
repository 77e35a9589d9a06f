"""Every example webhook the vendor publishes means what it should."""

import json
from collections import Counter
from pathlib import Path

import pytest

from connectors.base import Account, Request
from connectors.channels.meta.signature import sign
from desk.envelope import Kind
from tests.connectors.whatsapp.webhooks import CHANNEL, envelopes

KINDS = {
    "button-message": Kind.MESSAGE,
    "contact-sharing-message": Kind.MESSAGE,
    "group-create-message": Kind.ACCOUNT,
    "group-remove-participants": Kind.ACCOUNT,
    "group-settings-update": Kind.ACCOUNT,
    "image-message": Kind.MESSAGE,
    "interactive-button-reply-message": Kind.MESSAGE,
    "interactive-list-reply-message": Kind.MESSAGE,
    "location-message": Kind.MESSAGE,
    "order-message": Kind.MESSAGE,
    "reaction-message": Kind.REACTION,
    "system-message": Kind.IDENTITY_CHANGE,
    "text-message": Kind.MESSAGE,
    "text-message-from-click-to-whatsapp-ad": Kind.MESSAGE,
    "text-message-with-context-product-inquiry": Kind.MESSAGE,
    "unsupported-message": Kind.MESSAGE,
    "incoming_text_with_username_group": Kind.MESSAGE,
    "status_delivered_bsuid_only": Kind.STATUS,
    "status_failed_131049": Kind.STATUS,
    "system_user_changed_user_id": Kind.IDENTITY_CHANGE,
    "user_id_update": Kind.IDENTITY_CHANGE,
}


def _examples(shared: Path) -> dict[str, bytes]:
    folders = ("meta-whatsapp-openapi/webhook-examples", "meta-bsuid")
    files = [one for name in folders for one in (shared / "specs" / name).glob("*.json")]
    return {one.stem: one.read_bytes() for one in files}


def test_each_published_example_is_one_event_of_the_right_kind(shared: Path) -> None:
    found = {
        name: [one.kind for one in envelopes(body)] for name, body in _examples(shared).items()
    }
    assert found == {name: [kind] for name, kind in KINDS.items()}


def test_each_customer_of_the_examples_has_an_address(shared: Path) -> None:
    for name, body in _examples(shared).items():
        for one in envelopes(body):
            if one.kind in (Kind.MESSAGE, Kind.REACTION, Kind.IDENTITY_CHANGE):
                assert one.sender, name
            if one.kind is Kind.STATUS:
                assert one.recipients, name


def test_all_examples_in_one_body_are_as_many_events(shared: Path) -> None:
    bodies = [json.loads(body) for body in _examples(shared).values()]
    entries = [entry for body in bodies for entry in body["entry"]]
    found = envelopes(json.dumps({"entry": entries}).encode())
    assert Counter(one.kind for one in found) == Counter(KINDS.values())


@pytest.fixture(scope="module")
def vector(shared: Path) -> dict[str, str]:
    """A signature that openssl made."""
    vectors = json.loads((shared / "specs/signature-vectors/vectors.json").read_text())
    return next(one for one in vectors if one["channel"].startswith("whatsapp"))


def _request(shared: Path, vector: dict[str, str], value: str) -> Request:
    body = (shared / "specs" / vector["body_file"]).read_bytes()
    return Request(body, {vector["header"].lower(): value}, {})


def test_a_signature_made_by_openssl_is_accepted(shared: Path, vector: dict[str, str]) -> None:
    request = _request(shared, vector, vector["value"])
    for secrets in (vector["secret"], f"old, {vector['secret']}", f"{vector['secret']},new"):
        assert CHANNEL.is_authentic(Account("i", {}, {"app_secret": secrets}), request)
    assert sign(vector["secret"], request.body) == vector["value"]


def test_every_other_signature_is_refused(shared: Path, vector: dict[str, str]) -> None:
    account = Account("i", {}, {"app_secret": vector["secret"]})
    flipped = vector["value"][:-1] + ("0" if vector["value"][-1] != "0" else "1")
    for value in ("", "sha256=", flipped, vector["value"].removeprefix("sha256="), "sha256=ü"):
        assert not CHANNEL.is_authentic(account, _request(shared, vector, value))
    good = _request(shared, vector, vector["value"])
    assert not CHANNEL.is_authentic(account, Request(good.body + b" ", good.headers, {}))
    for secret in ("", " , ", "another"):
        assert not CHANNEL.is_authentic(Account("i", {}, {"app_secret": secret}), good)


def test_the_subscription_is_confirmed_only_with_our_verify_token() -> None:
    account = Account("i", {}, {"verify_token": "blue-door"})
    query = {"hub.mode": "subscribe", "hub.verify_token": "blue-door", "hub.challenge": "1158"}
    assert CHANNEL.handshake(account, Request(b"", {}, query)) == "1158"
    for wrong in ({"hub.verify_token": "red"}, {"hub.mode": "unsubscribe"}):
        assert CHANNEL.handshake(account, Request(b"", {}, query | wrong)) is None
    empty = query | {"hub.verify_token": ""}
    assert CHANNEL.handshake(Account("i", {}, {}), Request(b"", {}, empty)) is None
