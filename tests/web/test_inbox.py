"""The console's inbox, as a teammate works in it."""

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.lab.service import Service, wait_for
from tests.web.chat import ask_for_a_person, open_chat, say, visitor_writes
from tests.web.conftest import sign_in


def test_a_hand_off_appears_live_and_the_reply_reaches_the_visitor(
    console: Page, shop: Page
) -> None:
    chat = open_chat(shop)
    ask_for_a_person(chat, "The broken lamp")

    _open_newest(console, "The broken lamp")
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


def _open_newest(console: Page, about: str) -> None:
    """The list is live: what has just come may not be on top yet."""

    def is_open() -> bool:
        console.get_by_role("listitem").first.click()
        console.wait_for_timeout(300)
        return console.get_by_label("Messages").get_by_text(about).count() > 0

    wait_for(is_open, f"the conversation about {about}")


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
    expect(console.get_by_role("listitem").first).to_contain_text("Everyone")

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
    expect(console.get_by_role("button", name="Reopen")).to_be_visible()
    console.keyboard.press("g")
    console.keyboard.press("a")
    expect(console.get_by_role("heading", name="Articles")).to_be_visible()
    expect(chat.get_by_text("Only we see this")).to_have_count(0)


def test_a_reply_that_cannot_be_sent_is_taken_back_and_kept(console: Page, shop: Page) -> None:
    chat = open_chat(shop)
    ask_for_a_person(chat, "This is for the rollback")
    expect(console.get_by_role("listitem").first).to_contain_text("Everyone")
    console.get_by_role("listitem").first.click()
    expect(console.get_by_label("Messages")).to_contain_text("for the rollback")
    console.route("**/reply", lambda route: route.abort())

    field = console.get_by_role("textbox", name="Reply")
    field.fill("Will this arrive?")
    field.press("Control+Enter")

    expect(console.get_by_text("can't be reached")).to_be_visible()
    expect(console.get_by_role("article").filter(has_text="Will this arrive?")).to_have_count(0)
    expect(field).to_have_value("Will this arrive?")


