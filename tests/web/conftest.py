"""A real browser on the real service: the console signed in, and a shop's page with the chat."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="needs the playwright package")

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.lab.service import SIGN_IN, Service, running_service, wait_for

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE = 30_000
"""Milliseconds to wait for what must come; machines differ."""
SHOP = "http://shop.test/"
SWITCHES = [
    "--no-sandbox",
    # The made-up shop counts as a public website, which may not load scripts from this machine.
    "--disable-features=LocalNetworkAccessChecks",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers and services take minutes: these run with the slow tests."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "web"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    if not (ROOT / "web" / "dist" / "console" / "index.html").is_file():
        pytest.skip("needs the built front end: run make")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def service(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, exported_model: Path
) -> Iterator[Service]:
    with running_service(tmp_path_factory.mktemp("web") / "data", exported_model) as service:
        _index(service)
        yield service


def _index(service: Service) -> None:
    """Publish the shop's articles once more: they were written while no job ran."""
    with service.client() as client:

        def articles() -> list[dict[str, Any]]:
            return list(client.get("/api/articles").json()["items"])

        for row in articles():
            text = client.get(f"/api/articles/{row['id']}").json()["text"]
            changed = {"title": row["title"], "text": f"{text}\n\nUpdated this year."}
            client.put(f"/api/articles/{row['id']}", json=changed).raise_for_status()
        wait_for(lambda: all(row["indexed"] for row in articles()), "the articles to be indexed")


@pytest.fixture
def context(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    """A browser of its own; whatever breaks the pages' content policy fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.route(SHOP, lambda route: route.fulfill(body=shop_page(service), content_type=HTML))
    broken: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            broken.append(message.text)

    context.on("console", listen)
    context.on("weberror", lambda error: broken.append(str(error.error)))
    yield context
    context.close()
    assert not broken


HTML = "text/html; charset=utf-8"


def shop_page(service: Service) -> str:
    """A shop's page that shows the chat as a merchant would embed it."""
    inbox = service.inboxes["web"]
    return f"""<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
    <script async src="{service.url}/widget.js" data-inbox="{inbox}"></script></html>"""


@pytest.fixture
def console(context: BrowserContext, service: Service) -> Page:
    """The console's inbox, signed in as the lead."""
    page = context.new_page()
    sign_in(page, service)
    return page


def sign_in(
    page: Page,
    service: Service,
    email: str = SIGN_IN["email"],
    password: str = SIGN_IN["password"],
) -> None:
    page.goto(f"{service.url}/console/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").first.fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Inbox").wait_for(state="attached")


@pytest.fixture
def shop(context: BrowserContext) -> Page:
    """A shop's page; the chat's button is in its corner."""
    page = context.new_page()
    page.goto(SHOP)
    return page
