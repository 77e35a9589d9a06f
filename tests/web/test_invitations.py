"""What the chat says unasked: on the right page, once, beside its button, never by opening."""

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.lab.service import Service, wait_for
from tests.web.chat import page_with_chat, say
from tests.web.test_introduction import conversation


HELP = "Shall we help you choose?"


def rules(*given: dict[str, Any]) -> str:
    return json.dumps([{"seconds": 0, "once": "visitor", "text": HELP, **one} for one in given])


@pytest.fixture
def shop(context: BrowserContext, service: Service) -> Page:
    """Its invitation waits on the pages about lamps."""
    return page_with_chat(context, service, invitations=rules({"page": "/lamps*"}))


def test_it_shows_on_its_page_only_and_becomes_the_first_message_when_answered(
    shop: Page, service: Service
) -> None:
    shop.get_by_role("button", name="Open the chat").wait_for()
    expect(shop.get_by_text(HELP)).to_be_hidden()
    shop.evaluate("history.pushState({}, '', '/lamps?colour=red#top')")
    expect(shop.get_by_role("status").get_by_text(HELP)).to_be_visible()
    button = shop.get_by_role("button", name="Open the chat")
    expect(button).to_have_attribute("aria-expanded", "false")

    shop.get_by_role("button", name=HELP).press("Enter")
    chat = shop.frame_locator("iframe")
    expect(chat.locator("li[data-from=assistant]").filter(has_text=HELP)).to_be_visible()
    say(chat, "Yes, a lamp for a small kitchen")

    wait_for(lambda: conversation(service, "small kitchen") != {}, "the conversation")
    said = conversation(service, "small kitchen")["messages"]
    assert [message["text"] for message in said][:2] == [HELP, "Yes, a lamp for a small kitchen"]
    assert said[0]["author"] == "assistant"
    expect(chat.get_by_text(HELP)).to_have_count(1)


def test_dismissed_it_does_not_come_back_and_leaves_no_trace(shop: Page, service: Service) -> None:
    shop.get_by_role("button", name="Open the chat").wait_for()
    shop.evaluate("history.pushState({}, '', '/lamps')")
    shop.get_by_role("button", name=HELP).press("Escape")
    expect(shop.get_by_text(HELP)).to_be_hidden()
    expect(shop.get_by_role("button", name="Open the chat")).to_be_focused()

    shop.reload()
    shop.get_by_role("button", name="Open the chat").click()
    chat = shop.frame_locator("iframe")
    say(chat, "I have a question about vases")
    expect(chat.get_by_text("question about vases")).to_be_visible()
    expect(chat.get_by_text(HELP)).to_have_count(0)
    expect(shop.get_by_text(HELP)).to_be_hidden()


def test_an_open_chat_is_not_talked_over(context: BrowserContext, service: Service) -> None:
    shop = page_with_chat(
        context, service, invitations=rules({"page": "*", "seconds": 2, "once": "day"})
    )
    shop.get_by_role("button", name="Open the chat").click()
    expect(shop.frame_locator("iframe").get_by_label("Write a message")).to_be_focused()
    shop.wait_for_timeout(3000)

    shop.get_by_role("button", name="Close the chat").click()
    expect(shop.get_by_text(HELP)).to_be_hidden()


def test_a_rule_is_written_in_the_console_and_the_account_leaves_it_alone(
    console: Page, context: BrowserContext, service: Service
) -> None:
    shop = page_with_chat(context, service)
    inbox = shop.url.removeprefix("http://shop-").partition(".")[0]
    with service.client() as client:
        client.patch(f"/api/inboxes/{inbox}", json={"name": "Chat to set up"}).raise_for_status()
    console.goto(f"{service.url}/console/settings/inboxes")
    console.get_by_role("button", name="Chat to set up").click()
    console.get_by_role("tab", name="Chat", exact=True).click()
    console.get_by_role("button", name="Add a message").click()
    console.get_by_role("textbox", name="Message").fill(HELP)
    console.get_by_role("textbox", name="Page", exact=True).fill("/sofas")
    console.get_by_label("Seconds on the page").fill("0")
    console.get_by_role("button", name="Save").click()
    console.get_by_role("button", name="Chat to set up").click()
    console.get_by_role("tab", name="Account").click()
    expect(console.get_by_label("Messages shown unasked")).to_have_count(0)
    console.get_by_role("button", name="Save").click()
    expect(console.get_by_role("dialog")).to_be_hidden()

    shop.goto(f"{shop.url}sofas")
    expect(shop.get_by_text(HELP)).to_be_visible()
