"""Sending through the fake Graph: limits, windows, refusals, and what nobody can know."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Account
from connectors.channels.instagram.channel import INSTAGRAM
from connectors.channels.messenger.channel import MESSENGER
from connectors.channels.meta.direct.render import render
from connectors.registry import channel
from connectors.simulator.direct import FakeDirect
from connectors.simulator.direct_rules import complaint
from connectors.simulator.faults import Fault
from desk.envelope import Address, Concerns, DeliveryState, File, Outgoing, Source

ANNA = "998877"
HOUR = 3600


@pytest.fixture(params=["instagram", "messenger"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeDirect]:
    with FakeDirect(request.param) as running:
        running.hear(ANNA)
        yield running


@pytest.fixture
def account(fake: FakeDirect) -> Account:
    return account_of(fake)


def account_of(fake: FakeDirect, **secrets: str) -> Account:
    config = {"account_id": fake.account_id, "api_base": fake.base_url}
    right = {"access_token": fake.access_token, "app_secret": fake.app_secret, "verify_token": "v"}
    return Account("inbox", config, right | secrets)


def message(fake: FakeDirect, text: str = "Hello **Anna**", **more: Any) -> Outgoing:
    return Outgoing("our-1", Address(fake.kind, ANNA), text, **more)


def test_a_text_goes_out_without_markup(fake: FakeDirect, account: Account) -> None:
    receipt = channel(fake.kind).send(account, message(fake))
    (sent,) = fake.sent
    assert (receipt.state, receipt.provider_id) == (DeliveryState.SENT, sent.id)
    assert sent.payload["message"]["text"] == "Hello Anna"
    assert sent.payload["messaging_type"] == "RESPONSE"


def test_after_a_day_only_what_a_person_wrote_goes_out_and_that_for_a_week(
    fake: FakeDirect, account: Account
) -> None:
    chosen = channel(fake.kind)
    fake.hear(ANNA, time.time() - 25 * HOUR)
    late = chosen.send(account, message(fake))
    assert (late.state, late.concerns) == (DeliveryState.FAILED, Concerns.RECIPIENT)
    assert "24 hours" in late.error
    machine = chosen.send(account, message(fake, after_window=True))
    assert (machine.state, machine.error_code) == (DeliveryState.FAILED, "window_closed")
    assert not fake.sent
    person = message(fake, after_window=True, by_person=True)
    assert chosen.send(account, person).state is DeliveryState.SENT
    assert fake.sent[0].payload["tag"] == "HUMAN_AGENT"
    fake.hear(ANNA, time.time() - 8 * 24 * HOUR)
    assert chosen.send(account, person).state is DeliveryState.FAILED


@pytest.mark.parametrize(
    ("code", "concerns", "again"),
    [
        (10, Concerns.MESSAGE, False),
        (100, Concerns.MESSAGE, False),
        (190, Concerns.INBOX, False),
        (1893063, Concerns.INBOX, False),
        (551, Concerns.RECIPIENT, False),
        (2018108, Concerns.RECIPIENT, False),
        (613, Concerns.INBOX, True),
        (4, Concerns.INBOX, True),
        (999999, Concerns.MESSAGE, False),
    ],
)
def test_refusals_say_whom_they_are_about(
    fake: FakeDirect, account: Account, code: int, concerns: Concerns, again: bool
) -> None:
    fake.faults.append(Fault(status=400, code=code))
    receipt = channel(fake.kind).send(account, message(fake))
    assert (receipt.state, receipt.concerns) == (DeliveryState.FAILED, concerns)
    assert (receipt.retry_after is not None) == again
    assert receipt.error


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500, code=2),
        Fault(status=400, code=1),
        Fault(status=503, code=0),
        Fault(drop=True),
        Fault(drop=True, taken=True),
    ],
)
def test_what_nobody_can_know_is_unknown(fake: FakeDirect, account: Account, fault: Fault) -> None:
    fake.faults.append(fault)
    receipt = channel(fake.kind).send(account, message(fake))
    assert (receipt.state, receipt.retry_after) == (DeliveryState.UNKNOWN, None)
    assert len(fake.sent) == int(fault.taken)


def test_a_stranger_and_another_channels_address_are_refused(
    fake: FakeDirect, account: Account
) -> None:
    nobody = replace(message(fake), to=Address(fake.kind, "5"))
    assert "does not know this customer" in channel(fake.kind).send(account, nobody).error
    mail = replace(message(fake), to=Address("email", "a@x.example"))
    assert channel(fake.kind).send(account, mail).state is DeliveryState.FAILED
    assert not fake.sent


def test_a_file_is_uploaded_and_named(fake: FakeDirect, account: Account) -> None:
    file = File("image", "a.png", "image/png", content=b"\x89PNG")
    receipt = channel(fake.kind).send(account, message(fake, files=(file,)))
    assert receipt.state is DeliveryState.SENT
    attachment = fake.sent[1].payload["message"]["attachment"]
    assert attachment["type"] == "image"
    assert fake.files[attachment["payload"]["attachment_id"]].content == b"\x89PNG"
    assert receipt.thread_keys == (fake.sent[0].id,)


def test_files_that_are_too_large_or_not_taken_leave_nothing_sent(
    fake: FakeDirect, account: Account
) -> None:
    large = File("video", "a.mp4", "video/mp4", content=b"x" * (25 * 1024 * 1024 + 1))
    assert "25 MB" in channel(fake.kind).send(account, message(fake, files=(large,))).error
    if fake.kind == "instagram":
        sheet = File("document", "a.xlsx", "application/vnd.ms-excel", content=b"x")
        assert "link" in channel(fake.kind).send(account, message(fake, files=(sheet,))).error
    assert not fake.sent


def test_instagrams_own_login_takes_no_uploads() -> None:
    file = File("image", "a.png", "image/png", content=b"x")
    outgoing = Outgoing("o", Address("instagram", ANNA), "Hi", files=(file,))
    receipt = channel("instagram").send(Account("i", {}, {"access_token": "t"}), outgoing)
    assert "through its Facebook page" in receipt.error


def test_choices_come_last_and_long_ones_also_stand_in_the_text(
    fake: FakeDirect, account: Account
) -> None:
    choices = ("Yes", "I would rather have my money back")
    file = File("image", "a.png", "image/png", content=b"x")
    channel(fake.kind).send(account, message(fake, choices=choices, files=(file,)))
    last = fake.sent[-1].payload["message"]
    assert [one["payload"] for one in last["quick_replies"]] == list(choices)
    assert "2. I would rather have my money back" in last["text"]


def test_a_later_part_that_fails_makes_the_whole_unknown(
    fake: FakeDirect, account: Account
) -> None:
    fake.faults.extend([None, Fault(status=400, code=613)])
    long = message(fake, "A sentence of a long text. " * 100)
    receipt = channel(fake.kind).send(account, long)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.UNKNOWN, None)
    assert "1 went out; part 2 did not" in receipt.error


def test_typing_is_shown_or_told_as_an_os_error(fake: FakeDirect, account: Account) -> None:
    to = Address(fake.kind, ANNA)
    chosen: Any = channel(fake.kind)
    chosen.typing(account, to, "m1")
    assert fake.actions == [(ANNA, "mark_seen"), (ANNA, "typing_on")]
    fake.action_faults.append(Fault(drop=True))
    with pytest.raises(OSError, match="did not answer"):
        chosen.typing(account, to, "m1")


def test_files_are_fetched_from_meta_only(fake: FakeDirect, account: Account) -> None:
    chosen = channel(fake.kind)
    there = File("image", reference=fake.upload(b"picture", "image/png"))
    assert chosen.fetch(account, there) == b"picture"
    for elsewhere in (
        "http://169.254.169.254/latest",
        "https://fbcdn.net.evil.example/a",
        "file:///etc/passwd",
        "http://[",
        "",
    ):
        with pytest.raises(OSError, match=r"."):
            chosen.fetch(account, File("image", reference=elsewhere))


def test_the_self_test_tells_what_is_wrong(fake: FakeDirect) -> None:
    chosen = channel(fake.kind)
    assert all(one.ok for one in chosen.check(account_of(fake)))
    assert not chosen.check(account_of(fake, access_token="old"))[0].ok
    wrong = chosen.check(account_of(fake, app_secret="wrong"))
    assert [one.name for one in wrong if not one.ok] == ["App secret"]
    fake.subscribed = ()
    unheard = chosen.check(account_of(fake))
    assert [one.name for one in unheard if not one.ok] == ["Webhook subscription"]


TEXTS = st.text(st.sampled_from("ab .\n!é👩\u200d👧🏽ก็\u0301*[]()|#"), max_size=4000)


@given(TEXTS, st.lists(st.text(min_size=1, max_size=40), max_size=16))
def test_whatever_is_written_keeps_to_metas_limits(text: str, choices: list[str]) -> None:
    for product in (INSTAGRAM, MESSENGER):
        outgoing = Outgoing("o", Address(product.kind, ANNA), text, choices=tuple(choices))
        for body in render(product, outgoing):
            call = {"recipient": {"id": ANNA}, "message": body}
            assert complaint(product.kind, call) == ""


@given(
    st.lists(
        st.sampled_from(["👩\u200d👩\u200d👧", "e\u0301", "🏳️\u200d🌈", "a", " "]), max_size=600
    )
)
def test_no_visible_character_is_cut(pieces: list[str]) -> None:
    whole = "".join(pieces).strip()
    outgoing = Outgoing("o", Address("instagram", ANNA), whole)
    parts = [str(one["text"]) for one in render(INSTAGRAM, outgoing)]
    seen = [sign for part in parts for sign in regex.findall(r"\X", part) if sign.strip()]
    assert seen == [sign for sign in regex.findall(r"\X", whole) if sign.strip()]


def test_sources_stand_below_and_links_are_plain() -> None:
    outgoing = Outgoing(
        "o",
        Address("messenger", ANNA),
        "See [returns](https://x.example/r).",
        sources=(Source("Returns", "https://x.example"),),
    )
    (only,) = render(MESSENGER, outgoing)
    assert only["text"] == "See returns: https://x.example/r.\n\n↗ Returns: https://x.example"
