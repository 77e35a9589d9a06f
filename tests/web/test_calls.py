"""A phone call in the console: it grows while it goes on, and nobody can write to a phone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from connectors.simulator.twilio_caller import Caller
from core.clock import now
from tests.lab.service import Service
from tests.web.test_inbox import rows


ACCOUNT = "AC" + "1" * 32
PHONE = {
    "kind": "voice",
    "name": "Phone",
    "policy": "threshold",
    "threshold": 0.3,
    "config": {"number": "+4930123456", "account_sid": ACCOUNT, "mode": "gather"},
    "secrets": {"auth_token": "token"},
}


def test_a_call_grows_as_it_is_spoken_and_takes_no_text(console: Page, service: Service) -> None:
    with service.client() as client:
        inbox = client.post("/api/inboxes", json=PHONE).raise_for_status().json()
    caller = Caller(
        f"{service.url}/voice/{inbox['id']}",
        "token",
        number="+4915111122233",
        account_sid=ACCOUNT,
        on_say=lambda words: None,
    )
    with caller:
        caller.call()
        caller.says("What does shipping to Norway cost?")
        rows(console).filter(has_text="+4915111122233").click()
        said = console.get_by_role("list", name="Transcript")
        expect(said).to_contain_text("shipping to Norway")
        expect(console.get_by_role("button", name="Take this call on my phone")).to_be_visible()

        caller.says("How long are gift cards valid?")
        expect(said).to_contain_text("How long are gift cards valid?")
        caller.hangs_up()

    expect(console.get_by_role("article").filter(has=said)).to_contain_text("Ended")
    expect(console.get_by_role("button", name="Take this call on my phone")).to_have_count(0)
    write = console.get_by_role("region", name="Write")
    expect(write).to_contain_text("The phone takes no text.")
    expect(write.get_by_role("button", name="Send", exact=True)).to_have_count(0)
    write.get_by_role("button", name="Call the customer").click()
    expect(console.get_by_role("dialog", name="Call the customer")).to_be_visible()


@pytest.fixture
def closed(service: Service) -> Iterator[None]:
    """Nobody is there before the day after tomorrow."""
    opens = (now() + timedelta(days=2)).strftime("%a").lower()
    hours = {"timezone": "UTC", "days": {opens: [["09:00", "17:00"]]}}
    with service.client() as client:
        before = client.get("/api/queues").json()
        for queue in before:
            client.patch(f"/api/queues/{queue['id']}", json={"hours": hours}).raise_for_status()
        yield
        for queue in before:
            earlier = {"hours": queue["hours"]}
            client.patch(f"/api/queues/{queue['id']}", json=earlier).raise_for_status()


@pytest.mark.usefixtures("closed")
def test_a_planned_call_says_when_and_is_cancelled(console: Page, service: Service) -> None:
    with service.client() as client:
        inbox = client.post("/api/inboxes", json=PHONE).raise_for_status().json()
    url = f"{service.url}/voice/{inbox['id']}"
    with Caller(url, "token", number="+4915111122244", account_sid=ACCOUNT) as caller:
        caller.call()
        caller.says("Do you ship to Norway?")
        caller.hangs_up()
    rows(console).filter(has_text="+4915111122244").click()
    console.get_by_role("region", name="Write").get_by_role(
        "button", name="Call the customer"
    ).click()
    console.get_by_role("textbox", name="Why you call").fill("your repair is finished")
    console.get_by_role("button", name="Call", exact=True).click()

    planned = console.get_by_role("article").filter(has_text="your repair is finished")
    expect(planned).to_contain_text("Planned")
    expect(planned).to_contain_text("To be made")
    planned.get_by_role("button", name="Cancel this call").click()
    expect(planned).to_contain_text("Cancelled")
    expect(planned.get_by_role("button", name="Cancel this call")).to_have_count(0)
