"""Events and what they mean."""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Account, Request
from connectors.simulator.server import Post
from desk.envelope import Address, Kind, Strength
from tests.connectors.slack.conftest import (
    ANNA,
    CHANNEL,
    SECRET,
    account_of,
    all_received,
    received,
    request_of,
)


def test_a_direct_message_comes_from_an_account_that_slack_vouches_for() -> None:
    said = ANNA.message("Where is my <https://x.example/l|lamp> &amp; shade?")
    found = received(ANNA.event(said))
    assert (found.kind, found.text) == (
        Kind.MESSAGE,
        "Where is my lamp (https://x.example/l) & shade?",
    )
    assert found.sender == (Address("slack", "T0DEMOSHOP:U0ANNA", Strength.ASSERTED, "Slack"),)
    assert (found.id, found.place) == (f"D0ANNA:{said['ts']}", "D0ANNA")
    assert found.thread_hints == ()


def test_a_question_in_a_channel_opens_a_thread_below_itself() -> None:
    said = ANNA.message("<@U0DEMOBOT>: where is it?", channel="C1")
    found = received(ANNA.event(said))
    assert (found.text, found.place) == ("where is it?", f"C1:{said['ts']}")
    more = received(ANNA.text("Hello?", channel="C1", thread_ts=said["ts"]))
    assert (more.place, more.reply_to) == (found.place, found.id)
    assert more.thread_hints == found.thread_hints


def test_a_mention_and_its_message_are_one() -> None:
    said = ANNA.message("<@U0DEMOBOT> help", channel="C1")
    posts = (ANNA.event(said), ANNA.event(said | {"type": "app_mention"}))
    names = {CHANNEL.split(request_of(post)).events[0].id for post in posts}
    assert len(names) == 1
    assert received(posts[0]).id == received(posts[1]).id


def test_a_retry_is_the_same_event() -> None:
    post = ANNA.react("tada", "C1", "1.1")
    again = {**post.headers, "x-slack-retry-num": "2", "x-slack-retry-reason": "http_timeout"}
    assert CHANNEL.split(request_of(post)) == CHANNEL.split(Request(post.body, again, {}))


def test_slacks_old_token_is_not_kept() -> None:
    whole = {"type": "event_callback", "token": "old-secret", "event": {"type": "team_rename"}}
    post = ANNA.signed(json.dumps(whole).encode(), "application/json")
    (event,) = CHANNEL.split(request_of(post)).events
    assert "old-secret" not in event.body


def test_an_edit_and_a_deletion_are_about_their_message() -> None:
    before = ANNA.message("blue", channel="C1")
    name = f"C1:{before['ts']}"
    edited, gone = received(ANNA.edit(before, "green")), received(ANNA.delete(before))
    assert (edited.kind, edited.subject_id, edited.text) == (Kind.EDIT, name, "green")
    assert (gone.kind, gone.subject_id) == (Kind.DELETE, name)


def test_a_link_that_slack_unfolds_is_no_edit() -> None:
    before = ANNA.message("see https://x.example")
    body = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "2.1"}
    now = before | {"attachments": [{"title": "x"}]}
    found = received(ANNA.event(body | {"message": now, "previous_message": before}))
    assert (found.kind, found.sender) == (Kind.UNKNOWN, ())


def test_a_deleted_parent_of_a_thread_is_deleted() -> None:
    before = ANNA.message("blue")
    body = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "2.1"}
    now = {"subtype": "tombstone", "ts": before["ts"], "text": "This message was deleted."}
    found = received(ANNA.event(body | {"message": now, "previous_message": before}))
    assert (found.kind, found.subject_id) == (Kind.DELETE, f"C1:{before['ts']}")


def test_reactions_come_and_go() -> None:
    came = received(ANNA.react("tada", "C1", "1.1"))
    went = received(ANNA.react("tada", "C1", "1.1", removed=True))
    assert (came.kind, came.text, came.subject_id) == (Kind.REACTION, ":tada:", "C1:1.1")
    assert (went.kind, went.text) == (Kind.REACTION, "")


