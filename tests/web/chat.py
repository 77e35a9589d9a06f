"""What a visitor does with the chat on a shop's page."""

from uuid import uuid4

import httpx
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.lab.service import Service


def open_chat(shop: Page) -> FrameLocator:
    shop.get_by_role("button", name="Open the chat").click()
    chat = shop.frame_locator("iframe")
    expect(chat.get_by_label("Write a message")).to_be_focused()
    return chat


def say(chat: FrameLocator, text: str) -> None:
    field = chat.get_by_label("Write a message")
    field.fill(text)
    field.press("Enter")


def ask_for_a_person(chat: FrameLocator, about: str) -> None:
    """Say something to know the conversation by, then press the button."""
    say(chat, about)
    chat.get_by_role("button", name="Talk to a person").click()
    expect(chat.locator("li[data-from=assistant]").last).to_contain_text("Of course")


def visitor_writes(service: Service, *texts: str, name: str = "") -> None:
    """A new visitor's first messages, past any page."""
    chat = f"{service.url}/chat/{service.inboxes['web']}"
    token = httpx.post(f"{chat}/session", json={}).json()["visitor_token"]
    for text in texts:
        message = {"client_id": str(uuid4()), "text": text, **({"name": name} if name else {})}
        httpx.post(
            f"{chat}/messages", json=message, headers={"Authorization": f"Bearer {token}"}
        ).raise_for_status()


def page_with_chat(context: BrowserContext, service: Service, **config: str) -> Page:
    """A page of a shop whose chat is set up like this."""
    with service.client() as client:
        new = {"kind": "web", "name": "Another chat", "config": config}
        inbox = client.post("/api/inboxes", json=new).raise_for_status().json()["id"]
    address = f"http://shop-{inbox}.test/"
    body = f"""<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
    <script async src="{service.url}/widget.js" data-inbox="{inbox}"></script></html>"""
    context.route(
        f"{address}**", lambda route: route.fulfill(body=body, content_type="text/html")
    )
    page = context.new_page()
    page.goto(address)
    return page
