"""How a chat was: asked in the chat once it is resolved, seen beside it by teammates."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.lab.service import Service, wait_for
from tests.web.chat import open_chat, page_with_chat, say
from tests.web.test_introduction import conversation



def resolve(service: Service, about: str) -> str:
    wait_for(lambda: conversation(service, about) != {}, "the conversation")
    found = str(conversation(service, about)["id"])
    with service.client() as client:
        client.post(f"/api/conversations/{found}/resolve").raise_for_status()
    return found


def test_a_resolved_chat_is_rated_by_keyboard_and_the_teammate_sees_it_live(
    context: BrowserContext, console: Page, service: Service
) -> None:
    chat = open_chat(page_with_chat(context, service))
    say(chat, "My kettle whistles off key")
    expect(chat.get_by_text("How was this chat?")).to_be_hidden()
    opened = resolve(service, "whistles off key")
    console.goto(f"{service.url}/console/inbox/{opened}")
    expect(console.get_by_label("Messages")).to_contain_text("whistles off key")

    stars = chat.get_by_role("group", name="How was this chat?")
    stars.get_by_role("radio", name="1: Very bad").press("Space")
    stars.get_by_role("radio", name="1: Very bad").press("ArrowRight")
    expect(stars.get_by_role("radio", name="2: Bad")).to_be_checked()
    chat.get_by_label("Anything to add?").fill("It took an hour")
    chat.get_by_role("button", name="Send the rating").click()

    expect(chat.get_by_text("Thank you for your rating.")).to_be_visible()
    expect(console.get_by_text("Rated 2 of 5")).to_be_visible()
    expect(console.get_by_label("Messages")).to_contain_text("It took an hour")


def test_a_rating_can_be_changed_and_goes_when_the_chat_goes_on(
    context: BrowserContext, service: Service
) -> None:
    chat = open_chat(page_with_chat(context, service))
    say(chat, "My toaster is too eager")
    resolve(service, "too eager")
    chat.get_by_role("radio", name="3: All right").check(force=True)
    chat.get_by_role("button", name="Send the rating").click()
    chat.get_by_role("button", name="Change it").click()
    expect(chat.get_by_role("radio", name="3: All right")).to_be_checked()
    chat.get_by_role("radio", name="5: Very good").check(force=True)
    chat.get_by_role("button", name="Send the rating").click()
    expect(chat.get_by_text("(5 / 5)")).to_be_visible()

    say(chat, "It burns again")
    expect(chat.get_by_text("(5 / 5)")).to_be_hidden()
