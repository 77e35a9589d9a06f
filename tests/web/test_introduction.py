"""The form before the chat: asked once, explained in words, and proof of nothing."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.lab.service import Service, wait_for
from tests.web.chat import page_with_chat, say



def open_form(shop: Page) -> FrameLocator:
    shop.get_by_role("button", name="Open the chat").click()
    chat = shop.frame_locator("iframe")
    expect(chat.get_by_role("heading", name="Before we start")).to_be_visible()
    return chat


@pytest.fixture
def shop(context: BrowserContext, service: Service) -> Page:
    return page_with_chat(context, service, pre_chat="name, email, phone (optional)")


def test_what_is_missing_or_wrong_is_said_in_words_beside_the_field(shop: Page) -> None:
    chat = open_form(shop)
    name, email = chat.get_by_label("Name"), chat.get_by_role("textbox", name="Email")
    expect(name).to_be_focused()

    name.press("Enter")
    expect(chat.get_by_text("Please fill this in.")).to_have_count(2)
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description("Please fill this in.")

    name.fill("Ines Aster")
    email.fill("ines@mail")
    chat.get_by_label("Phone (optional)").fill("0151 12345")
    email.press("Enter")
    expect(email).to_be_focused()
    expect(email).to_have_accessible_description(
        "Write the whole address, for example ada@example.com."
    )
    expect(chat.get_by_text("country code")).to_be_visible()
    email.fill("ines@mail.example")
    expect(chat.get_by_text("Write the whole address")).to_be_hidden()


def test_the_form_is_shown_once_and_what_it_says_is_only_claimed(
    shop: Page, service: Service
) -> None:
    chat = open_form(shop)
    chat.get_by_label("Name").fill("Ines Aster")
    chat.get_by_role("textbox", name="Email").fill("ines@mail.example")
    chat.get_by_role("button", name="Start the chat").click()
    expect(chat.get_by_label("Write a message")).to_be_focused()

    shop.reload()
    chat = shop.frame_locator("iframe")
    expect(chat.get_by_role("heading", name="Before we start")).to_be_hidden()
    say(chat, "My lamp flickers since Tuesday")

    wait_for(lambda: conversation(service, "flickers since Tuesday") != {}, "the conversation")
    whole = conversation(service, "flickers since Tuesday")
    assert whole["customer"]["name"] == "Ines Aster"
    assert [thread["identity"]["kind"] for thread in whole["threads"]] == ["visitor"]


def test_whoever_wants_to_say_nothing_may_where_nothing_is_required(
    context: BrowserContext, service: Service
) -> None:
    chat = open_form(page_with_chat(context, service, pre_chat="name (optional)"))
    chat.get_by_role("button", name="Start the chat").press("Enter")

    expect(chat.get_by_label("Write a message")).to_be_focused()


def conversation(service: Service, about: str) -> dict[str, Any]:
    with service.client() as client:
        found = client.get("/api/conversations", params={"q": about, "status": "all"}).json()
        if not found["items"]:
            return {}
        return dict(client.get(f"/api/conversations/{found['items'][0]['id']}").json())
