"""The website chat: who writes, and what a signed identity is worth."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Account, Request
from connectors.channels.web import WebChannel
from connectors.channels.web_identity import BadIdentity, verify
from connectors.inspect import inspect_webhook
from connectors.registry import channel, channels
from core import files
from core.errors import NotFound
from core.settings import Settings
from desk.envelope import Address, DeliveryState, Envelope, Kind, Outgoing, Strength

CHANNEL = WebChannel()
SECRET = "a secret of thirty-two characters"
ACCOUNT = Account("inbox", {}, {"identity_secret": SECRET})
MESSAGE = {
    "id": "0192f0c1-7e3c-7aaa-8bbb-123456789abc",
    "at": "2026-11-22T10:00:00+01:00",
    "visitor": "v-1",
    "text": "Do you ship to Norway?",
}


def token(secret: str = SECRET, **claims: Any) -> str:
    return jwt.encode({"sub": "C-17", "exp": int(time.time()) + 600} | claims, secret, "HS256")


def read(**more: Any) -> Envelope:
    batch = CHANNEL.split(Request(json.dumps(MESSAGE | more).encode(), {}, {}))
    ((only,),) = [CHANNEL.read(ACCOUNT, one) for one in batch.events]
    return only


def test_an_anonymous_visitors_message_keeps_the_widgets_id_and_time() -> None:
    found = read()
    assert (found.kind, found.id, found.text) == (Kind.MESSAGE, MESSAGE["id"], MESSAGE["text"])
    assert found.at == datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert found.sender == (Address("visitor", "v-1", Strength.OBSERVED, "website chat"),)


def test_a_signed_visitor_is_the_shops_customer() -> None:
    found = read(identity=token(email="Anna@X.example", email_verified=True, phone="+4930111222"))
    strengths = {(one.kind, one.value): one.strength for one in found.sender}
    assert strengths == {
        ("visitor", "v-1"): Strength.SIGNED,
        ("external", "C-17"): Strength.SIGNED,
        ("email", "anna@x.example"): Strength.SIGNED,
        ("phone", "+4930111222"): Strength.CLAIMED,
    }


def test_a_visitor_whom_the_api_found_signed_in_is_proven_for_this_message() -> None:
    [address] = read(signed_as="C-17").sender
    assert (address.value, address.strength) == ("v-1", Strength.SIGNED)


def test_what_a_visitor_types_about_themselves_is_only_claimed() -> None:
    found = read(name="Anna", email="boss@shop.example", phone="+49 30 111222")
    assert {one.strength for one in found.sender[1:]} == {Strength.CLAIMED}
    assert found.sender_name == "Anna"


def test_a_bad_token_leaves_the_visitor_anonymous_and_loses_nothing() -> None:
    found = read(identity=token("another secret of thirty-two chars"))
    assert [one.kind for one in found.sender] == ["visitor"]
    assert found.text
    assert "not valid" in found.details["identity_problem"]


@pytest.mark.parametrize(
    "bad",
    [
        {"exp": None},
        {"exp": int(time.time()) - 600},
        {"exp": int(time.time()) + 25 * 3600},
        {"sub": None},
        {"exp": 10**30},
    ],
)
def test_tokens_without_a_near_end_or_a_person_prove_nothing(bad: dict[str, Any]) -> None:
    claims = {"sub": "C-17", "exp": int(time.time()) + 600} | bad
    claims = {key: value for key, value in claims.items() if value is not None}
    with pytest.raises(BadIdentity):
        verify(jwt.encode(claims, SECRET, "HS256"), SECRET)


def test_an_unsigned_token_or_a_missing_secret_proves_nothing() -> None:
    unsigned = jwt.encode({"sub": "C-17", "exp": int(time.time()) + 60}, "", "none")
    other = jwt.encode({"sub": "C-17", "exp": int(time.time()) + 60}, SECRET * 2, "HS512")
    for attempt, secret in ((unsigned, SECRET), (other, SECRET * 2), (token(), ""), ("x", SECRET)):
        with pytest.raises(BadIdentity):
            verify(attempt, secret)


def test_an_id_that_another_visitor_could_also_use_is_made_the_visitors_own() -> None:
    assert read(id="1").id == "v-1:1"
    assert read(id="1", visitor="v-2").id == "v-2:1"


def test_files_keep_their_reference_and_are_fetched_from_our_store(
    small_installation: Settings,
) -> None:
    key = files.store(b"a picture")
    found = read(text="", files=[{"name": "a.png", "type": "image/png", "reference": key}])
    (file,) = found.files
    assert (file.kind, file.name) == ("image", "a.png")
    assert CHANNEL.fetch(ACCOUNT, file) == b"a picture"
    for wrong in ("", "../../etc/passwd", "0" * 64):
        with pytest.raises(OSError, match=r"."):
            CHANNEL.fetch(ACCOUNT, replace(file, reference=wrong))


def test_several_messages_written_offline_come_as_one_batch() -> None:
    waiting = [MESSAGE | {"id": str(uuid4())}, None, MESSAGE | {"id": str(uuid4())}]
    batch = CHANNEL.split(Request(json.dumps(waiting).encode(), {}, {}))
    assert (len(batch.events), len(batch.dead_letters)) == (2, 1)


@pytest.mark.parametrize("missing", ["id", "visitor", "text"])
def test_a_message_without_its_essentials_is_a_dead_letter(missing: str) -> None:
    body = json.dumps({key: one for key, one in MESSAGE.items() if key != missing}).encode()
    batch = CHANNEL.split(Request(body, {}, {}))
    assert (len(batch.events), len(batch.dead_letters)) == (0, 1)


def test_nobody_gets_in_as_a_webhook() -> None:
    assert not CHANNEL.is_authentic(ACCOUNT, Request(b"{}", {}, {}))


def test_sending_is_done_when_it_is_stored() -> None:
    message = Outgoing(id="m1", to=Address("visitor", "v-1"), text="Yes, we do.")
    receipt = CHANNEL.send(ACCOUNT, message)
    assert (receipt.state, receipt.provider_id) == (DeliveryState.SENT, "m1")


def test_the_self_test_finds_a_website_without_its_scheme_and_a_weak_secret() -> None:
    assert all(one.ok for one in CHANNEL.check(ACCOUNT))
    weak = Account("i", {"allowed_origins": "shop.example"}, {"identity_secret": "short"})
    assert [one.name for one in CHANNEL.check(weak) if not one.ok] == [
        "Allowed websites",
        "Identity secret",
    ]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*MESSAGE, "files", "identity", "email", "phone"]), inner, max_size=6
        )
    ),
    max_leaves=8,
)


@given(junk)
def test_no_body_makes_the_chat_raise(body: Any) -> None:
    whole = [MESSAGE | body] if isinstance(body, dict) else body
    for event in CHANNEL.split(Request(json.dumps(whole).encode(), {}, {})).events:
        (found,) = CHANNEL.read(ACCOUNT, event)
        repr(found).encode()


def test_inspecting_a_webhook_shows_events_and_dead_letters() -> None:
    body = json.dumps([MESSAGE | {"files": [{"name": "a.pdf", "type": "application/pdf"}]}, 5])
    assert inspect_webhook("web", body.encode(), "application/json") == {
        "events": [
            {
                "id": MESSAGE["id"],
                "kind": "message",
                "at": "2026-11-22T09:00:00+00:00",
                "sender": [{"kind": "visitor", "value": "v-1"}],
                "text": "Do you ship to Norway?",
                "reply_to": "",
                "attachments": [{"kind": "document", "name": "a.pdf", "type": "application/pdf"}],
            }
        ],
        "dead_letters": [{"reason": "A chat message must be a JSON object."}],
    }


def test_inspecting_a_whatsapp_item_nobody_can_read_says_why() -> None:
    change = {"field": "messages", "value": {"messages": [{"id": "1", "type": "text"}]}}
    body = json.dumps({"entry": [{"changes": [change]}]}).encode()
    found = inspect_webhook("whatsapp", body, "application/json")
    assert found["events"] == []
    assert "neither a user id nor a phone" in found["dead_letters"][0]["reason"]


def test_the_registry_knows_its_channels() -> None:
    assert {"whatsapp", "email", "web"} <= {one.kind for one in channels()}
    assert channel("web").name == "Website chat"
    with pytest.raises(NotFound, match="known are"):
        channel("carrier-pigeon")
