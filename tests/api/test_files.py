"""Files in replies and messages, and mail that must be safe to show."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.console.mail import safe_html
from core.db import transaction
from core.installation import installation as at
from core.settings import Settings, settings
from desk.messages import Attachment
from tests.api.conftest import Browser, Desk
from tests.lab.s3 import S3


@pytest.fixture(params=["folder", "bucket"])
def installation(
    request: pytest.FixtureRequest, small_installation: Settings
) -> Iterator[Settings]:
    """What happens here does not depend on the database, but on where files lie."""
    if request.param == "folder":
        yield small_installation
        return
    s3: S3 = request.getfixturevalue("s3")
    with at(small_installation.model_copy(update=s3.settings())) as settings:
        yield settings


PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 32


def upload(
    client: Browser, name: Any = "label.png", content: Any = PICTURE, kind: Any = "image/png"
) -> Any:
    return client.post("/api/attachments", files={"file": (name, content, kind)})


def test_a_file_travels_from_the_teammate_into_the_message(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Where do I send it?")
    prepared = upload(ben).json()
    assert prepared["name"] == "label.png"
    assert prepared["size"] == len(PICTURE)
    reply = {"text": "Use this label.", "attachments": [prepared["id"]]}
    message = ben.post(f"/api/conversations/{opened}/reply", json=reply).json()
    file = message["attachments"][0]
    assert (file["kind"], file["name"], file["type"]) == ("image", "label.png", "image/png")
    answer = ben.get(file["url"])
    assert answer.content == PICTURE
    assert answer.headers["content-disposition"].startswith("inline")


def test_a_part_of_a_file_is_sent_alone_and_no_copy_stays(
    ben: Browser, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    film = upload(ben, "film.mp4", bytes(range(200)), "video/mp4").json()
    part = ben.get(f"/api/attachments/{film['id']}", headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_file_alone_is_a_reply(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("Where do I send it?")
    reply = {"text": "", "attachments": [upload(ben).json()["id"]]}
    assert ben.post(f"/api/conversations/{opened}/reply", json=reply).status_code == 201


def test_a_colleagues_prepared_file_is_neither_sent_nor_shown(
    ben: Browser, cem: Browser, desk: Desk
) -> None:
    opened = desk.customer_writes("Hello?")
    theirs = upload(cem).json()["id"]
    reply = {"text": "Here.", "attachments": [theirs]}
    assert ben.post(f"/api/conversations/{opened}/reply", json=reply).status_code == 404
    assert ben.get(f"/api/attachments/{theirs}").status_code == 404
    whole = ben.get(f"/api/conversations/{opened}").json()
    assert len(whole["messages"]) == 1
    assert whole["assignee"] is None


def test_a_page_somebody_sent_is_saved_not_run(ben: Browser, desk: Desk) -> None:
    page = upload(ben, "invoice.html", b"<script>alert(1)</script>", "text/html").json()
    answer = ben.get(f"/api/attachments/{page['id']}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_folder_in_a_files_name_is_dropped(ben: Browser) -> None:
    assert upload(ben, "../../etc/passwd").json()["name"] == "passwd"
    assert upload(ben, "C:\\temp\\label.png").json()["name"] == "label.png"


def test_empty_and_huge_files_are_refused_with_words(
    ben: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert upload(ben, content=b"").status_code == 422
    monkeypatch.setattr(settings(), "max_upload_mb", 1)
    refused = upload(ben, content=b"0" * (1024 * 1024 + 1))
    assert refused.status_code == 413
    assert "1 MB" in refused.json()["message"]


def test_pictures_inside_a_mail_come_from_our_own_store() -> None:
    logo = Attachment(id="a1", kind="image", type="image/png", inline_id="<logo@shop>")
    shown = safe_html('<p>Hi <img src="cid:logo@shop"> <img src="cid:gone"></p>', [logo])
    assert 'src="/api/attachments/a1"' in shown
    assert "cid:" not in shown


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        "<style>body{display:none}</style>",
        '<form action="https://evil.example"><input name=p></form>',
        '<svg onload="alert(1)"></svg>',
        '<iframe src="https://evil.example"></iframe>',
        '<img src="cid:x&quot; onerror=&quot;alert(1)">',
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    ],
)
def test_nothing_active_in_a_mail_survives(attack: Any) -> None:
    shown = safe_html(f"<p>Hello</p>{attack}", []).lower()
    assert "<p>hello</p>" in shown
    for trace in ("<script", 'onerror="alert', "javascript:", "<style", "<form", "<svg", "<iframe"):
        assert trace not in shown
    assert "<meta" not in shown


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_whatever_a_mail_holds_cleaning_it_again_changes_nothing(html: Any) -> None:
    once = safe_html(html, [])
    assert safe_html(once, []) == once
    assert nh3.is_html(once) or "<" not in once


def test_a_file_that_is_still_fetched_has_no_address_yet(ben: Browser, desk: Desk) -> None:
    opened = desk.customer_writes("See the picture")
    message = ben.get(f"/api/conversations/{opened}").json()["messages"][0]["id"]
    with transaction() as session:
        session.add(Attachment(message_id=message, kind="image", type="image/png", size=None))
    shown = ben.get(f"/api/conversations/{opened}").json()["messages"][0]["attachments"][0]
    assert shown["url"] is None
    assert shown["size"] is None
