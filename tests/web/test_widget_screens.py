"""The chat in each state: by the rules for access, light and dark, and on a small phone."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.lab.service import Service
from tests.web.chat import page_with_chat, say
from tests.web.test_rating import resolve
from tests.web.test_screens import AXE, SETTLED, STICKS_OUT, violations


SHOTS = os.environ.get("ONETHREAD_SHOTS", "")
"""A folder for pictures of each state, to look at."""


def frame_of(shop: Page) -> Frame:
    frame = shop.frames[-1]
    frame.wait_for_load_state()
    return frame


def look(shop: Page, state: str) -> None:
    """By the rules for access, in both colours and at both widths."""
    frame = frame_of(shop)
    for scheme in ("light", "dark"):
        shop.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (1280, 360):
            shop.set_viewport_size({"width": width, "height": 740})
            shop.evaluate(SETTLED)
            if SHOTS:
                shop.screenshot(path=Path(SHOTS) / f"{state}-{scheme}-{width}.png")
            assert frame.evaluate(STICKS_OUT) == [], f"{state} at {width} px"
        frame.evaluate(AXE.read_text())
        assert violations(frame) == [], f"{state}, {scheme}"
        shop.evaluate(AXE.read_text())
        assert violations(shop) == [], f"{state} on the page, {scheme}"


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_each_state_keeps_the_rules_for_access_and_fits(
    context: BrowserContext, service: Service, language: str
) -> None:
    if not AXE.is_file():
        pytest.skip("needs the front end's packages: run make")
    context.add_init_script(
        f"Object.defineProperty(navigator, 'languages', {{get: () => ['{language}']}})"
    )
    words = json.loads((AXE.parents[2] / f"widget/strings/{language}.json").read_text())
    invitation = {"page": "*", "seconds": 0, "text": "Shall we help you choose? " * 3}
    shop = page_with_chat(
        context,
        service,
        pre_chat="name, email, phone (optional)",
        invitations=json.dumps([invitation]),
    )
    expect(shop.get_by_role("status").get_by_text("Shall we help")).to_be_visible()
    look(shop, f"{language}-invitation")

    shop.get_by_role("button", name=words["open"]).click()
    chat = shop.frame_locator("iframe")
    chat.get_by_role("textbox", name=words["email"]).fill("ines@")
    chat.get_by_role("button", name=words["start"]).click()
    look(shop, f"{language}-form")

    chat.get_by_label(words["name"]).fill("Ines")
    chat.get_by_role("textbox", name=words["email"]).fill("ines@mail.example")
    chat.get_by_role("button", name=words["start"]).click()
    said = f"A lamp for my {language} kitchen"
    chat.get_by_label(words["write"]).fill(said)
    chat.get_by_role("button", name=words["send"], exact=True).click()
    resolve(service, said)
    chat.get_by_role("radio", name="4:").check(force=True)
    chat.get_by_role("button", name=words["transcript"]).click()
    chat.get_by_role("textbox", name=words["email"]).fill("ines")
    chat.get_by_role("textbox", name=words["email"]).press("Enter")
    look(shop, f"{language}-rating")


def test_a_page_can_choose_light_or_dark(context: BrowserContext, service: Service) -> None:
    shop = page_with_chat(context, service)
    inbox = shop.url.removeprefix("http://shop-").partition(".")[0]
    shop.emulate_media(color_scheme="light")
    body = f"""<!doctype html><html lang="en"><title>Shop</title>
    <script async src="{service.url}/widget.js" data-inbox="{inbox}" data-theme="dark"></script>"""
    context.route(
        "http://dark.test/", lambda route: route.fulfill(body=body, content_type="text/html")
    )
    shop.goto("http://dark.test/")
    shop.get_by_role("button", name="Open the chat").click()

    page = shop.frame_locator("iframe").locator("body")
    expect(page).to_have_css("background-color", "rgb(20, 27, 26)")


def test_the_chat_by_email_is_asked_for_in_the_chat(
    context: BrowserContext, service: Service
) -> None:
    shop = page_with_chat(context, service)
    shop.get_by_role("button", name="Open the chat").click()
    chat = shop.frame_locator("iframe")
    ask = chat.get_by_role("button", name="Get this chat by email")
    expect(ask).to_be_hidden()
    say(chat, "I shall want this in writing")
    ask.click()

    field = chat.get_by_role("textbox", name="Email")
    expect(field).to_be_focused()
    field.fill("ines@mail")
    field.press("Enter")
    expect(chat.get_by_text("Write the whole address")).to_be_visible()
    field.fill("ines@mail.example")
    field.press("Enter")
    expect(chat.get_by_text("If mail reaches this address")).to_be_visible()
    chat.get_by_role("button", name="Cancel").click()
    expect(ask).to_be_focused()


def test_a_file_goes_up_and_one_that_cannot_is_said_so(
    context: BrowserContext, service: Service
) -> None:
    shop = page_with_chat(context, service)
    shop.get_by_role("button", name="Open the chat").click()
    chat = shop.frame_locator("iframe")
    picker = chat.locator("input[type=file]")
    picker.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b""})
    expect(chat.get_by_text("The file is empty.")).to_be_visible()

    picker.set_input_files({"name": "order.txt", "mimeType": "text/plain", "buffer": b"42"})
    expect(chat.get_by_role("button", name="Discard order.txt")).to_be_visible()
    chat.get_by_role("button", name="Send", exact=True).click()
    expect(chat.get_by_role("button", name="Download order.txt")).to_be_visible()
