"""Articles in the console: from a file to an answer."""

import pytest
from playwright.sync_api import Page, expect

from tests.ingestion.made_pdf import Text, pdf
from tests.lab.service import Service, wait_for


def test_an_uploaded_pdf_answers_questions_a_moment_later(console: Page, service: Service) -> None:
    console.goto(f"{service.url}/console/articles")
    page = pdf([Text("The Nordlicht lamp burns for 37 hours on one charge.", 60, 740)])
    with console.expect_file_chooser() as chooser:
        console.get_by_role("button", name="Upload").click()
    chooser.value.set_files(
        {"name": "nordlicht.pdf", "mimeType": "application/pdf", "buffer": page}
    )

    uploads = console.get_by_label("Uploads")
    expect(uploads).to_contain_text("nordlicht.pdf")
    expect(uploads.get_by_role("link", name="Open")).to_be_visible(timeout=30_000)
    trial = console.get_by_role("complementary", name="Try a question")
    ask = trial.get_by_role("textbox")
    ask.fill("How many hours does the Nordlicht lamp burn on one charge?")
    ask.press("Enter")
    expect(trial).to_contain_text("37 hours")
    expect(trial).to_contain_text("sure")
    expect(trial.get_by_label("Sources").get_by_role("link")).to_be_visible()


def test_a_broken_file_says_what_is_wrong_and_can_be_tried_again(
    console: Page, service: Service
) -> None:
    console.goto(f"{service.url}/console/articles")
    with console.expect_file_chooser() as chooser:
        console.get_by_role("button", name="Upload").click()
    chooser.value.set_files(
        {"name": "torn.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 torn"}
    )

    line = console.get_by_label("Uploads").get_by_role("alert")
    expect(line).to_be_visible(timeout=30_000)
    expect(line).to_contain_text("torn.pdf")
    with console.expect_response("**/retry") as tried_again:
        console.get_by_role("button", name="Try torn.pdf again").click()
    assert tried_again.value.ok
    wait_for(lambda: "failed" in states(service, "torn.pdf"), "the file to fail again")
    expect(line).to_be_visible()
    console.get_by_role("button", name="Remove torn.pdf").click()
    expect(console.get_by_text("torn.pdf")).to_have_count(0)


def test_an_article_is_written_changed_and_brought_back(console: Page, service: Service) -> None:
    console.goto(f"{service.url}/console/articles/new")
    console.get_by_label("Title").fill("Lamp care")
    console.get_by_label("Text in Markdown").fill("# Lamp care\n\nDust it **weekly**.")
    expect(console.get_by_label("Preview").locator("strong")).to_have_text("weekly")
    console.get_by_role("button", name="Save and publish").click()

    expect(console.get_by_role("heading", name="Lamp care").first).to_be_visible()
    console.get_by_role("button", name="Edit").click()
    console.get_by_label("Text in Markdown").fill("# Lamp care\n\nDust it daily.")
    console.get_by_role("button", name="Save and publish").click()
    expect(console.get_by_role("paragraph").filter(has_text="Dust it daily.")).to_be_visible()
    expect(console.get_by_role("button", name="Edit")).to_be_visible()
    console.get_by_role("tab", name="Versions (2)").click()
    console.get_by_role("button", name="Restore").click()
    expect(console.get_by_role("tab", name="Versions (3)")).to_be_visible()
    console.get_by_role("tab", name="Text").click()
    expect(console.get_by_role("tabpanel")).to_contain_text("Dust it weekly.")

    console.get_by_role("button", name="More actions").click()
    console.get_by_role("menuitem", name="Delete").click()
    console.get_by_role("button", name="Delete").click()
    console.get_by_role("button", name="Undo").click()
    expect(console.get_by_role("listitem").filter(has_text="Lamp care")).to_be_visible()


def test_what_was_written_is_not_lost_by_going_away(console: Page, service: Service) -> None:
    console.goto(f"{service.url}/console/articles/new")
    console.get_by_label("Title").fill("Half an article")
    console.get_by_role("link", name="Inbox", exact=True).click()
    question = console.get_by_role("dialog", name="Leave without saving?")
    question.get_by_role("button", name="Keep writing").click()
    expect(question).to_have_count(0)
    expect(console.get_by_label("Title")).to_have_value("Half an article")

    console.get_by_role("button", name="Cancel").click()
    question.get_by_role("button", name="Discard the changes").click()
    expect(console.get_by_role("heading", name="Articles")).to_be_visible()


def test_a_screen_that_cannot_load_offers_to_try_again(console: Page, service: Service) -> None:
    console.route("**/api/articles?*", lambda route: route.abort())
    console.route("**/api/articles", lambda route: route.abort())
    console.goto(f"{service.url}/console/articles")
    again = console.get_by_role("button", name="Try again")
    expect(again).to_be_visible(timeout=20_000)

    console.unroute_all()
    again.click()

    expect(console.get_by_role("listitem").filter(has_text="Gift cards")).to_be_visible()


def states(service: Service, name: str) -> list[str]:
    with service.client() as client:
        return [one["state"] for one in client.get("/api/uploads").json() if one["name"] == name]


def test_a_faq_file_becomes_entries_that_are_found_by_their_file_and_deleted_at_once(
    console: Page, service: Service
) -> None:
    rows = [f"What is Nordlicht number {n}?,It is lamp number {n} of all." for n in range(60)]
    console.goto(f"{service.url}/console/articles")
    with console.expect_file_chooser() as chooser:
        console.get_by_role("button", name="Upload", exact=True).click()
    chooser.value.set_files(
        {
            "name": "lamps.csv",
            "mimeType": "text/csv",
            "buffer": "\n".join(["question,answer", *rows]).encode(),
        }
    )

    uploads = console.get_by_label("Uploads")
    expect(uploads).to_contain_text("60 FAQ entries: 60 new.", timeout=30_000)
    expect(console.get_by_role("listitem").filter(has_text="Nordlicht number")).to_have_count(0)
    console.get_by_label("FAQ files").get_by_role("link", name="lamps.csv").click()
    entry = console.get_by_role("listitem").filter(has_text="Nordlicht number 59?")
    expect(entry).to_contain_text("FAQ · lamps.csv")
    entry.get_by_role("link").click()
    expect(console.get_by_role("tabpanel")).to_contain_text("It is lamp number 59 of all.")
    console.get_by_role("link", name="from lamps.csv").click()

    console.get_by_role("button", name="Delete entries").click()
    console.get_by_role("dialog").get_by_role("button", name="Delete").click()
    undo = console.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    expect(console.get_by_role("link", name="lamps.csv")).to_have_count(0)
    undo.click()
    expect(console.get_by_label("FAQ files")).to_contain_text("60 entries")
