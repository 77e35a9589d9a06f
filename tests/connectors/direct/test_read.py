"""What the webhooks of Instagram and Messenger mean."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Account, Request
from connectors.inspect import inspect_webhook
from desk.envelope import DeliveryState, Kind, Strength
from tests.connectors.direct.webhooks import (
    ACCOUNT,
    ANNA,
    AT,
    BOTH,
    MESSENGER,
    OURS,
    envelope,
    envelopes,
    item,
    ours,
    split,
    webhook,
)

EXAMPLES = {
    "attachment_share": (Kind.MESSAGE, "", "Sender-id-1", "message-id-1"),
    "seen": (Kind.READ, "", "Sender-id-1", "message-id-1:read:Sender-id-1"),
    "standby": (
        Kind.MESSAGE,
        "This is the first standby message from the customer, after 24 hours.",
        "Sender-id-1",
        "message-id-1",
    ),
    "story_mention": (Kind.MESSAGE, "", "Sender-id-1", "message-id-1"),
    "story_mention_echo": (Kind.ECHO, "", "Sender-id-1", "message-id-1"),
    "story_reply": (Kind.MESSAGE, "This is the story reply", "Sender-id-1", "message-id-1"),
    "text": (
        Kind.MESSAGE,
        "This is the first message from the customer",
        "Sender-id-1",
        "message-id-1",
    ),
    "unsend": (Kind.DELETE, "", "Sender-id-1", "message-id-to-delete:deleted"),
}


def test_every_example_of_the_library_comes_out_right(shared: Path) -> None:
    found = {}
    for path in (shared / "specs/instagram").glob("*.json"):
        one = envelope(path.read_bytes())
        found[path.stem] = (one.kind, one.text, one.sender[0].value, one.id)
    assert found == EXAMPLES


def test_the_examples_details_are_kept(shared: Path) -> None:
    def read(name: str) -> Any:
        return envelope((shared / f"specs/instagram/{name}.json").read_bytes())

    assert read("standby").observed
    assert read("story_reply").details["story_url"].startswith("https://")
    assert read("story_mention").details == {"shared": "story_mention"}
    assert read("attachment_share").files[0].reference == "https://www.example.com/test.jpeg"
    assert read("unsend").subject_id == "message-id-to-delete"
    assert (read("seen").subject_id, read("seen").state) == ("message-id-1", DeliveryState.READ)


@pytest.mark.parametrize("channel", BOTH, ids=lambda one: one.kind)
def test_openssls_signature_is_accepted_and_every_other_refused(channel: Any, shared: Path) -> None:
    vectors = json.loads((shared / "specs/signature-vectors/vectors.json").read_text())
    vector = next(one for one in vectors if "messenger" in one["channel"])
    body = (shared / "specs" / vector["body_file"]).read_bytes()
    account = Account("i", {}, {"app_secret": vector["secret"]})

    def accepts(body: bytes, value: str, account: Account = account) -> bool:
        return bool(
            channel.is_authentic(account, Request(body, {"x-hub-signature-256": value}, {}))
        )

    assert accepts(body, vector["value"])
    for place in range(len("sha256="), len(vector["value"]), 7):
        flipped = "0" if vector["value"][place] != "0" else "1"
        assert not accepts(body, vector["value"][:place] + flipped + vector["value"][place + 1 :])
    assert not accepts(body + b" ", vector["value"])
    assert not accepts(body, "")
    assert not accepts(body, vector["value"], Account("i", {}, {"app_secret": "another"}))
    assert not accepts(body, vector["value"], Account("i", {}, {}))


def test_a_text_names_its_customer_by_the_scoped_id_and_its_time() -> None:
    one = envelope(
        webhook(item(message={"mid": "m1", "text": "Hi", "reply_to": {"mid": "m0"}})),
        channel=MESSENGER,
    )
    (sender,) = one.sender
    assert (sender.kind, sender.value, sender.strength) == ("messenger", ANNA, Strength.ASSERTED)
    assert (one.reply_to, one.at) == ("m0", datetime.fromtimestamp(AT / 1000, UTC))
    seconds = {**item(message={"mid": "m", "text": "x"}), "timestamp": AT // 1000}
    assert envelope(webhook(seconds)).at == datetime.fromtimestamp(AT // 1000, UTC)


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("image", "image"),
        ("video", "video"),
        ("audio", "voice"),
        ("file", "document"),
        ("share", "image"),
        ("ig_reel", "video"),
        ("sticker", "sticker"),
        ("story_mention", "image"),
        ("something_new", "document"),
    ],
)
def test_every_kind_of_attachment_is_a_file(kind: str, file: str) -> None:
    attached = {"type": kind, "payload": {"url": "https://scontent.cdninstagram.com/a"}}
    one = envelope(webhook(item(message={"mid": "m1", "attachments": [attached]})))
    assert one.kind is Kind.MESSAGE
    assert [(f.kind, f.reference) for f in one.files] == [(file, attached["payload"]["url"])]  # type: ignore[index]


def test_links_and_templates_are_told_in_words() -> None:
    link = {"type": "fallback", "title": "Our shop", "url": "https://shop.example", "payload": None}
    one = envelope(webhook(item(message={"mid": "m1", "attachments": [link]})))
    assert (one.text, one.files) == ("Our shop\nhttps://shop.example", ())
    card = {"type": "template", "payload": {"product": {"elements": [{"title": "Grinder"}]}}}
    assert envelope(webhook(item(message={"mid": "m", "attachments": [card]}))).text == "Grinder"


def test_what_cannot_be_shown_still_reaches_a_person() -> None:
    unsupported = envelope(webhook(item(message={"mid": "m1", "is_unsupported": True})))
    assert (unsupported.kind, unsupported.details) == (Kind.MESSAGE, {"unsupported": "true"})
    empty = envelope(webhook(item(message={"mid": "m2"})))
    assert empty.kind is Kind.UNKNOWN
    assert empty.sender


def test_reactions_come_and_go_as_two_events() -> None:
    there = item(reaction={"mid": "m1", "action": "react", "emoji": "❤"})
    gone = item(reaction={"mid": "m1", "action": "unreact", "emoji": "❤"})
    first, second = envelopes(webhook(there, gone))
    assert (first.text, second.text) == ("❤", "")
    assert {first.subject_id, second.subject_id} == {"m1"}
    assert first.id != second.id


def test_an_edit_and_a_pressed_button_and_an_advertisement() -> None:
    edit = envelope(webhook(item(message_edit={"mid": "m1", "text": "new", "num_edit": 2})))
    assert (edit.kind, edit.subject_id, edit.text) == (Kind.EDIT, "m1", "new")
    pressed = item(postback={"mid": "m2", "title": "Track", "payload": "TRACK"})
    one = envelope(webhook(pressed))
    assert (one.kind, one.text, one.choice, one.id) == (Kind.MESSAGE, "Track", "TRACK", "m2")
    quick = item(message={"mid": "m3", "text": "Yes", "quick_reply": {"payload": "yes, all"}})
    assert envelope(webhook(quick)).choice == "yes, all"
    came = item(referral={"ref": "spring", "source": "SHORTLINK"})
    assert envelope(webhook(came)).details["referral_ref"] == "spring"
    assert envelope(webhook(came)).kind is Kind.ACCOUNT


def test_an_echo_of_a_colleague_goes_to_the_customer_and_our_own_is_no_message() -> None:
    colleague = ours(message={"mid": "m1", "text": "Hello", "is_echo": True, "app_id": 5})
    one = envelope(webhook(colleague))
    assert (one.kind, one.recipients[0].value, one.sender[0].value) == (Kind.ECHO, ANNA, OURS)
    own = ours(message={"mid": "m1", "text": "Hello", "is_echo": True, "app_id": 77})
    seen = envelope(webhook(own))
    assert (seen.kind, seen.ours, seen.text) == (Kind.ECHO, True, "Hello")
    own["message"]["metadata"] = "our-1"
    proof = envelope(webhook(own))
    assert (proof.kind, proof.state, proof.correlation, proof.subject_id) == (
        Kind.STATUS,
        DeliveryState.SENT,
        "our-1",
        "m1",
    )


def test_a_delivery_is_one_event_for_each_message_or_all_before_a_moment() -> None:
    both = envelopes(webhook(item(delivery={"mids": ["m1", "m2"], "watermark": AT})))
    assert [(one.subject_id, one.state) for one in both] == [
        ("m1", DeliveryState.DELIVERED),
        ("m2", DeliveryState.DELIVERED),
    ]
    until = envelope(webhook(item(read={"watermark": AT})))
    assert until.subject_id == ""
    assert until.up_to == datetime.fromtimestamp(AT / 1000, UTC)


def test_consent_and_the_threads_way_between_apps() -> None:
    stop = {"type": "notification_messages", "notification_messages_status": "STOP_NOTIFICATIONS"}
    one = envelope(webhook(item(optin=stop)))
    assert (one.kind, one.details["value"]) == (Kind.CONSENT, "stop")
    assert envelope(webhook(item(optin={"ref": "box"}))).details["value"] == "resume"
    assert envelope(webhook(item(optout={"ref": "box"}))).details["value"] == "stop"
    passed = envelope(webhook(item(pass_thread_control={"new_owner_app_id": "1"})))
    assert (passed.kind, passed.details["event"]) == (Kind.ACCOUNT, "pass_thread_control")


def test_changes_are_kept_and_the_dashboards_test_message_is_read() -> None:
    comment = {"field": "comments", "value": {"id": "c1", "text": "nice"}}
    assert envelope(webhook(comment, name="changes")).kind is Kind.UNKNOWN
    tried = {"field": "messages", "value": item(message={"mid": "m1", "text": "try"})}
    assert envelope(webhook(tried, name="changes")).text == "try"


def test_another_pages_message_does_not_land_here() -> None:
    elsewhere = Account("i", {"account_id": "5"}, {})
    with pytest.raises(ValueError, match="not to this inbox's account 5"):
        envelopes(webhook(item(message={"mid": "m1", "text": "Hi"})), account=elsewhere)


def test_inspecting_shows_the_same(shared: Path) -> None:
    body = (shared / "specs/instagram/text.json").read_bytes()
    for kind in ("instagram", "messenger"):
        (event,) = inspect_webhook(kind, body, "")["events"]
        assert event["sender"] == [{"kind": kind, "value": "Sender-id-1"}]


GOOD = st.integers(0, 10**9).map(lambda n: item(message={"mid": f"m{n}", "text": "x"}))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
PARTS = ("message", "reaction", "read", "delivery", "postback", "optin", "message_edit", "sender")
ODD = st.dictionaries(st.sampled_from(PARTS), JSON, min_size=1).filter(
    lambda one: not isinstance(one.get("delivery"), dict)
)


@given(
    st.lists(GOOD | JSON | ODD, max_size=8), st.sampled_from(["messaging", "standby", "changes"])
)
def test_n_items_are_n_events_or_dead_letters_whatever_is_wrong_with_some(
    items: list[Any], name: str
) -> None:
    batch = split(webhook(*items, name=name))
    assert len(batch.events) + len(batch.dead_letters) == len(items)
    for event in batch.events:
        with suppress(ValueError):
            MESSENGER.read(ACCOUNT, event)


@given(st.binary(max_size=60))
def test_no_body_breaks_the_split(body: bytes) -> None:
    split(body)
