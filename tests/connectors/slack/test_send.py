"""Sending through the fake Slack: what is taken, refused, and what nobody can know."""

import json
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from connectors.base import Account
from connectors.channels.slack.render import render
from connectors.channels.slack.words import mrkdwn
from connectors.simulator.faults import Fault
from connectors.simulator.slack import FakeSlack
from connectors.simulator.slack_rules import complaint
from connectors.styled import runs_of
from desk.envelope import Address, Concerns, DeliveryState, File, Outgoing, Source
from tests.connectors.slack.conftest import ANNA, CHANNEL, account_of, received

TO = Address("slack", "T0DEMOSHOP:U0ANNA")
HELLO = Outgoing(id="our-1", to=TO, text="Hello **Anna**", place="C1:1.1")


def test_an_answer_goes_below_the_question(slack: FakeSlack, account: Account) -> None:
    receipt = CHANNEL.send(account, HELLO)
    (sent,) = slack.sent
    assert (receipt.state, receipt.provider_id) == (
        DeliveryState.SENT,
        f"C1:{sent.answer['ts']}",
    )
    assert (sent.body["channel"], sent.body["thread_ts"]) == ("C1", "1.1")
    assert sent.body["text"] == "Hello *Anna*"
    assert received(ANNA.react("tada", "C1", sent.answer["ts"])).subject_id == receipt.provider_id


def test_a_direct_message_is_answered_plainly(slack: FakeSlack, account: Account) -> None:
    CHANNEL.send(account, replace(HELLO, place="D0ANNA"))
    CHANNEL.send(account, replace(HELLO, place=""))
    assert [one.body["channel"] for one in slack.sent] == ["D0ANNA", "D0ANNA"]
    assert not any("thread_ts" in one.body for one in slack.sent)


def test_choices_are_buttons_that_bring_themselves_back(slack: FakeSlack, account: Account) -> None:
    long = "The blue lamp with the long wooden stand, the very long cable and another shade too"
    CHANNEL.send(account, replace(HELLO, choices=(long, "No")))
    (sent,) = slack.sent
    section, actions = sent.body["blocks"]
    assert section["text"]["text"] == "Hello *Anna*"
    pressed = ANNA.press("C1", sent.answer["ts"], actions["elements"][0], thread_ts="1.1")
    assert received(pressed).choice == long


def test_files_are_uploaded_and_shared_at_once(slack: FakeSlack, account: Account) -> None:
    files = tuple(File("document", f"{n}.pdf", content=b"%PDF") for n in range(2))
    receipt = CHANNEL.send(account, replace(HELLO, files=files))
    text, shared = slack.sent
    assert shared.method == "files.completeUploadExternal"
    assert [one["title"] for one in shared.body["files"]] == ["0.pdf", "1.pdf"]
    assert (shared.body["channel_id"], shared.body["thread_ts"]) == ("C1", "1.1")
    assert receipt.provider_id == f"C1:{text.answer['ts']}"
    assert list(slack.files.values()) == [b"%PDF", b"%PDF"]


@pytest.mark.parametrize(
    ("word", "concerns"),
    [
        ("channel_not_found", Concerns.RECIPIENT),
        ("not_in_channel", Concerns.RECIPIENT),
        ("is_archived", Concerns.RECIPIENT),
        ("token_revoked", Concerns.INBOX),
        ("account_inactive", Concerns.INBOX),
        ("msg_too_long", Concerns.MESSAGE),
        ("something_new", Concerns.MESSAGE),
    ],
)
def test_a_refusal_for_good_says_whom_it_is_about(
    slack: FakeSlack, account: Account, word: str, concerns: Concerns
) -> None:
    slack.faults.append(Fault(status=200, words=word))
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.error_code) == (DeliveryState.FAILED, word)
    assert (receipt.retry_after, receipt.concerns) == (None, concerns)


def test_too_many_messages_hold_this_place_back(slack: FakeSlack, account: Account) -> None:
    slack.faults.append(Fault(status=429, retry_after="17"))
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.FAILED, 17)
    assert receipt.concerns is Concerns.RECIPIENT


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=503, taken=True),
        Fault(status=200, words="internal_error"),
        Fault(drop=True),
        Fault(drop=True, taken=True),
    ],
)
def test_what_nobody_can_know_is_unknown_and_never_sent_again(
    slack: FakeSlack, account: Account, fault: Fault
) -> None:
    slack.faults.append(fault)
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.UNKNOWN, None)
    assert len(slack.sent) == int(fault.taken)


def test_when_the_files_fail_after_the_text_the_whole_is_unknown(
    slack: FakeSlack, account: Account
) -> None:
    slack.faults.extend([Fault(status=200, taken=True), Fault(status=429)])
    file = File("document", "a.pdf", content=b"%PDF")
    receipt = CHANNEL.send(account, replace(HELLO, files=(file,)))
    assert (receipt.state, receipt.retry_after) == (DeliveryState.UNKNOWN, None)
    assert receipt.error.startswith("Of 2 parts, 1 went out")


