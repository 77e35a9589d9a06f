"""The API inbox: what comes in signed, and what goes out until it is taken."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from connectors.base import Account, Request
from connectors.channels.api.channel import ApiChannel
from connectors.channels.api.schema import json_schema
from core import standard_webhooks
from core.installation import installation
from core.settings import Settings
from desk.envelope import Address, DeliveryState, Envelope, File, Kind, Outgoing, Source, Strength
from tests.lab.receiver import Receiver

CHANNEL = ApiChannel()
SECRET = standard_webhooks.new_secret()
ANNA = {"id": "C-42", "name": "Anna Berg", "email": "Anna@x.example", "phone": "+49 151 12345678"}
MESSAGE = {"type": "message", "id": "m1", "from": ANNA, "text": "Where is it?", "at": 1763820000}

EVENTS: dict[Kind, dict[str, Any]] = {
    Kind.MESSAGE: MESSAGE,
    Kind.ECHO: {"type": "echo", "id": "e1", "to": ANNA, "text": "On its way"},
    Kind.EDIT: {"type": "edit", "id": "1", "message": "m1", "text": "Where is my parcel?"},
    Kind.DELETE: {"type": "delete", "id": "1", "message": "m1"},
    Kind.REACTION: {"type": "reaction", "id": "1", "message": "m1", "from": ANNA, "emoji": "👍"},
    Kind.STATUS: {"type": "status", "id": "1", "message": "x9", "state": "delivered"},
    Kind.READ: {"type": "read", "id": "1", "message": "x9"},
    Kind.CONSENT: {"type": "consent", "id": "1", "from": ANNA, "value": "stop"},
    Kind.IDENTITY_CHANGE: {
        "type": "identity_change",
        "id": "1",
        "from": {"phone": "+4915100000002"},
        "previous": {"phone": "+4915100000001"},
    },
    Kind.CALL: {"type": "call", "id": "1", "call": "c1", "from": ANNA, "stage": "ended"},
    Kind.ACCOUNT: {"type": "account", "id": "1", "details": {"plan": "pro"}},
    Kind.UNKNOWN: {"type": "unknown", "id": "1", "details": {"poll": "yes"}},
}


def _split(body: Any) -> Any:
    return CHANNEL.split(Request(json.dumps(body).encode(), {}, {}))


def _read(item: dict[str, Any]) -> Envelope:
    (event,) = _split(item).events
    (found,) = CHANNEL.read(Account("i", {}, {}), event)
    return found


def test_a_message_names_its_customer_as_far_as_the_merchant_vouches() -> None:
    found = _read(MESSAGE)
    assert [(one.kind, one.value, one.strength) for one in found.sender] == [
        ("external", "C-42", Strength.SIGNED),
        ("email", "anna@x.example", Strength.ASSERTED),
        ("phone", "+4915112345678", Strength.ASSERTED),
    ]
    assert (found.sender_name, found.text) == ("Anna Berg", "Where is it?")
    assert found.at.isoformat() == "2025-11-22T14:00:00+00:00"


def test_what_was_only_typed_stays_a_claim() -> None:
    found = _read({**MESSAGE, "from": {**ANNA, "claimed": ["email"]}})
    strengths = {one.kind: one.strength for one in found.sender}
    assert strengths["email"] is Strength.CLAIMED
    assert strengths["phone"] is Strength.ASSERTED


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_event_can_be_told_and_fits_the_published_schema(kind: Kind) -> None:
    assert _read(EVENTS[kind]).kind is kind
    Draft202012Validator(json_schema()).validate(EVENTS[kind])


def test_many_events_in_one_body_are_as_many() -> None:
    several = list(EVENTS.values())
    for body in (several, {"events": several}):
        batch = _split(body)
        assert len({event.id for event in batch.events}) == len(several)
        assert not batch.dead_letters
    mixed = _split([MESSAGE, 7, {"id": "x"}, None])
    assert (len(mixed.events), len(mixed.dead_letters)) == (1, 3)


def test_a_file_comes_with_its_content_or_its_address() -> None:
    whole = {"name": "a.png", "type": "image/png", "content": b64encode(b"png").decode()}
    named = {"name": "b.pdf", "type": "application/pdf", "url": "https://x.example/b.pdf"}
    first, second = _read({**MESSAGE, "files": [whole, named]}).files
    assert (first.kind, first.content) == ("image", b"png")
    assert (second.kind, second.reference) == ("document", "https://x.example/b.pdf")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"from": {}}, "from"),
        ({"from": {"email": "a@x.example", "claimed": ["email"]}}, "from"),
        ({"type": "parcel"}, "type"),
        ({"id": ""}, "id"),
        ({"type": "status", "message": "m1", "state": "lost"}, "state"),
        ({"files": [{"content": "%"}]}, "files"),
    ],
)
def test_a_wrong_event_is_a_dead_letter_that_names_the_field(
    change: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        _read({**MESSAGE, **change})


def test_only_what_is_signed_gets_in() -> None:
    account = Account("i", {}, {"signing_secret": f"{standard_webhooks.new_secret()}, {SECRET}"})
    body = json.dumps(MESSAGE).encode()
    headers = standard_webhooks.sign([SECRET], "w1", body)
    assert CHANNEL.is_authentic(account, Request(body, headers, {}))
    assert not CHANNEL.is_authentic(account, Request(body + b" ", headers, {}))
    assert not CHANNEL.is_authentic(account, Request(body, {}, {}))
    assert not CHANNEL.is_authentic(replace(account, secrets={}), Request(body, headers, {}))


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*MESSAGE, "message", "files", "state", "to"]) | st.text(max_size=5),
            inner | st.sampled_from([*Kind, "m1"]),
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_body_raises_anything_but_words(body: Any) -> None:
    batch = _split(body)
    for event in batch.events:
        try:
            CHANNEL.read(Account("i", {}, {}), event)
        except ValueError as wrong:
            said = str(wrong)
        else:
            said = "."
        assert said


HELLO = Outgoing(
    "our-1",
    Address("external", "C-42"),
    "It is **on its way**.",
    sources=(Source("Shipping", "https://s.example"),),
    choices=("Track", "Cancel"),
    files=(File("image", "a.png", "image/png", content=b"png"),),
)


@pytest.fixture
def receiver(small_installation: Settings) -> Iterator[Receiver]:
    allowed = small_installation.model_copy(update={"allow_private_targets": True})
    with installation(allowed), Receiver() as running:
        yield running


@pytest.fixture
def account(receiver: Receiver) -> Account:
    return Account("i", {"callback_url": receiver.url}, {"signing_secret": SECRET})


def test_a_reply_is_posted_signed_under_our_id(receiver: Receiver, account: Account) -> None:
    receiver.answers.append((200, '{"id": "theirs-7"}'))
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.provider_id) == (DeliveryState.SENT, "theirs-7")
    (taken,) = receiver.taken
    body = taken.checked(SECRET)
    assert taken.headers["webhook-id"] == body["id"] == "our-1"
    assert body["to"] == {"kind": "external", "value": "C-42"}
    assert (body["text"], body["choices"]) == ("It is **on its way**.", ["Track", "Cancel"])
    assert body["files"][0]["content"] == b64encode(b"png").decode()


def test_without_an_id_of_theirs_ours_stands_in(receiver: Receiver, account: Account) -> None:
    assert CHANNEL.send(account, HELLO).provider_id == "our-1"


@pytest.mark.parametrize("answer", [(500, ""), (429, ""), (401, ""), (404, ""), (302, "/x"), None])
def test_whatever_may_be_mended_is_tried_again_for_a_day(
    receiver: Receiver, account: Account, answer: tuple[int, str] | None
) -> None:
    receiver.answers.append(answer)
    receipt = CHANNEL.send(account, HELLO)
    assert receipt.state is DeliveryState.FAILED
    assert receipt.retry_after is not None
    assert receipt.patient


@pytest.mark.parametrize("status", [400, 410, 413, 422])
def test_a_plain_refusal_is_for_good(receiver: Receiver, account: Account, status: int) -> None:
    receiver.answers.append((status, ""))
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.FAILED, None)


def test_the_self_test_posts_a_signed_test(receiver: Receiver, account: Account) -> None:
    assert all(check.ok for check in CHANNEL.check(account))
    assert receiver.taken[0].checked(SECRET) == {"type": "test"}
    receiver.answers.append((401, ""))
    assert not CHANNEL.check(account)[1].ok
    assert not CHANNEL.check(replace(account, secrets={"signing_secret": "short"}))[0].ok


def test_a_named_file_is_fetched_within_limits(receiver: Receiver, account: Account) -> None:
    receiver.files["/a"] = b"content"
    place = f"http://127.0.0.1:{receiver.port}"
    assert CHANNEL.fetch(account, File("document", reference=f"{place}/a")) == b"content"
    with pytest.raises(OSError, match="404"):
        CHANNEL.fetch(account, File("document", reference=f"{place}/b"))
    with pytest.raises(OSError, match="https"):
        CHANNEL.fetch(account, File("document", reference="file:///etc/passwd"))
