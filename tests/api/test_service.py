"""What holds for every request: commits before answers, one form of errors, careful headers."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import static
from api.app import create_app
from api.openapi import describe
from api.transactions import Writing
from core.db import reading
from core.log import start_logging
from core.settings import Settings, settings
from desk import conversations
from desk.customers import Customer
from tests.api.conftest import Browser, Desk


@pytest.fixture
def installation(small_installation: Settings) -> Any:
    """What happens here does not depend on the database."""
    return small_installation


def test_what_fails_to_commit_is_never_answered_as_done(desk: Desk) -> Any:
    app = create_app()

    @app.post("/spoil")
    def spoil(session: Writing) -> dict[str, str]:
        session.add(Customer(id="twice", name="one"))
        session.flush()
        session.expunge_all()
        session.add(conversations.Conversation(customer_id="nobody"))
        return {"state": "done"}

    answer = TestClient(app, raise_server_exceptions=False).post("/spoil")
    assert answer.status_code == 409
    assert answer.json()["code"] == "conflict"
    with reading() as session:
        assert session.get(Customer, "twice") is None


def test_what_was_answered_is_already_stored(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello?")
    ben.post(f"/api/conversations/{opened}/resolve")
    with reading() as session:
        assert conversations.find(session, opened).status == "resolved"


def test_a_refusal_leaves_nothing_half_done(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Hello?")
    reply = {"text": "Here it is.", "attachments": ["gone"]}
    assert ben.post(f"/api/conversations/{opened}/reply", json=reply).status_code == 404
    with reading() as session:
        assert conversations.find(session, opened).assignee_id is None


def test_an_error_of_ours_is_told_without_its_insides(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app()

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret words of a customer")

    with caplog.at_level(logging.ERROR, logger="onethread"):
        answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert answer.status_code == 500
    assert set(answer.json()) == {"code", "message"}
    assert "secret" not in answer.text
    record = next(r for r in caplog.records if r.message == "request_failed")
    fields = vars(record)["fields"]
    assert fields["error"] == "RuntimeError"
    assert "secret" not in json.dumps(fields)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("DELETE", "/api/me", 405),
        ("GET", "/api/conversations?limit=0", 422),
        ("GET", "/api/conversations?box=attic", 422),
    ],
)
def test_every_refusal_has_the_same_form(ben: Browser, method: Any, path: Any, status: Any) -> None:
    answer = ben.request(method, path)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message"}


def test_a_body_that_is_no_json_is_refused_with_words(ben: Browser) -> None:
    answer = ben.patch(
        "/api/me", content=b"{not json", headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert set(answer.json()) == {"code", "message"}


def test_pages_may_not_be_framed_elsewhere_but_the_chat_may(
    browser: Callable[..., Browser],
) -> None:
    client = browser()
    ours = client.get("/console/").headers
    assert "frame-ancestors 'self'" in ours["content-security-policy"]
    assert "default-src 'self'" in ours["content-security-policy"]
    assert "unsafe-inline" not in ours["content-security-policy"]
    assert ours["x-content-type-options"] == "nosniff"
    assert "frame-ancestors *" in client.get("/widget/some").headers["content-security-policy"]


def test_what_the_api_says_is_kept_by_no_cache(ben: Browser) -> None:
    assert ben.get("/api/me").headers["cache-control"] == "no-store"


def test_a_requests_id_stands_in_its_log_lines(
    browser: Callable[..., Browser], capsys: Any
) -> None:
    start_logging("INFO")
    answer = browser().post("/api/sign-in", json={"email": "ben@shop.example", "password": "no"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "{" in line]
    line = next(one for one in lines if one["event"] == "sign_in_refused")
    assert line["request"] == answer.headers["x-request-id"]
    assert "shop.example" not in json.dumps(lines)


def test_long_answers_travel_compressed(ben: Browser, desk: Desk) -> None:
    for number in range(10):
        desk.customer_writes(f"question {number}", phone=f"+49151123456{number:02}")
    answer = ben.get("/api/conversations", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A front end as the build leaves it."""
    for path, text in {
        "console/index.html": "<title>console</title>",
        "console/assets/app-1a2b.js": "app()",
        "widget/frame.html": "<title>chat</title>",
        "widget/widget.js": "chat()",
        "widget/assets/frame.js": "frame()",
        "demo/index.html": "<title>shop</title>",
        "secret.txt": "outside",
    }.items():
        file = tmp_path / "dist" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    monkeypatch.setattr(static, "BUILT", tmp_path / "dist")


def test_every_address_of_the_console_opens_it(browser: Callable[..., Browser], built: Any) -> None:
    client = browser()
    for path in ("/console", "/console/", "/console/inbox/mine", "/console/articles/1"):
        assert "<title>console</title>" in client.get(path).text
    script = client.get("/console/assets/app-1a2b.js")
    assert script.text == "app()"
    assert "immutable" in script.headers["cache-control"]
    assert client.get("/console/assets/old.js").status_code == 404
    assert client.get("/").url.path == "/console/"


def test_nothing_outside_the_built_folder_is_served(
    browser: Callable[..., Browser], built: Any
) -> None:
    client = browser()
    for path in ("..%2Fsecret.txt", "%2e%2e/secret.txt", "assets/..%2F..%2Fsecret.txt", "%00"):
        assert "outside" not in client.get(f"/console/{path}").text


def test_the_chat_is_served_to_any_page(browser: Callable[..., Browser], built: Any) -> None:
    client = browser()
    assert client.get("/widget.js").text == "chat()"
    assert "<title>chat</title>" in client.get("/widget/inbox-1").text
    assert client.get("/widget/assets/frame.js").text == "frame()"


def test_the_demo_shop_is_only_there_in_a_demo(
    browser: Callable[..., Browser], built: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser()
    assert client.get("/demo").status_code == 404
    assert client.get("/demo/settings").status_code == 404
    monkeypatch.setattr(settings(), "demo", True)
    assert "<title>shop</title>" in client.get("/demo").text


def test_a_front_end_that_is_not_built_says_how(
    browser: Callable[..., Browser], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static, "BUILT", tmp_path)
    page = browser().get("/console/")
    assert page.status_code == 503
    assert "make web" in page.text


@pytest.mark.slow
def test_the_description_is_the_same_each_time_and_names_every_operation_once() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "api.openapi"], capture_output=True, text=True, check=True
    ).stdout
    assert printed == describe() + "\n"
    paths = json.loads(printed)["paths"]
    names = [
        operation["operationId"]
        for path in paths.values()
        for method, operation in path.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]
    assert len(names) == len(set(names)) > 60
    assert all(name.isalnum() for name in names)


def test_the_front_end_is_built_from_this_description() -> None:
    """If this fails: .venv/bin/python -m api.openapi > web/openapi.json."""
    copy = Path(__file__).resolve().parents[2] / "web" / "openapi.json"
    assert copy.read_text(encoding="utf-8") == describe() + "\n"


def test_every_answer_of_the_console_has_a_described_shape() -> None:
    paths = json.loads(describe())["paths"]
    files = {"/api/live", "/api/attachments/{attachment_id}"}
    for path, methods in paths.items():
        if not path.startswith("/api/") or path in files:
            continue
        for operation in methods.values():
            good = next(a for status, a in operation["responses"].items() if status < "300")
            assert good["content"]["application/json"]["schema"], path
