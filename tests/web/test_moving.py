"""Splitting and merging conversations in the console, and taking both back."""

import pytest
from playwright.sync_api import Page, expect

from tests.lab.service import Service
from tests.web.chat import visitor_writes
from tests.web.test_inbox import rows



def test_a_conversation_is_split_and_merged_and_both_taken_back(
    console: Page, service: Service
) -> None:
    messages = console.get_by_label("Messages")
    strip = console.get_by_role("list", name="Splits and merges")
    _two_matters(console, service, "lamp", "table")
    whole = console.url

    console.get_by_role("button", name="Split off from here").first.click()
    expect(messages).not_to_contain_text("About the lamp")
    expect(messages).to_contain_text("About the table")
    expect(strip).to_contain_text("Split off from another conversation")
    assert console.url != whole
    console.keyboard.press("z")
    expect(messages).to_contain_text("About the lamp")
    expect(messages).to_contain_text("About the table")
    assert console.url == whole

    console.keyboard.press("s")
    expect(messages).not_to_contain_text("About the lamp")
    apart = console.url
    console.keyboard.press("m")
    console.get_by_role("dialog").get_by_role("button").filter(has_text="lamp").click()
    expect(messages).to_contain_text("About the lamp")
    expect(messages).to_contain_text("About the table")
    expect(rows(console).filter(has_text="the lamp")).to_have_count(0)
    expect(rows(console).filter(has_text="the table")).to_have_count(1)
    assert console.url == whole
    console.keyboard.press("z")
    expect(messages).not_to_contain_text("About the lamp")
    expect(rows(console).filter(has_text="the lamp")).to_have_count(1)
    assert console.url == apart


def test_a_merged_conversation_says_where_it_went_and_comes_back(
    console: Page, service: Service
) -> None:
    messages = console.get_by_label("Messages")
    strip = console.get_by_role("list", name="Splits and merges")
    _two_matters(console, service, "chair", "shelf")
    console.get_by_role("button", name="Split off from here").first.click()
    expect(messages).not_to_contain_text("About the chair")
    gone = console.url
    console.keyboard.press("m")
    console.get_by_role("dialog").get_by_role("button").filter(has_text="chair").click()
    expect(messages).to_contain_text("About the shelf")

    console.goto(gone)
    expect(strip).to_contain_text("merged into another conversation")
    expect(console.get_by_role("textbox", name="Reply")).to_have_count(0)
    strip.get_by_role("link", name="Open it").first.click()
    expect(messages).to_contain_text("About the shelf")
    strip.get_by_role("button", name="Undo").click()
    expect(messages).to_contain_text("About the shelf")
    expect(messages).not_to_contain_text("About the chair")


def _two_matters(console: Page, service: Service, first: str, second: str) -> None:
    """One visitor, one conversation, two matters; it is open."""
    visitor_writes(service, f"A person, please. About the {first}", f"About the {second}")
    row = rows(console).filter(has_text=f"About the {second}")
    expect(row).to_contain_text("Everyone")
    row.click()
    expect(console.get_by_label("Messages")).to_contain_text(f"About the {first}")
    expect(console.get_by_label("Messages")).to_contain_text("Sent")
