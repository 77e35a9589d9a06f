"""The settings in the console, as those see them who may change them, and those who may not."""

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from connectors.channels.meta.signature import sign
from tests.lab.service import Service
from tests.web.conftest import sign_in


PASSWORD = "another long password"


def test_a_queue_is_made_changed_and_deleted(console: Page, service: Service) -> None:
    console.goto(f"{service.url}/console/settings/queues")
    console.get_by_role("button", name="Add queue").click()
    form = console.get_by_role("dialog")
    form.get_by_label("Name").fill("Repairs")
    form.get_by_role("button", name="Add a rule").click()
    form.get_by_label("Topic").fill("legal")
    form.get_by_label("Topic").press("Enter")
    form.get_by_role("switch", name="Always open").click()
    expect(form.get_by_label("Monday from")).to_have_value("09:00")
    form.get_by_role("button", name="Save").click()

    row = console.get_by_role("listitem").filter(has_text="Repairs")
    expect(row).to_contain_text("1 rule, opening hours")
    row.click()
    form.get_by_role("button", name="Delete").click()
    form.get_by_role("button", name="Really delete?").click()
    expect(row).to_have_count(0)


def test_an_agent_sees_what_is_theirs_and_is_told_who_does_the_rest(
    console: Page, browser: Browser, service: Service
) -> None:
    console.goto(f"{service.url}/console/settings/teammates")
    console.get_by_role("button", name="Add teammate").click()
    form = console.get_by_role("dialog")
    form.get_by_label("Name").fill("Ari Agent")
    form.get_by_label("Email").fill("ari@shop.example")
    form.get_by_label("First password").first.fill(PASSWORD)
    form.get_by_role("button", name="Save").click()
    expect(console.get_by_role("listitem").filter(has_text="Ari Agent")).to_contain_text("Agent")

    context = browser.new_context()
    agent = context.new_page()
    sign_in(agent, service, email="ari@shop.example", password=PASSWORD)
    main = agent.get_by_role("navigation", name="Main")
    expect(main.get_by_role("link", name="Articles")).to_be_visible()
    expect(main.get_by_role("link", name="Settings")).to_have_count(0)
    agent.goto(f"{service.url}/console/settings/company")
    expect(agent.get_by_role("heading", name="Company is for admins")).to_be_visible()
    agent.goto(f"{service.url}/console/articles")
    expect(agent.get_by_role("listitem").filter(has_text="Gift cards")).to_be_visible()
    expect(agent.get_by_role("button", name="Upload")).to_have_count(0)
    context.close()


def test_a_dead_letter_is_put_aside_and_brought_back(console: Page, service: Service) -> None:
    body = b"{no json, for the console"
    signed = {"content-type": "application/json", "x-hub-signature-256": sign("app-secret", body)}
    httpx.post(
        f"{service.url}/webhooks/{service.inboxes['whatsapp']}",
        content=body,
        headers=signed,
    ).raise_for_status()
    console.goto(f"{service.url}/console/settings/dead-letters")
    expect(console.get_by_text("The body is not readable JSON.")).to_be_visible()

    console.get_by_role("button", name="Put aside").click()
    expect(console.get_by_role("heading", name="None")).to_be_visible()
    console.get_by_role("button", name="Undo").click()
    expect(console.get_by_text("The body is not readable JSON.")).to_be_visible()


def test_a_model_that_cannot_be_reached_is_told_beside_the_button(
    console: Page, service: Service
) -> None:
    console.goto(f"{service.url}/console/settings/model")
    console.get_by_label("Address").fill("http://127.0.0.1:9/v1")
    console.get_by_label("Model", exact=True).fill("any")
    console.get_by_role("button", name="Test").click()
    expect(console.get_by_role("status").filter(has_text="can't be reached")).to_be_visible()


def test_a_webhook_shows_its_secret_once_and_what_became_of_its_test(
    console: Page, service: Service
) -> None:
    console.goto(f"{service.url}/console/settings/webhooks")
    console.get_by_role("button", name="Add webhook").click()
    console.get_by_label("Name").fill("Our CRM")
    console.get_by_label("Address").fill("https://crm.invalid/hook")
    console.get_by_role("button", name="Add", exact=True).click()
    expect(console.get_by_text("whsec_")).to_be_visible()
    console.get_by_role("button", name="Done").click()
    expect(console.get_by_text("whsec_")).to_have_count(0)

    console.get_by_role("button", name="Our CRM").click()
    console.get_by_role("button", name="Send a test").click()
    looked_up = console.get_by_text("There is no address for crm.invalid.").first
    expect(looked_up).to_be_visible(timeout=60_000)  # where no name server answers
    console.get_by_role("button", name="Remove").click()
    console.get_by_role("button", name="Remove with its deliveries").click()
    expect(console.get_by_role("heading", name="Nobody is told yet")).to_be_visible()
