"""An answer that grows while the visitor watches, in a browser that doesn't hold still."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, Route, expect
from sqlalchemy import select, update

from agent.gather import claim_turn
from agent.speak import LiveVoice
from api.app import create_app
from core.clock import now
from core.db import reading, transaction
from core.settings import Settings
from delivery import inbound, receive
from desk import inboxes, messages
from desk.conversations import Conversation
from desk.messages import Message
from tests.api.conftest import serving
from tests.web.chat import open_chat, say
from tests.web.conftest import HTML, SHOP



@dataclass(frozen=True)
class Website:
    """A website with the chat, on a service that answers only when the test speaks."""

    url: str
    inbox_id: str


@pytest.fixture
def website(small_installation: Settings) -> Iterator[Website]:
    with transaction() as session:
        inbox = inboxes.open_inbox(session, "web", "Chat")
    with serving(create_app()) as url:
        yield Website(url, inbox.id)


@pytest.fixture
def page(browser: Browser, website: Website) -> Iterator[Page]:
    def embed(route: Route) -> None:
        script = f"{website.url}/widget.js"
        body = f'<!doctype html><script async src="{script}" data-inbox="{website.inbox_id}">'
        route.fulfill(body=f"{body}</script>", content_type=HTML)

    context = browser.new_context(reduced_motion="reduce")
    context.route(SHOP, embed)
    page = context.new_page()
    page.goto(SHOP)
    yield page
    context.close()


def test_a_reload_in_the_middle_of_an_answer_loses_and_doubles_nothing(page: Page) -> None:
    chat = open_chat(page)
    say(chat, "Tell me everything about shipping")
    voice = takes_the_word(chat, "Tell me everything about shipping")
    voice.say("We ship to Norway.")
    expect(answer(chat)).to_have_text("We ship to Norway.")

    page.reload()
    voice.say(" It takes 4 days.")
    expect(answer(chat)).to_have_text("We ship to Norway. It takes 4 days.")
    voice.say(" It costs 12 euros.")

    expect(answer(chat)).to_have_text("We ship to Norway. It takes 4 days. It costs 12 euros.")
    expect(chat.get_by_text("Tell me everything about shipping")).to_have_count(1)


def test_what_is_said_while_the_visitor_is_offline_is_there_when_they_are_back(
    page: Page,
) -> None:
    chat = open_chat(page)
    say(chat, "Tell me everything about returns")
    voice = takes_the_word(chat, "Tell me everything about returns")
    voice.say("Returns are free.")
    expect(answer(chat)).to_have_text("Returns are free.")

    page.context.set_offline(True)
    voice.say(" You have 30 days.")
    page.context.set_offline(False)
    voice.say(" Unused items only.")

    expect(answer(chat)).to_have_text("Returns are free. You have 30 days. Unused items only.")


def takes_the_word(chat: FrameLocator, question: str) -> LiveVoice:
    """What the assistant does once the question is in and it has decided to answer."""
    expect(chat.locator("li[data-from=me] .meta")).to_have_text("Sent")
    with reading() as session:
        waiting = select(inbound.Event.id).where(inbound.Event.done_at.is_(None))
        event_ids = session.scalars(waiting).all()
    for event_id in event_ids:
        receive.receive(event_id)
    with transaction() as session:
        session.execute(update(Conversation).values(turn_due_at=now()))
        session.flush()
        asked = session.scalars(select(Message).where(Message.text == question)).one()
        turn = claim_turn(session, asked.conversation_id)
        thread = messages.thread_to_answer(session, asked.conversation_id)
    assert turn is not None
    assert thread is not None
    voice = LiveVoice(turn, thread.id)
    assert voice.open(0.9)
    return voice


def answer(chat: FrameLocator) -> Locator:
    return chat.locator("li[data-from=assistant] .bubble").last
