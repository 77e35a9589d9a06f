"""A visitor says how the chat was: once per resolution, changeable, seen by teammates."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.chat.pace import chats_begun
from core.db import reading, transaction
from core.events import LogEntry
from desk import conversations, inboxes
from desk.conversations import Conversation
from tests.api.conftest import Browser, Desk
from tests.api.test_visitor_facts import Widget


def a_widget(app: FastAPI, **config: str) -> Widget:
    app.state.chats_begun = chats_begun()
    with transaction() as session:
        inbox = inboxes.open_inbox(session, "web", "Chat", config=config)
        return Widget(TestClient(app, base_url="http://desk.example"), inbox.id)


@pytest.fixture
def widget(app: FastAPI, desk: Desk) -> Widget:
    widget = a_widget(app)
    widget.begins()
    widget.writes("My lamp flickers")
    return widget


def conversation_of(widget: Widget) -> str:
    with reading() as session:
        rows = select(Conversation.id).where(Conversation.customer_id == widget.customer_id)
        return session.scalars(rows).one()


def resolve(conversation_id: str) -> None:
    with transaction() as session:
        conversations.resolve(session, conversations.lock(session, conversation_id), by="lea")


def rates(widget: Widget, score: int, comment: str = "", about: str = "") -> httpx2.Response:
    body = {
        "conversation_id": about or conversation_of(widget),
        "score": score,
        "comment": comment,
    }
    headers = {"Authorization": f"Bearer {widget.token}"}
    return widget.client.put(f"/chat/{widget.inbox_id}/rating", json=body, headers=headers)


def asked(widget: Widget) -> Any:
    headers = {"Authorization": f"Bearer {widget.token}"}
    answer = widget.client.get(f"/chat/{widget.inbox_id}/messages", headers=headers)
    return answer.raise_for_status().json()["rating"]


def seen_by(teammate: Browser, conversation_id: str) -> list[tuple[int, str]]:
    whole = teammate.get(f"/api/conversations/{conversation_id}").json()
    return [(one["score"], one["comment"]) for one in whole["ratings"]]


def test_a_chat_is_rated_once_it_is_resolved_and_the_rating_can_be_changed(
    widget: Widget, ben: Browser
) -> None:
    opened = conversation_of(widget)
    assert asked(widget) is None
    assert rates(widget, 4).status_code == 409
    resolve(opened)
    assert asked(widget) == {"conversation_id": opened, "score": None, "comment": ""}

    rates(widget, 2, "Slow").raise_for_status()
    rates(widget, 4, " Better\x00 now ").raise_for_status()

    assert asked(widget) == {"conversation_id": opened, "score": 4, "comment": "Better now"}
    assert seen_by(ben, opened) == [(4, "Better now")]


def test_reopened_and_resolved_again_it_is_asked_again_and_both_are_kept(
    widget: Widget, ben: Browser
) -> None:
    opened = conversation_of(widget)
    resolve(opened)
    rates(widget, 1).raise_for_status()
    widget.writes("It flickers again")
    assert asked(widget) is None
    resolve(opened)
    assert asked(widget)["score"] is None
    rates(widget, 5).raise_for_status()

    assert seen_by(ben, opened) == [(1, ""), (5, "")]


def test_the_log_tells_of_it_once_per_change_and_never_what_was_written(widget: Widget) -> None:
    resolve(conversation_of(widget))
    for _ in range(3):
        rates(widget, 3, "A secret opinion").raise_for_status()

    with reading() as session:
        rows = session.scalars(select(LogEntry).where(LogEntry.name == "conversation.rated")).all()
    assert [row.data["score"] for row in rows] == [3]
    assert "secret" not in str(rows[0].data)


def test_nobody_rates_the_chat_of_somebody_else(widget: Widget, app: FastAPI, ben: Browser) -> None:
    opened = conversation_of(widget)
    resolve(opened)
    stranger = Widget(widget.client, widget.inbox_id)
    stranger.begins()

    assert rates(stranger, 1, about=opened).status_code == 404
    assert seen_by(ben, opened) == []


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_from_one_to_five(widget: Widget, score: int) -> None:
    resolve(conversation_of(widget))
    assert rates(widget, score).status_code == 422


def test_a_website_can_do_without_ratings(app: FastAPI, desk: Desk) -> None:
    widget = a_widget(app, ask_rating="no")
    widget.begins()
    widget.writes("Hello")
    resolve(conversation_of(widget))

    assert asked(widget) is None
    assert rates(widget, 5).status_code == 404