def test_resolving_is_undone_by_key_and_the_owner_is_back(console: Page, service: Service) -> None:
    open_conversation(console, service, "Can I talk to a person, please? About the resolving")
    console.keyboard.press("t")
    expect(console.get_by_role("button", name="Give back")).to_be_visible()

    console.keyboard.press("e")
    expect(console.get_by_role("button", name="Reopen")).to_be_visible()
    expect(console.get_by_role("alert").filter(has_text="Resolved.")).to_be_visible()
    console.keyboard.press("z")

    expect(console.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    expect(console.get_by_role("button", name="Give back")).to_be_visible()


def test_assigning_can_be_undone(console: Page, service: Service) -> None:
    open_conversation(console, service, "Can I talk to a person, please? About the assigning")
    header = console.locator("header")
    expect(header).to_contain_text("Waits for a person")

    console.keyboard.press("a")
    console.get_by_label("Find a teammate or queue").press("Enter")
    expect(header).to_contain_text("Lea Lead")
    console.get_by_role("button", name="Undo").click()

    expect(header).to_contain_text("Waits for a person")


def test_a_snoozed_conversation_is_found_in_its_box_and_comes_back(
    console: Page, service: Service
) -> None:
    words = "Can I talk to a person, please? About the snoozing"
    open_conversation(console, service, words)
    console.get_by_role("button", name="More actions").click()
    console.get_by_role("menuitem", name="In a week").click()

    row = rows(console).filter(has_text=words)
    expect(row).to_have_count(0)
    console.get_by_role("link", name="Snoozed").click()
    expect(row).to_have_count(1)
    console.get_by_role("button", name="Undo").click()

    expect(row).to_have_count(0)
    console.get_by_role("link", name="All open").click()
    expect(row).to_have_count(1)


def test_drafts_have_a_box_and_are_approved_by_key(console: Page, service: Service) -> None:
    with service.client() as client:
        inbox = f"/api/inboxes/{service.inboxes['web']}"
        client.patch(inbox, json={"policy": "drafts"}).raise_for_status()
        before = drafts(client)
        visitor_writes(service, "What does shipping to Norway cost, for the draft?")
        wait_for(lambda: drafts(client) > before, "the draft")
        client.patch(inbox, json={"policy": "threshold"}).raise_for_status()
    console.get_by_role("link", name="Drafts").click()
    rows(console).filter(has_text="for the draft?").click()
    approve = console.get_by_role("button", name="Approve and send")
    expect(approve).to_be_visible()

    console.keyboard.press("d")
    expect(approve).to_be_focused()
    console.keyboard.press("Enter")

    expect(approve).to_have_count(0)
    expect(rows(console).filter(has_text="for the draft?")).to_have_count(0)


def test_the_next_one_follows_what_was_resolved(console: Page, service: Service) -> None:
    for word in ("first", "second", "third"):
        visitor_writes(service, f"Can I talk to a person, please? Says the {word} in line")
        expect(rows(console).first).to_contain_text(f"the {word} in line")
        expect(rows(console).first).to_contain_text("Everyone")
    console.keyboard.press("j")
    console.keyboard.press("j")
    console.keyboard.press("Enter")
    expect(console.get_by_label("Messages")).to_contain_text("the second in line")

    console.keyboard.press("e")
    expect(rows(console).filter(has_text="the second in line")).to_have_count(0)
    console.keyboard.press("j")

    expect(console.get_by_label("Messages")).to_contain_text("the first in line")


IN_SIGHT = r"""() => document.elementFromPoint(400, 400).closest('[role=listitem]')
    .innerText.match(/number \d+/)[0]"""


def test_news_leaves_what_is_being_read_where_it_is(console: Page, service: Service) -> None:
    for number in range(14):
        visitor_writes(service, f"Can I talk to a person, please? Says visitor number {number:02}")
    for number in range(14):
        expect(rows(console).filter(has_text=f"number {number:02}")).to_contain_text("Everyone")
    console.get_by_role("list", name="Conversations").locator("..").evaluate(
        "scroller => scroller.scrollTo(0, 400)"
    )
    said = console.evaluate(IN_SIGHT)
    row = rows(console).filter(has_text=said)
    expect(row).to_have_count(1)
    before = row.bounding_box()

    count = console.get_by_role("link", name="All open")
    known = count.inner_text()
    visitor_writes(service, "Can I talk to a person, please? Says one more")
    expect(count).not_to_have_text(known)
    console.wait_for_timeout(500)

    assert row.bounding_box() == before


def test_the_customer_stays_beside_the_conversation_until_put_away(
    console: Page, service: Service
) -> None:
    open_conversation(console, service, "Can I talk to a person, please? About the panel")
    customer = console.get_by_role("complementary", name="Customer")
    expect(customer).to_have_count(0)
    console.keyboard.press("c")
    expect(customer).to_contain_text("Identities")
    expect(console.get_by_role("textbox", name="Reply")).to_be_visible()

    console.keyboard.press("j")
    expect(customer).to_contain_text("Identities")
    console.keyboard.press("c")
    expect(customer).to_have_count(0)


def test_the_palette_does_things_with_the_open_conversation(
    console: Page, service: Service
) -> None:
    open_conversation(console, service, "Can I talk to a person, please? About the palette")
    console.keyboard.press("Control+k")
    console.locator("input[aria-label='Search and commands']").fill("resolve this")
    console.keyboard.press("Enter")
    expect(console.get_by_role("button", name="Reopen")).to_be_visible()


def drafts(client: httpx.Client) -> int:
    return int(client.get("/api/conversations/counts").json()["drafts"])


def rows(console: Page) -> Locator:
    return console.get_by_role("list", name="Conversations").get_by_role("listitem")


def open_conversation(console: Page, service: Service, text: str) -> None:
    """A visitor writes this, asking for a person; the conversation is open once it is handed."""
    visitor_writes(service, text)
    row = rows(console).filter(has_text=text)
    expect(row).to_contain_text("Everyone")
    row.click()
    expect(console.get_by_label("Messages")).to_contain_text(text)


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
