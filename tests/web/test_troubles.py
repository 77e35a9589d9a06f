"""An inbox in trouble in the console, and writing first, as teammates see them."""

import pytest
from playwright.sync_api import Page, expect

from core.db import transaction
from core.installation import installation
from desk import inboxes
from tests.lab.service import Service
from tests.web.chat import open_chat, say, visitor_writes



def test_a_broken_inbox_is_told_on_every_screen_and_leads_to_its_settings(
    console: Page, service: Service
) -> None:
    strip = console.get_by_role("region", name="Inboxes in trouble")
    expect(strip).to_have_count(0)
    with installation(service.settings), transaction() as session:
        inboxes.mark_broken(session, service.inboxes["web"], "The page is gone.")
    _something_happens(service)
    expect(strip).to_contain_text("Website has not worked for 1 min. The page is gone.")

    strip.get_by_role("link", name="Settings of Website").click()
    dialog = console.get_by_role("dialog", name="Website")
    expect(dialog.get_by_role("tab", name="Account")).to_have_attribute("aria-selected", "true")
    dialog.get_by_role("tab", name="Self-test").click()
    dialog.get_by_role("button", name="Test now").click()
    expect(strip.filter(has_text="Website has not worked")).to_have_count(0)


def _something_happens(service: Service) -> None:
    """News that another process left in the database goes out with the next of the service's."""
    with service.client() as client:
        place = f"/api/inboxes/{service.inboxes['email']}"
        client.patch(place, json={"brand": "Small Shop"}).raise_for_status()


def test_a_visitor_is_written_to_by_mail_once_they_agreed(console: Page, service: Service) -> None:
    visitor_writes(service, "Please send me the papers.", name="Wilma Papers")
    console.goto(f"{service.url}/console/inbox?box=all")
    console.get_by_role("list", name="Conversations").get_by_text("Wilma Papers").click()
    console.get_by_role("button", name="Channel of the reply").click()
    console.get_by_role("menuitem", name="Another channel or address").click()

    form = console.get_by_role("dialog", name="Write to Wilma Papers")
    form.get_by_role("combobox", name="Where").click()
    console.get_by_role("option", name="Support · another email address").click()
    form.get_by_label("Email").fill("wilma@example.org")
    form.get_by_label("Subject").fill("Your papers")
    form.get_by_label("Message").fill("Here they are.")
    expect(form.get_by_role("button", name="Send")).to_be_disabled()
    form.get_by_label("How do we know that they agree?").fill("asked for it in the chat")
    form.get_by_role("button", name="Send").click()

    expect(console.get_by_text("Here they are.").first).to_be_visible()
    picker = console.get_by_role("button", name="Channel of the reply")
    picker.click()
    expect(console.get_by_role("menuitem", name="wilma@example.org")).to_be_visible()


def test_on_a_phone_the_keyboard_stays_in_the_chat(shop: Page) -> None:
    """It lies over the page there; what is behind can't be seen."""
    shop.set_viewport_size({"width": 360, "height": 740})
    chat = open_chat(shop)
    field = chat.get_by_label("Write a message")
    expect(field).to_be_focused()
    went = []
    for _ in range(12):
        shop.keyboard.press("Tab")
        went.append(chat.locator(":focus").get_attribute("aria-label") or "")
    assert {"Send", "Close the chat", "Write a message"} <= set(went)
    shop.keyboard.press("Shift+Tab")
    expect(chat.locator(":focus")).to_have_count(1)


def test_a_visitor_sees_that_a_teammate_has_read_their_question(shop: Page, console: Page) -> None:
    chat = open_chat(shop)
    say(chat, "Can I talk to a person, please? My lamp hums.")
    expect(chat.locator("li[data-from=me]")).to_have_count(1)
    expect(chat.get_by_text("Seen")).to_have_count(0)
    console.get_by_role("link", name="All open").click()
    console.get_by_role("list", name="Conversations").get_by_text("My lamp hums").click()
    expect(chat.locator("li[data-from=me]")).to_contain_text("Seen")
