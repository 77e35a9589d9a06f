"""Every screen of the console: small, large, light and dark, and by the rules for access."""

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.lab.service import Service
from tests.web.chat import visitor_writes
from tests.web.conftest import ROOT


AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = (
    "inbox",
    "articles",
    "articles/new",
    "settings/company",
    "settings/inboxes",
    "settings/teammates",
    "settings/queues",
    "settings/model",
    "settings/webhooks",
    "settings/dead-letters",
    "profile",
)


@pytest.fixture
def conversation(service: Service) -> str:
    """One with a long name, a long word and text from right to left."""
    name = "Wolfeschlegelsteinhausenbergerdorff " * 3
    visitor_writes(service, "أريد التحدث إلى شخص " + "x" * 200, name=name)
    with service.client() as client:
        for _ in range(200):
            rows = client.get("/api/conversations", params={"q": "xxxxxxxx", "status": "all"})
            if rows.json()["items"]:
                return f"inbox/{rows.json()['items'][0]['id']}"
    raise AssertionError("the message did not arrive")


def test_nothing_sticks_out_at_any_width(
    console: Page, service: Service, conversation: str
) -> None:
    for screen in (*SCREENS, conversation):
        show(console, service, screen)
        for width in (1920, 1280, 360):
            console.set_viewport_size({"width": width, "height": 780})
            assert console.evaluate(STICKS_OUT) == [], f"{screen} at {width} px"


STICKS_OUT = """() => [...document.querySelectorAll('main *, nav *')]
    .filter(element => {
        const box = element.getBoundingClientRect();
        if (box.width === 0 || box.right <= innerWidth + 1) return false;
        for (let up = element.parentElement; up; up = up.parentElement)
            if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(up).overflowX) &&
                up.getBoundingClientRect().right <= innerWidth + 1) return false;
        return true;
    }).map(element => element.outerHTML.slice(0, 120))"""


SETTLED = """new Promise(done => setTimeout(() => Promise.allSettled(
    document.getAnimations().map(change => change.finished)).then(() => done()), 300))"""
"""Colours change gradually; half-way they are nobody's."""


def test_screens_keep_the_rules_for_access(
    console: Page, service: Service, conversation: str
) -> None:
    if not AXE.is_file():
        pytest.skip("needs the front end's packages: run make")
    for screen in (*SCREENS, conversation):
        show(console, service, screen)
        console.evaluate(AXE.read_text())
        for scheme in ("light", "dark"):
            console.emulate_media(color_scheme=scheme)
            root = console.locator("html")
            expect(root).to_have_attribute("data-mantine-color-scheme", scheme)
            console.evaluate(SETTLED)
            assert violations(console) == [], f"{screen}, {scheme}"


def show(console: Page, service: Service, screen: str) -> None:
    console.goto(f"{service.url}/console/{screen}")
    console.locator("main").wait_for()
    expect(console.locator("main [aria-busy=true]")).to_have_count(0)


def violations(page: Page | Frame) -> list[str]:
    """Broken rules of WCAG 2 A and AA, with the elements that break them."""
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
        ".then(r => r.violations.map(v => [v.id,"
        " v.nodes.map(n => n.html.slice(0, 120) + n.any.map(c => c.message))]))"
    )
    return [f"{rule}: {nodes}" for rule, nodes in found]
