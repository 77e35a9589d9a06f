"""What a shop's page tells about its visitor, from its script to the teammate who reads it."""

import time
from typing import Any

import jwt
import pytest
from playwright.sync_api import Page, expect

from tests.lab.service import IDENTITY_SECRET, Service, wait_for
from tests.web.chat import open_chat, say
from tests.web.conftest import SHOP



def test_a_teammate_sees_what_the_page_told_before_and_during_the_chat(
    shop: Page, console: Page, service: Service
) -> None:
    shop.evaluate("OneThread('setAttributes', {plan: 'basic', 'items in basket': 2})")
    shop.evaluate("OneThread('track', 'Viewed a product', {product: 'Copper lamp', price: 49.5})")
    shop.goto(SHOP)
    shop.get_by_role("button", name="Open the chat").wait_for()
    shop.evaluate("OneThread('setAttributes', {plan: 'pro'})")
    say(open_chat(shop), "About the copper lamp")

    open_conversation(console, service, "About the copper lamp")
    website = console.get_by_role("region", name="On the website")
    attributes, recent = website.get_by_label("Attributes"), website.get_by_label("Recent events")
    expect(attributes).to_contain_text("pro")
    expect(attributes).not_to_contain_text("basic")
    expect(recent).to_contain_text("product: Copper lamp, price: 49.5")

    shop.evaluate("OneThread('track', 'Added to basket')")
    expect(recent.get_by_role("listitem").first).to_contain_text("Added to basket")


def test_of_somebody_who_told_nothing_the_console_says_so(
    shop: Page, console: Page, service: Service
) -> None:
    say(open_chat(shop), "A quiet visitor")

    open_conversation(console, service, "A quiet visitor")
    website = console.get_by_role("region", name="On the website")
    expect(website).to_contain_text("has told nothing")


def test_what_is_told_goes_to_who_is_signed_in_and_to_nobody_else(
    shop: Page, service: Service
) -> None:
    shop.evaluate("OneThread('setAttributes', {basket: 'anonymous'})")
    shop.evaluate("jwt => OneThread('identify', jwt)", signed("C-ada"))
    wait_for(lambda: basket_of(service, "C-ada") == "anonymous", "Ada's basket")

    shop.evaluate(
        "jwt => { OneThread('identify', jwt); OneThread('setAttributes', {basket: 'of Bo'}) }",
        signed("C-bo"),
    )
    wait_for(lambda: basket_of(service, "C-bo") == "of Bo", "Bo's basket")
    assert basket_of(service, "C-ada") == "anonymous"


def test_what_could_not_be_sent_for_one_person_is_not_sent_for_the_next(
    shop: Page, service: Service
) -> None:
    shop.evaluate("jwt => OneThread('identify', jwt)", signed("C-eve"))
    shop.evaluate("OneThread('setAttributes', {basket: 'of Eve'})")
    wait_for(lambda: basket_of(service, "C-eve") == "of Eve", "Eve's basket")
    shop.route("**/attributes", lambda route: route.abort())
    with shop.expect_event("requestfailed"):
        shop.evaluate("OneThread('setAttributes', {basket: 'only for Eve'})")
    shop.unroute("**/attributes")
    shop.evaluate(
        "jwt => { OneThread('identify', jwt); OneThread('setAttributes', {plan: 'of Flo'}) }",
        signed("C-flo"),
    )

    wait_for(lambda: facts_of(service, "C-flo") == {"plan": "of Flo"}, "what is known of Flo")
    assert basket_of(service, "C-eve") == "of Eve"


def test_after_reset_the_browser_belongs_to_a_stranger(shop: Page, service: Service) -> None:
    shop.evaluate("jwt => OneThread('identify', jwt)", signed("C-cy"))
    shop.evaluate("OneThread('setAttributes', {basket: 'of Cy'})")
    wait_for(lambda: basket_of(service, "C-cy") == "of Cy", "Cy's basket")

    shop.evaluate("OneThread('reset'); OneThread('setAttributes', {basket: 'of a stranger'})")
    chat = open_chat(shop)
    say(chat, "Who am I?")
    expect(chat.get_by_text("Sent")).to_be_hidden()
    shop.evaluate("jwt => OneThread('identify', jwt)", signed("C-di"))

    wait_for(lambda: basket_of(service, "C-di") == "of a stranger", "Di's basket")
    assert basket_of(service, "C-cy") == "of Cy"


def test_whoever_builds_the_page_is_told_what_is_wrong(shop: Page) -> None:
    say(open_chat(shop), "How long does shipping to Norway take?")

    with shop.expect_console_message(lambda message: "not a list or an object" in message.text):
        shop.evaluate("OneThread('setAttributes', {basket: ['lamp', 'table']})")


@pytest.fixture
def shop(shop: Page) -> Page:
    """A shop's page whose script has loaded."""
    shop.get_by_role("button", name="Open the chat").wait_for()
    return shop


@pytest.fixture
def console(console: Page) -> Page:
    """The console on a screen wide enough for the customer's panel."""
    console.set_viewport_size({"width": 1920, "height": 1080})
    return console


def open_conversation(console: Page, service: Service, about: str) -> None:
    wait_for(lambda: conversations(service, about) != [], "the conversation")
    console.goto(f"{service.url}/console/inbox/{conversations(service, about)[0]}")
    expect(console.get_by_label("Messages")).to_contain_text(about)


def conversations(service: Service, about: str) -> list[str]:
    with service.client() as client:
        found = client.get("/api/conversations", params={"q": about, "status": "all"}).json()
    return [row["id"] for row in found["items"]]


def signed(number: str) -> str:
    claims = {"sub": number, "exp": time.time() + 600}
    return jwt.encode(claims, IDENTITY_SECRET, "HS256")


def basket_of(service: Service, number: str) -> Any:
    return facts_of(service, number).get("basket")


def facts_of(service: Service, number: str) -> dict[str, Any]:
    """The attributes that the console shows of the shop's customer with this number."""
    with service.client() as client:
        for row in client.get("/api/customers", params={"q": number}).json()["items"]:
            whole = client.get(f"/api/customers/{row['id']}").json()
            if any(one["value"] == number for one in whole["identities"]):
                return {one["name"]: one["value"] for one in whole["visitor_attributes"]}
    return {}
