"""The console's inbox, as a teammate works in it."""

from playwright.sync_api import Browser, Page, expect

from tests.lab.service import Service
from tests.web.chat import ask_for_a_person, open_chat, say
from tests.web.conftest import sign_in


def test_a_hand_off_appears_live_and_the_reply_reaches_the_visitor(
    console: Page, shop: Page
) -> None:
    chat = open_chat(shop)
    ask_for_a_person(chat, "The broken lamp")

    console.get_by_role("listitem").first.click()
    expect(console.get_by_label("Hand-off")).to_contain_text("asked for a person")
    expect(console.get_by_label("Messages")).to_contain_text("The broken lamp")
    console.keyboard.press("r")
    expect(console.get_by_role("textbox", name="Reply")).to_be_focused()
    console.keyboard.type("Hello, this is Lea. We replace it.")
    console.keyboard.press("Control+Enter")

    expect(chat.get_by_text("Hello, this is Lea. We replace it.")).to_be_visible()
    expect(chat.get_by_text("Lea ·")).to_be_visible()
    sent = console.get_by_role("article").filter(has_text="We replace it.")
    expect(sent).to_contain_text("Read")


def test_an_answer_shows_why_it_was_given(console: Page, shop: Page) -> None:
    chat = open_chat(shop)
    say(chat, "What does shipping to Norway cost?")
    expect(chat.get_by_text("12.90")).to_be_visible()

    console.get_by_role("listitem").filter(has_text="12.90").first.click()
    console.get_by_role("button", name="Why this answer?").first.click()

    trace = console.get_by_role("dialog", name="Why this answer?")
    expect(trace).to_contain_text("Answered")
    expect(trace.get_by_role("link", name="Shipping to Norway").first).to_be_visible()
    expect(trace.get_by_label("supported").first).to_be_visible()


def test_the_keyboard_is_enough(console: Page, shop: Page) -> None:
    chat = open_chat(shop)
    ask_for_a_person(chat, "This is for the keyboard")
    expect(console.get_by_role("listitem").first).to_contain_text("Of course")

    console.keyboard.press("j")
    console.keyboard.press("Enter")
    expect(console.get_by_label("Messages")).to_contain_text("for the keyboard")
    console.keyboard.press("n")
    expect(console.get_by_role("textbox", name="Note")).to_be_focused()
    console.keyboard.type("Only we see this")
    console.keyboard.press("Control+Enter")
    expect(console.get_by_role("article").filter(has_text="Only we see this")).to_be_visible()
    console.keyboard.press("Escape")
    console.keyboard.press("t")
    expect(console.get_by_role("button", name="Give back")).to_be_visible()
    console.keyboard.press("e")
    expect(console.get_by_role("button", name="Reopen")).to_be_visible()
    console.keyboard.press("?")
    expect(console.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    console.keyboard.press("Escape")
    expect(console.get_by_role("dialog")).to_be_hidden()
    console.keyboard.press("g")
    console.keyboard.press("a")
    expect(console.get_by_role("heading", name="Articles")).to_be_visible()
    expect(chat.get_by_text("Only we see this")).to_have_count(0)


def test_a_reply_that_cannot_be_sent_is_taken_back_and_kept(console: Page, shop: Page) -> None:
    chat = open_chat(shop)
    ask_for_a_person(chat, "This is for the rollback")
    expect(console.get_by_role("listitem").first).to_contain_text("Of course")
    console.get_by_role("listitem").first.click()
    expect(console.get_by_label("Messages")).to_contain_text("for the rollback")
    console.route("**/reply", lambda route: route.abort())

    field = console.get_by_role("textbox", name="Reply")
    field.fill("Will this arrive?")
    field.press("Control+Enter")

    expect(console.get_by_text("can't be reached")).to_be_visible()
    expect(console.get_by_role("article").filter(has_text="Will this arrive?")).to_have_count(0)
    expect(field).to_have_value("Will this arrive?")


def test_two_tabs_share_one_live_connection(browser: Browser, service: Service) -> None:
    context = browser.new_context()
    streams: list[str] = []
    context.on("request", lambda r: streams.append(r.url) if r.url.endswith("/api/live") else None)
    first = context.new_page()
    sign_in(first, service)
    second = context.new_page()
    second.goto(f"{service.url}/console/articles")
    second.get_by_role("heading", name="Articles").wait_for()
    second.goto(f"{service.url}/console/settings/company")
    second.get_by_label("Tagline").wait_for()

    with service.client() as client:
        company = client.get("/api/settings/company").json()
        client.put("/api/settings/company", json={**company, "tagline": "Told to every tab"})

    expect(second.get_by_role("heading", name="Company")).to_be_visible()
    second.goto(f"{service.url}/console/inbox")
    second.get_by_role("heading", name="Inbox").wait_for(state="attached")
    assert len(streams) == 1
    context.close()
