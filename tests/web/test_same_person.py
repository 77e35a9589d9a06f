"""Judging who is the same person, and an address that belongs to somebody else, in the console."""

from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from connectors.simulator.mail_customer import MailCustomer, signed_headers
from tests.lab.service import Service, wait_for
from tests.web.test_inbox import rows



def test_a_pair_is_judged_by_keys_and_every_judgement_taken_back(
    console: Page, service: Service
) -> None:
    name = _pair(service)
    badge = console.get_by_role("link", name="People")
    expect(badge).to_contain_text("1")
    console.keyboard.press("g")
    console.keyboard.press("u")
    pair = console.get_by_role("region", name=name)
    expect(pair).to_contain_text(f"{name}@mail.example")
    expect(pair).to_contain_text("One typed an address of the other.")

    # Other lists that are slow to come must not hold back the undo.
    console.route("**/api/suggestions/count", lambda route: _late(console, route))
    _judge(console, pair, "x")
    console.keyboard.press("z")
    _judge(console, pair, "m")
    expect(console.get_by_text("No pairs to judge")).to_be_visible()
    console.keyboard.press("z")
    _judge(console, pair, "x")
    console.unroute_all(behavior="ignoreErrors")


def _late(console: Page, route: Route) -> None:
    console.wait_for_timeout(1000)
    route.continue_()


def _judge(console: Page, pair: Locator, key: str) -> None:
    """By a key, once the last judgement is through."""
    expect(pair.get_by_role("button", name="Not the same")).to_be_enabled()
    console.keyboard.press(key)
    expect(pair).to_have_count(0)


def test_an_address_leaves_for_a_reason_and_comes_back(console: Page, service: Service) -> None:
    name = _pair(service)
    console.get_by_role("link", name="People").click()
    pair = console.get_by_role("region", name=name)
    _judge(console, pair, "m")
    console.keyboard.press("g")
    console.keyboard.press("i")
    customer = _customer_in_the_chat(console, name)
    identities = customer.get_by_role("region", name="Identities")
    history = customer.get_by_role("list", name="History over all channels")
    expect(history).to_contain_text(f"I am {name} in the chat")
    expect(history).to_contain_text(f"I am {name} by mail")
    expect(customer.get_by_role("region", name="Open questions")).to_contain_text("Waits")

    identities.get_by_role("button", name="Email").first.click()
    expect(identities).to_contain_text("DKIM pass")
    identities.get_by_role("button", name="Not theirs").click()
    dialog = console.get_by_role("dialog", name="Whose address is this?")
    expect(dialog.get_by_role("button", name="Move the address")).to_be_disabled()
    dialog.get_by_label("How do you know?").fill("Her sister's, she told us.")
    dialog.get_by_role("button", name="Move the address").click()
    expect(history).not_to_contain_text("by mail")
    expect(identities).to_contain_text("was moved away: Her sister's, she told us.")
    identities.get_by_role("button", name="Undo").click()
    expect(history).to_contain_text("by mail")
    console.keyboard.press("c")


def test_an_address_moves_to_a_customer_we_know(console: Page, service: Service) -> None:
    name = _pair(service)
    customer = _customer_in_the_chat(console, name)
    identities = customer.get_by_role("region", name="Identities")
    identities.get_by_role("button", name="Website visitor").click()
    identities.get_by_role("button", name="Not theirs").click()
    dialog = console.get_by_role("dialog", name="Whose address is this?")
    dialog.get_by_label("The customer").fill(f"{name}@mail.example")
    console.get_by_role("option", name=f"{name}@mail.example").click()
    dialog.get_by_label("How do you know?").fill("He said so on the phone.")
    dialog.get_by_role("button", name="Move the address").click()

    expect(identities).to_contain_text(f"{name}@mail.example")
    expect(identities).to_contain_text("came here: He said so on the phone.")
    console.keyboard.press("c")


def test_whoever_takes_over_sends_a_code_with_one_click(console: Page, service: Service) -> None:
    name = _pair(service)
    rows(console).filter(has_text=f"I am {name} in the chat").click()
    card = console.get_by_label("Hand-off")
    card.get_by_role("button", name="Send a code to t•••@mail.example").click()
    expect(console.get_by_label("Messages")).to_contain_text("if we have an email or phone")
    expect(card).to_contain_text("A code is on its way to t•••@mail.example")


def _customer_in_the_chat(console: Page, name: str) -> Locator:
    """The panel beside what they wrote in the chat."""
    rows(console).filter(has_text=f"I am {name} in the chat").click()
    expect(console.get_by_label("Messages")).to_contain_text(f"I am {name} in the chat")
    console.keyboard.press("c")
    return console.get_by_role("complementary", name="Customer")


def _pair(service: Service) -> str:
    """One writes by mail; then somebody in the chat types the same address."""
    name = f"tom{uuid4().hex[:6]}"
    address = f"{name}@mail.example"
    customer = MailCustomer(
        service.folder, address, name=name, authserv_id="mx.shop.example", forged=False
    )
    raw = customer.write("support@shop.example", "A lamp", f"A person, please: I am {name} by mail")
    httpx.post(
        f"{service.url}/webhooks/{service.inboxes['email']}",
        content=raw,
        headers=signed_headers(raw, "inbound-secret"),
    ).raise_for_status()
    with service.client() as client:
        known = {"q": address}
        wait_for(
            lambda: bool(client.get("/api/customers", params=known).json()["items"]), "the mail"
        )
        chat = f"{service.url}/chat/{service.inboxes['web']}"
        token = httpx.post(f"{chat}/session", json={}).json()["visitor_token"]
        said = f"A person, please: I am {name} in the chat"
        message = {"client_id": str(uuid4()), "text": said, "name": name, "email": address}
        httpx.post(
            f"{chat}/messages", json=message, headers={"Authorization": f"Bearer {token}"}
        ).raise_for_status()
        wait_for(lambda: client.get("/api/suggestions/count").json()["open"] > 0, "the pair")
    return name