def test_files_come_with_the_address_only_we_may_open() -> None:
    files = [
        {
            "id": "F1",
            "name": "a.png",
            "mimetype": "image/png",
            "size": 9,
            "url_private": "https://f",
        },
        {"id": "F2", "file_access": "check_file_info"},
        {"id": "F3", "mimetype": "audio/mp4", "subtype": "slack_audio", "url_private": "https://g"},
    ]
    found = received(ANNA.text("look", subtype="file_share", files=files))
    assert [(one.kind, one.reference, one.size) for one in found.files] == [
        ("image", "https://f", 9),
        ("document", "F2", None),
        ("voice", "https://g", None),
    ]


def test_no_app_is_ever_answered() -> None:
    ours = received(ANNA.text("hi", bot_id="B1", app_id="A0DEMOSHOP"))
    theirs = received(ANNA.text("hi", bot_id="B2", app_id="A0OTHER"))
    old = received(ANNA.text("hi", subtype="bot_message", bot_id="B3", username="jira"))
    assert [one.kind for one in (ours, theirs, old)] == [Kind.ECHO, Kind.UNKNOWN, Kind.UNKNOWN]
    assert not any(one.sender or one.recipients for one in (ours, theirs, old))
    assert old.details["app"] == "jira"


def test_a_pressed_button_brings_the_whole_choice() -> None:
    label = {"type": "plain_text", "text": "The blue…"}
    button = {"type": "button", "action_id": "choice_1", "text": label, "value": "The blue lamp"}
    found = received(ANNA.press("C1", "2.2", button, thread_ts="1.1"))
    assert (found.kind, found.text, found.choice) == (Kind.MESSAGE, *["The blue lamp"] * 2)
    assert (found.reply_to, found.place) == ("C1:2.2", "C1:1.1")
    assert found.sender[0].value == "T0DEMOSHOP:U0ANNA"


def test_several_actions_of_one_payload_are_several_events() -> None:
    post = ANNA.press("C1", "2.2", {"action_id": "a", "value": "x"})
    form = post.body.decode()
    assert form.startswith("payload=")
    payload = {"type": "block_actions", "user": {"id": "U1"}, "team": {"id": "T1"}}
    actions = [{"action_id": f"a{n}", "action_ts": "1.1", "value": str(n)} for n in range(5)]
    body = json.dumps(payload | {"actions": actions}).encode()
    found = all_received(ANNA.signed(b"payload=" + body, "application/x-www-form-urlencoded"))
    assert [one.choice for one in found] == list("01234")
    assert len({one.id for one in found}) == 5


def test_an_app_without_its_token_says_what_to_do() -> None:
    gone = received(ANNA.event({"type": "app_uninstalled"}))
    lost = received(ANNA.event({"type": "tokens_revoked", "tokens": {"bot": ["U0DEMOBOT"]}}))
    others = received(ANNA.event({"type": "tokens_revoked", "tokens": {"oauth": ["U5"]}}))
    assert [one.kind for one in (gone, lost, others)] == [Kind.ACCOUNT] * 3
    assert "Install it again" in gone.error
    assert "token" in lost.error
    assert others.error == ""


PLAIN_MESSAGES = ("Message", "MessageFileShare", "MessageMe", "MessageThreadBroadcast")
KINDS = {
    **dict.fromkeys((*PLAIN_MESSAGES, "AppMention"), Kind.MESSAGE),
    "MessageChanged": Kind.EDIT,
    "MessageDeleted": Kind.DELETE,
    "ReactionAdded": Kind.REACTION,
    "ReactionRemoved": Kind.REACTION,
    "AppUninstalled": Kind.ACCOUNT,
    "TokensRevoked": Kind.ACCOUNT,
}
"""All others are kept as unknown and name nobody."""


