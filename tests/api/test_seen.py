"""A visitor sees that a teammate has read what they wrote, where the company wants it."""

import httpx2
import pytest
from fastapi import FastAPI

from core import events
from tests.api.conftest import Browser, Desk
from tests.api.test_ratings import a_widget, conversation_of
from tests.api.test_visitor_facts import Widget


def chat(widget: Widget) -> list[tuple[str, bool]]:
    answer: httpx2.Response = widget.client.get(
        f"/chat/{widget.inbox_id}/messages", headers={"Authorization": f"Bearer {widget.token}"}
    )
    return [(one["text"], one["seen"]) for one in answer.raise_for_status().json()["items"]]


def who_wrote(app: FastAPI, **config: str) -> Widget:
    widget = a_widget(app, **config)
    widget.begins()
    widget.writes("My lamp flickers")
    return widget


@pytest.fixture
def widget(app: FastAPI, desk: Desk) -> Widget:
    return who_wrote(app)


def test_what_a_teammate_has_opened_is_seen_and_what_came_later_not_yet(
    widget: Widget, ben: Browser
) -> None:
    [(first, seen)] = chat(widget)
    assert not seen
    place = f"/api/conversations/{conversation_of(widget)}"
    before = events.last_number()
    ben.get(place).raise_for_status()
    assert [one.name for one in events.after(before)] == ["seen.moved"]
    assert chat(widget) == [(first, True)]

    widget.writes("And one more")
    assert chat(widget) == [(first, True), ("And one more", False)]
    ben.get(place).raise_for_status()
    assert [seen for _, seen in chat(widget)] == [True, True]


def test_a_list_is_not_reading(widget: Widget, ben: Browser) -> None:
    ben.get("/api/conversations").raise_for_status()
    assert [seen for _, seen in chat(widget)] == [False]


def test_opening_it_again_is_no_news(widget: Widget, ben: Browser) -> None:
    place = f"/api/conversations/{conversation_of(widget)}"
    ben.get(place)
    before = events.last_number()
    ben.get(place)
    assert events.after(before) == []


def test_a_website_can_keep_it_to_itself(app: FastAPI, desk: Desk, ben: Browser) -> None:
    widget = who_wrote(app, show_seen="no")
    ben.get(f"/api/conversations/{conversation_of(widget)}").raise_for_status()
    assert [seen for _, seen in chat(widget)] == [False]