def test_when_nothing_listens_it_may_be_tried_again() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = account_of(f"http://127.0.0.1:{closed.getsockname()[1]}")
        receipt = CHANNEL.send(nowhere, HELLO)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.FAILED, 15)


def test_an_address_of_another_channel_or_an_empty_message_is_refused(
    slack: FakeSlack, account: Account
) -> None:
    for wrong in (replace(HELLO, to=Address("email", "a@x")), replace(HELLO, text=" ")):
        receipt = CHANNEL.send(account, wrong)
        assert (receipt.state, receipt.retry_after) == (DeliveryState.FAILED, None)
    assert not slack.sent


def test_a_customers_file_is_fetched_with_the_token(slack: FakeSlack, account: Account) -> None:
    address = slack.upload(b"picture")
    assert CHANNEL.fetch(account, File("image", reference=address)) == b"picture"
    assert CHANNEL.fetch(account, File("image", reference=address.rpartition("/")[2])) == b"picture"
    with pytest.raises(OSError, match="files:read"):
        CHANNEL.fetch(account_of(slack.api_base, "xoxb-old"), File("image", reference=address))
    for elsewhere in ("https://slack.com.evil.example/f", "http://files.slack.com/f", "http://["):
        with pytest.raises(OSError, match="Slack"):
            CHANNEL.fetch(account, File("image", reference=elsewhere))


def test_the_self_test_asks_slack(slack: FakeSlack, account: Account) -> None:
    assert [one.ok for one in CHANNEL.check(account)] == [True, True]
    (token, secret) = CHANNEL.check(Account("i", account.config, {"bot_token": "xoxb-old"}))
    assert (token.ok, secret.ok) == (False, False)
    assert "bot token" in token.message


@pytest.mark.parametrize(
    ("neutral", "sent"),
    [
        ("This is **important**.", "This is *important*."),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        (
            "See [our page](https://x.example/a?b=1&c=2).",
            "See <https://x.example/a?b=1&amp;c=2|our page>.",
        ),
        ("**[here](https://x.example)**", "*<https://x.example|here>*"),
        ("## Returns\nSend it back.", "*Returns*\nSend it back."),
        ("<@U1> <!channel>", "&lt;@U1&gt; &lt;!channel&gt;"),
    ],
)
def test_markup_becomes_what_slack_knows(neutral: str, sent: str) -> None:
    assert mrkdwn(runs_of(neutral)) == sent


def test_sources_stand_as_links_at_the_end() -> None:
    sources = (Source("Returns", "https://x.example/r"),)
    (body,) = render(replace(HELLO, sources=sources))
    assert body["text"] == "Hello *Anna*\n\n↗ <https://x.example/r|Returns>"


def test_what_is_longer_than_it_looks_is_cut_again() -> None:
    linked = "[a](https://x.example/" + "b" * 900 + ") "
    for text in ("&<>" * 2000, "R&D is fun. " * 400, f"**{linked * 20}**"):
        bodies = render(replace(HELLO, text=text))
        assert len(bodies) > 1
        assert all(complaint(body) == "" and len(body["text"]) <= 3000 for body in bodies)


MARKS = ["**", "](https://x.example/", "&", "&", *"ab .!\n*[]()<>|-😀ß"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(MARKS), max_size=300).map("".join),
    st.integers(1, 30),
    st.lists(st.text(max_size=90), max_size=30),
)
def test_no_text_breaks_a_limit(text: str, times: int, choices: list[str]) -> None:
    for body in render(replace(HELLO, text=text * times, choices=tuple(choices))):
        assert complaint(body) == ""
        assert len(body["text"]) <= 3000


@pytest.fixture(scope="module")
def spec(shared: Path) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(
        (shared / "specs/slack/slack_web_openapi_v2.json").read_text()
    )
    return whole


def _problems(spec: dict[str, Any], method: str, answer: dict[str, Any]) -> list[str]:
    response = spec["paths"][f"/{method}"]["post" if method != "auth.test" else "get"]["responses"]
    schema = {**response["200"]["schema"], "definitions": spec["definitions"]}
    return [one.message for one in Draft4Validator(schema).iter_errors(answer)]


def test_what_we_send_and_what_the_simulator_answers_has_slacks_form(
    slack: FakeSlack, account: Account, spec: dict[str, Any]
) -> None:
    CHANNEL.send(account, replace(HELLO, place="C0GENERAL1:1503435956.000247", choices=("a",)))
    (sent,) = slack.sent
    stated = spec["paths"]["/chat.postMessage"]["post"]["parameters"]
    assert set(sent.body) <= {one["name"] for one in stated}
    assert not _problems(spec, "chat.postMessage", sent.answer)
    token = {"authorization": f"Bearer {slack.token}"}
    me = httpx.post(f"{slack.api_base}/auth.test", headers=token).json()
    assert not _problems(spec, "auth.test", me)


def test_the_simulators_refusals_are_slacks_words(spec: dict[str, Any]) -> None:
    default = spec["paths"]["/chat.postMessage"]["post"]["responses"]["default"]["schema"]
    known = default["properties"]["error"]["enum"]
    assert complaint({"text": ""}) in known
    assert complaint({"text": "x" * 40_001}) in known