def test_each_published_event_is_one_event_of_the_right_kind(shared: Path) -> None:
    files = sorted((shared / "specs" / "slack" / "events").glob("*.json"))
    assert len(files) > 30
    names = set()
    for file in files:
        found = received(ANNA.signed(file.read_bytes(), "application/json"))
        stem = file.stem.removesuffix("Payload")
        assert found.kind is KINDS.get(stem, Kind.UNKNOWN), stem
        assert found.kind is not Kind.UNKNOWN or not found.sender
        names.add(found.id)
    assert len(names) == len(files)


def test_the_address_is_confirmed_to_slack_alone() -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    assert (
        CHANNEL.handshake(account_of(), request_of(ANNA.signed(body, "application/json"))) == "abc"
    )
    assert CHANNEL.handshake(account_of(), request_of(ANNA.text("hi"))) is None
    assert CHANNEL.handshake(account_of(), Request(b"", {}, {"challenge": "abc"})) is None


@pytest.fixture
def vector(shared: Path) -> dict[str, str]:
    """A signature that slack_sdk made."""
    vectors = json.loads((shared / "specs/signature-vectors/vectors.json").read_text())
    return next(one for one in vectors if one["channel"] == "slack")


def test_slacks_own_signature_holds_for_five_minutes(
    vector: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    then = int(vector["timestamp"])
    headers = {
        "x-slack-request-timestamp": vector["timestamp"],
        vector["header"].lower(): vector["value"],
    }
    account = Account("i", {}, {"signing_secret": vector["secret"]})

    def holds(at: float, body: str = vector["body"], **changed: str) -> bool:
        monkeypatch.setattr(time, "time", lambda: at)
        names = {name.replace("_", "-"): value for name, value in changed.items()}
        return CHANNEL.is_authentic(account, Request(body.encode(), headers | names, {}))

    assert holds(then)
    assert holds(then + 299)
    assert not holds(then + 301)
    assert not holds(then - 301)
    assert not holds(then, vector["body"] + " ")
    assert not holds(then, x_slack_signature=vector["value"][:-1] + "x")
    assert not holds(then, x_slack_signature="")
    assert not holds(then, x_slack_request_timestamp=str(then + 1))
    assert not holds(then, x_slack_request_timestamp="soon")
    bare = Account("i", {}, {})
    assert not CHANNEL.is_authentic(bare, Request(vector["body"].encode(), headers, {}))


def test_what_is_no_event_is_kept_as_a_dead_letter() -> None:
    for body in (b"", b"[]", b"nonsense", b"payload=%7B"):
        batch = CHANNEL.split(Request(body, {}, {}))
        assert (len(batch.events), len(batch.dead_letters)) == (0, 1)


def test_a_request_signed_with_another_secret_is_refused() -> None:
    forged = type(ANNA)("U0ANNA", SECRET + "x").text("hi")
    assert not CHANNEL.is_authentic(account_of(), request_of(forged))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
NAMES = ["subtype", "text", "user", "ts", "channel", "message", "files", "item", "tokens"]


@given(
    st.sampled_from(["message", "app_mention", "reaction_added", "tokens_revoked", "other"]),
    st.dictionaries(st.sampled_from(NAMES) | st.text(), json_values, max_size=5),
)
def test_no_event_breaks_the_reader(kind: str, more: dict[str, Any]) -> None:
    whole = {"type": "event_callback", "event": {"type": kind} | more}
    batch = CHANNEL.split(request_of(Post(json.dumps(whole).encode())))
    assert len(batch.events) == 1
    with suppress(ValueError):
        assert len(CHANNEL.read(account_of(), batch.events[0])) == 1


@given(st.binary(max_size=200) | json_values.map(lambda one: json.dumps(one).encode()))
def test_no_body_breaks_the_splitter(body: bytes) -> None:
    batch = CHANNEL.split(Request(body, {}, {}))
    assert len(batch.events) + len(batch.dead_letters) == 1
