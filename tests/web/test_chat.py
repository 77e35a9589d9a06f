"""The website chat, as a visitor meets it."""

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from tests.lab.service import Service
from tests.web.chat import open_chat, say
from tests.web.conftest import SHOP


def test_a_question_is_answered_with_a_source_that_opens(
    shop: Page, context: BrowserContext
) -> None:
    chat = open_chat(shop)

    say(chat, "How long does shipping to Norway take?")

    expect(answer(chat)).to_be_visible()
    with context.expect_page() as opened:
        answer(chat).get_by_role("link", name="Shipping to Norway").click()
    expect(opened.value.get_by_role("heading", name="Shipping to Norway").first).to_be_visible()


def test_a_person_is_always_one_click_away(shop: Page) -> None:
    chat = open_chat(shop)

    chat.get_by_role("button", name="Talk to a person").click()

    expect(chat.get_by_text("I would like to talk to a person.")).to_be_visible()
    expect(chat.locator("li[data-from=assistant], li[data-from=system]").last).to_contain_text(
        "Of course"
    )


def test_what_is_written_offline_is_sent_once_when_the_connection_is_back(
    shop: Page, context: BrowserContext, service: Service
) -> None:
    chat = open_chat(shop)
    say(chat, "Are gift cards valid forever?")
    expect(chat.get_by_text("3 years")).to_be_visible()

    context.set_offline(True)
    say(chat, "Thanks, written in a tunnel")
    expect(chat.get_by_text("You are offline")).to_be_visible()
    expect(chat.get_by_text("Waiting for the connection")).to_be_visible()
    context.set_offline(False)

    expect(chat.get_by_text("You are offline")).to_be_hidden()
    expect(chat.get_by_text("Waiting for the connection")).to_be_hidden()
    expect(chat.get_by_text("Thanks, written in a tunnel")).to_have_count(1)
    with service.client() as client:
        found = client.get("/api/conversations", params={"q": "tunnel", "status": "all"}).json()
        whole = client.get(f"/api/conversations/{found['items'][0]['id']}").json()
    texts = [message["text"] for message in whole["messages"]]
    assert texts.count("Thanks, written in a tunnel") == 1


def test_a_returning_visitor_finds_the_chat_again(shop: Page) -> None:
    chat = open_chat(shop)
    say(chat, "How long does shipping to Norway take?")
    expect(answer(chat)).to_be_visible()

    shop.goto(SHOP)

    chat = shop.frame_locator("iframe")
    expect(chat.get_by_text("How long does shipping to Norway take?")).to_have_count(1)
    expect(answer(chat)).to_be_visible()
    assert shop.evaluate("document.activeElement.tagName") == "BODY"


def test_a_closed_chat_stays_closed_and_a_phone_shows_the_page_first(shop: Page) -> None:
    open_chat(shop).get_by_role("button", name="Close the chat").click()
    shop.goto(SHOP)
    expect(shop.get_by_role("button", name="Open the chat")).to_be_visible()

    open_chat(shop)
    shop.set_viewport_size({"width": 360, "height": 740})
    shop.goto(SHOP)
    expect(shop.get_by_role("button", name="Open the chat")).to_be_visible()


def test_the_page_steers_the_chat_and_hears_from_it(shop: Page) -> None:
    shop.get_by_role("button", name="Open the chat").wait_for()
    shop.evaluate(
        """() => {
            window.heard = [];
            for (const name of ['open', 'close', 'message'])
                OneThread('on', name, () => window.heard.push(name));
            OneThread('open');
        }"""
    )
    chat = shop.frame_locator("iframe")
    say(chat, "How long does shipping to Norway take?")
    expect(answer(chat)).to_be_visible()
    shop.evaluate("OneThread('close')")

    assert shop.evaluate("window.heard") == ["open", "message", "close"]


def test_a_page_can_ask_for_the_open_chat_before_the_script_is_there(
    context: BrowserContext,
) -> None:
    page = context.new_page()
    page.add_init_script(
        "(window.OneThread = (...call) => OneThread.q.push(call)).q = []; OneThread('open')"
    )
    page.goto(SHOP)

    expect(page.frame_locator("iframe").get_by_label("Write a message")).to_be_visible()


def test_escape_closes_the_chat_and_the_focus_returns_to_its_button(shop: Page) -> None:
    chat = open_chat(shop)
    chat.get_by_label("Write a message").press("Escape")

    button = shop.get_by_role("button", name="Open the chat")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()


def test_an_arabic_visitor_reads_from_right_to_left(context: BrowserContext) -> None:
    context.set_extra_http_headers({"Accept-Language": "ar"})
    page = context.new_page()
    page.add_init_script(
        "Object.defineProperty(navigator, 'languages', {get: () => ['ar-EG', 'en']})"
    )
    page.goto(SHOP)
    page.get_by_role("button", name="فتح المحادثة").click()

    frame = page.frame_locator("iframe")
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    expect(frame.get_by_role("button", name="التحدث إلى شخص")).to_be_visible()


def test_on_a_phone_the_chat_fills_the_screen_and_nothing_sticks_out(shop: Page) -> None:
    shop.set_viewport_size({"width": 360, "height": 740})
    chat = open_chat(shop)
    say(chat, "https://shop.example/" + "a" * 120)
    expect(chat.locator("li[data-from=me]")).to_be_visible()

    box = shop.locator("iframe").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 740}
    shop.set_viewport_size({"width": 740, "height": 360})
    assert shop.locator("iframe").bounding_box() == {"x": 0, "y": 0, "width": 740, "height": 360}
    shop.set_viewport_size({"width": 360, "height": 740})
    root = chat.locator("html")
    assert root.evaluate("root => root.scrollWidth <= root.clientWidth")


def answer(chat: FrameLocator) -> Locator:
    return chat.locator("li[data-from=assistant]").filter(has_text="4 to 6 working days")
