"""n items in are n events out, whatever stands beside them."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.channels.whatsapp.split import ITEM_LISTS
from desk.envelope import Envelope, RawEvent
from tests.connectors.whatsapp.webhooks import ACCOUNT, CHANNEL, change, split, text, webhook


def test_every_item_of_every_entry_and_change_is_an_event() -> None:
    body = webhook(
        change(messages=[text("a", id="1"), text("b", id="2")], statuses=[status("3", "sent")]),
        change(statuses=[status("3", "delivered"), status("3", "read")]),
        change("smb_message_echoes", message_echoes=[text("c", id="4")]),
        {"field": "account_update", "value": {"event": "X"}},
    )
    ids = [one.id for one in split(body).events]
    assert ids[:6] == ["1", "2", "3:sent", "3:delivered", "3:read", "4"]
    assert len(ids) == 7


def test_one_malformed_item_never_stops_its_neighbours() -> None:
    batch = split(webhook(change(messages=[text("a", id="1"), None, 7, {}, text("b", id="2")])))
    assert [one.id for one in batch.events] == ["1", "2"]
    assert [one.body for one in batch.dead_letters] == ["null", "7", "{}"]


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"[]", b"null", b'{"entry": 5}', b"\xff\xfe\x00", b"[" * 100_000, b"{}"],
)
def test_an_unparseable_body_is_one_dead_letter(body: bytes) -> None:
    batch = split(body)
    assert (len(batch.events), len(batch.dead_letters)) == (0, 1)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        3,
        {},
        {"changes": None},
        {"changes": [None]},
        {"changes": [{"field": "messages", "value": "x"}]},
        {"changes": [{"value": {"messages": "x"}}]},
    ],
)
def test_a_broken_entry_is_one_dead_letter_beside_its_neighbours(entry: Any) -> None:
    good = {"changes": [change(messages=[text("a", id="1")])]}
    batch = split(json.dumps({"entry": [entry, good]}).encode())
    assert ([one.id for one in batch.events], len(batch.dead_letters)) == (["1"], 1)


def test_an_item_nested_too_deeply_is_kept_one_way_or_the_other() -> None:
    whole = webhook(change(messages=[text("a", id="1"), {"id": "2", "x": "DEEP"}]))
    for depth in range(800, 1000, 3):
        batch = split(whole.replace(b'"DEEP"', b"[" * depth + b"]" * depth))
        if not batch.events:
            assert [one.reason for one in batch.dead_letters] == ["The body is not readable JSON."]
        else:
            assert batch.events[0].id == "1"
            assert len(batch.events) + len(batch.dead_letters) == 2


def test_an_edit_that_reuses_the_original_id_is_an_event_of_its_own() -> None:
    edit = {"id": "1", "type": "edit", "edit": {"original_message_id": "1", "message": {}}}
    first, second = split(webhook(change(messages=[text("a", id="1"), edit]))).events
    assert first.id == "1"
    assert second.id.startswith("sha256:")


def test_members_of_a_group_report_one_by_one() -> None:
    reports = [status("1", "read", recipient_participant_id=phone) for phone in ("491", "492")]
    assert len({one.id for one in split(webhook(change(statuses=reports))).events}) == 2


def test_the_same_news_about_the_account_on_another_day_is_another_event() -> None:
    news = {"field": "account_update", "value": {"event": "PAUSED"}}
    one, again, later = (
        json.dumps({"entry": [{"id": "1", "time": time, "changes": [news]}]}).encode()
        for time in (5, 5, 6)
    )
    assert split(one).events[0].id == split(again).events[0].id != split(later).events[0].id


def test_another_numbers_events_are_events_too() -> None:
    foreign = change(messages=[text("a", id="1")])
    foreign["value"]["metadata"] = {"phone_number_id": "someone else's"}
    (event,) = split(webhook(foreign)).events
    assert json.loads(event.body)["metadata"]["phone_number_id"] == "someone else's"


def status(about: str, what: str, **more: Any) -> dict[str, Any]:
    return {"id": about, "status": what, "timestamp": "1763820000"} | more


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=5,
)
ids = st.text(min_size=1, max_size=30) | st.sampled_from(["wamid.1", "wamid.2"])
good_items = st.one_of(
    st.builds(lambda id, body: text(body, id=id), ids, st.text(max_size=30)),
    st.builds(
        lambda id, what: {"id": id, "type": what, what: {}},
        ids,
        st.sampled_from(
            ["image", "location", "edit", "revoke", "reaction", "system", "order", "poll"]
        ),
    ),
    st.builds(status, ids, st.sampled_from(["sent", "delivered", "read", "failed", "odd"])),
)
items = st.lists(
    good_items | junk | st.dictionaries(st.text(max_size=9), junk, max_size=4), max_size=6
)
names = st.sampled_from(
    [
        "messages",
        "statuses",
        "message_echoes",
        "calls",
        "user_preferences",
        "user_id_update",
        "groups",
        "history",
        "state_sync",
        "errors",
    ]
)


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[Any], int]:
    """Entries, and how many events or dead letters they must give."""
    entries: list[Any] = []
    count = 0
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.booleans()) and draw(st.booleans()):
            entries.append(draw(junk.filter(lambda one: not isinstance(one, dict))))
            count += 1
            continue
        changes: list[Any] = []
        for _ in range(draw(st.integers(0, 3))):
            lists = draw(st.dictionaries(names, items, min_size=1, max_size=2))
            changes.append(
                change(
                    draw(st.sampled_from(["messages", "calls", "odd"])),
                    contacts=draw(items),
                    **lists,
                )
            )
            count += sum(len(one) for one in lists.values())
        for _ in range(draw(st.integers(0, 1))):
            changes.append({"field": draw(st.text(max_size=9)), "value": {"event": draw(junk)}})
            count += 1
        entries.append({"id": "1", "time": draw(junk), "changes": changes})
    return entries, count


@given(batches())
@settings(max_examples=60, deadline=None)
def test_n_items_in_are_n_events_and_dead_letters_out(batch: tuple[list[Any], int]) -> None:
    entries, count = batch
    body = json.dumps({"entry": entries}).encode()
    found = split(body)
    assert len(found.events) + len(found.dead_letters) == count
    for event in found.events:
        assert event.body.isascii()
        event.id.encode()


@given(batches())
@settings(max_examples=60, deadline=None)
def test_reading_gives_an_envelope_or_says_why_not(batch: tuple[list[Any], int]) -> None:
    for event in split(json.dumps({"entry": batch[0]}).encode()).events:
        for envelope in _understood(event):
            assert envelope.id == event.id
            repr(envelope).encode()


def _understood(event: RawEvent) -> tuple[Envelope, ...]:
    try:
        return CHANNEL.read(ACCOUNT, event)
    except UnicodeError:
        raise
    except ValueError:
        return ()


@given(batches(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_ids_survive_redelivery_and_reordering(
    batch: tuple[list[Any], int], chance: random.Random
) -> None:
    entries, _ = batch
    before = sorted(one.id for one in split(json.dumps({"entry": entries}).encode()).events)
    shuffled = json.loads(json.dumps(entries))
    for entry in (one for one in shuffled if isinstance(one, dict)):
        for one in entry["changes"]:
            for name in ITEM_LISTS:
                chance.shuffle(one["value"].get(name, []))
        chance.shuffle(entry["changes"])
    chance.shuffle(shuffled)
    after = sorted(one.id for one in split(json.dumps({"entry": shuffled}).encode()).events)
    assert before == after


@given(st.binary(max_size=300) | junk.map(lambda one: json.dumps(one).encode()))
@settings(max_examples=200, deadline=None)
def test_no_body_makes_split_raise(body: bytes) -> None:
    split(body)
