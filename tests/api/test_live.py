"""The live stream: what one teammate does, the others see, each thing once and in order."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from httpx_sse import EventSource
from sqlalchemy import event

from api import live as api_live
from core import events
from core.db import engine, transaction
from tests.api.conftest import PASSWORD, Desk, serving


@pytest.fixture
def address(app: FastAPI, desk: Desk) -> Iterator[str]:
    with serving(app) as address:
        yield address


def signed_in(address: Any, name: Any) -> httpx.Client:
    client = httpx.Client(
        base_url=address, headers={"X-Requested-With": "onethread"}, timeout=20, trust_env=False
    )
    credentials = {"email": f"{name}@shop.example", "password": PASSWORD}
    client.post("/api/sign-in", json=credentials).raise_for_status()
    return client


@contextmanager
def listening(client: Any, **headers: Any) -> Any:
    """The stream's events, from the moment it is open."""
    with client.stream("GET", "/api/live", headers=headers) as response:
        response.raise_for_status()
        stream = EventSource(response).iter_sse()
        first = next(stream)
        assert first.event in ("ping", "reload")
        yield first, (one for one in stream if one.event == "log")


def told(stream: Any, count: Any) -> Any:
    return [json.loads(next(stream).data) for _ in range(count)]


def happen(*names: Any) -> None:
    for name in names:
        with transaction() as session:
            events.append(session, name)


def test_two_teammates_see_the_same_things_in_the_same_order(address: Any, desk: Desk) -> None:
    ben, cem = signed_in(address, "ben"), signed_in(address, "cem")
    opened = desk.customer_writes("Where is my order?")
    with listening(ben) as (_, for_ben), listening(cem) as (_, for_cem):
        ben.post(f"/api/conversations/{opened}/reply", json={"text": "On its way."})
        seen = told(for_ben, 2)
        assert [entry["name"] for entry in seen] == ["conversation.taken", "message.written"]
        assert {entry["conversation_id"] for entry in seen} == {opened}
        assert told(for_cem, 2) == seen
        assert "On its way" not in json.dumps(seen)


def test_who_comes_back_hears_what_they_missed_once(address: Any, desk: Desk) -> None:
    ben = signed_in(address, "ben")
    happen("before")
    with listening(ben) as (first, _):
        number = first.id
    happen("missed 1", "missed 2")
    with listening(ben, **{"Last-Event-ID": number}) as (_, stream):
        assert [entry["name"] for entry in told(stream, 2)] == ["missed 1", "missed 2"]
        happen("now")
        assert told(stream, 1)[0]["name"] == "now"


def test_nothing_is_missed_or_doubled_while_the_log_is_being_written(
    address: Any, desk: Desk
) -> None:
    ben = signed_in(address, "ben")
    with listening(ben) as (first, _):
        number = first.id
    writer = threading.Thread(target=lambda: happen(*(str(n) for n in range(60))))
    writer.start()
    heard: list[str] = []
    while len(heard) < 60:
        with listening(ben, **{"Last-Event-ID": number}) as (_, stream):
            for entry in stream:
                heard.append(json.loads(entry.data)["name"])
                number = entry.id
                if len(heard) % 20 == 0:
                    break
    writer.join()
    assert heard == [str(n) for n in range(60)]


def test_after_a_long_absence_the_browser_is_told_to_load_afresh(
    address: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_live, "TOO_FAR_BEHIND", 3)
    ben = signed_in(address, "ben")
    happen("a", "b", "c", "d", "e")
    with listening(ben, **{"Last-Event-ID": "0"}) as (first, stream):
        assert first.event == "reload"
        happen("f")
        assert told(stream, 1)[0]["name"] == "f"


def test_however_many_listen_a_wake_costs_one_look(address: Any, desk: Desk) -> None:
    ben = signed_in(address, "ben")
    looks: list[str] = []

    def count(_conn: Any, _cursor: Any, statement: Any, *_: Any) -> None:
        if "FROM log_entry" in statement and "number >" in statement:
            looks.append(statement)

    with (
        listening(ben) as (_, one),
        listening(signed_in(address, "cem")) as (_, two),
        listening(signed_in(address, "lea")) as (_, three),
    ):
        event.listen(engine(), "before_cursor_execute", count)
        try:
            happen("settled")
            for stream in (one, two, three):
                told(stream, 1)
            _wait_until_nobody_looks(looks)
            looks.clear()
            happen("news")
            for stream in (one, two, three):
                assert told(stream, 1)[0]["name"] == "news"
        finally:
            event.remove(engine(), "before_cursor_execute", count)
    assert 1 <= len(looks) <= 2


def _wait_until_nobody_looks(looks: list[str]) -> None:
    """Who has just come still catches up by itself."""
    known = -1
    while known != len(looks):
        known = len(looks)
        time.sleep(0.3)


def test_a_deactivated_teammates_stream_ends(address: Any, desk: Desk) -> None:
    ada, ben = signed_in(address, "ada"), signed_in(address, "ben")
    me = ben.get("/api/me").json()["id"]
    with listening(ben) as (_, stream):
        ada.patch(f"/api/teammates/{me}", json={"active": False})
        assert [entry.event for entry in stream]
    assert ben.get("/api/live").status_code == 401


def test_signing_out_elsewhere_leaves_this_browsers_stream_open(address: Any, desk: Desk) -> None:
    here, there = signed_in(address, "ben"), signed_in(address, "ben")
    with listening(here) as (_, stream):
        there.post("/api/sign-out")
        assert told(stream, 1)[0]["name"] == "teammate.signed_out"
        happen("still here")
        assert told(stream, 1)[0]["name"] == "still here"


def test_who_leaves_frees_their_place(address: Any, desk: Desk, app: FastAPI) -> None:
    ben = signed_in(address, "ben")
    hub = app.state.hub
    with listening(ben) as (_, stream):
        happen("one")
        told(stream, 1)
        assert hub.is_reading
    for _ in range(200):
        if not hub.is_reading:
            break
        time.sleep(0.02)
    assert not hub.is_reading


def test_nobody_listens_who_is_not_signed_in(address: Any, desk: Desk) -> None:
    assert httpx.get(f"{address}/api/live", trust_env=False).status_code == 401
