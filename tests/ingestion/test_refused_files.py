"""Broken, locked and hostile files: each fails alone, soon, with words that say what to do."""

import io
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as new_docx
from openpyxl import Workbook
from pypdf import PdfWriter

from core.settings import settings
from ingestion.parse import Document, Unreadable, limits, parse
from ingestion.parse.child import read
from ingestion.parse.run import _environment
from tests.ingestion.made_pdf import Picture, Text, pdf

POLICY = pdf(
    [Text(f"Line {i} of the return policy of the shop.", 60, 780 - 20 * i) for i in range(30)]
)


Upload = Callable[[str, bytes], Document]


@pytest.fixture
def upload(tmp_path: Path) -> Upload:
    def save(name: str, content: bytes) -> Document:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return parse(path, name=name)

    return save


def word_file() -> bytes:
    file = io.BytesIO()
    word = new_docx()
    word.add_paragraph("We open at nine every working day.")
    word.save(file)
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    book = Workbook()
    for row in (("Day", "Opens"), ("Monday", "nine")):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def zip_file(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def locked_pdf() -> bytes:
    file = io.BytesIO()
    writer = PdfWriter(clone_from=io.BytesIO(POLICY))
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(file)
    return file.getvalue()


REFUSED = [
    ("blank.txt", b" \n\n ", "holds no text"),
    ("cut.pdf", POLICY[: len(POLICY) // 3], "damaged or was cut off"),
    ("cut.docx", word_file()[:-2000], "damaged or was cut off"),
    ("noise.pdf", bytes(range(256)) * 40, "no PDF file inside"),
    ("locked.pdf", locked_pdf(), "protected by a password"),
    ("scan.pdf", pdf([Picture(40, 40, 500, 700)]), "text recognition"),
    ("empty-page.pdf", pdf([]), "its pages are empty"),
    ("photo.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "a picture"),
    ("photos.zip", zip_file({"a.png": b"1"}), "is an archive"),
    ("bomb.docx", zip_file({"word/document.xml": b"\0" * 300_000_000}), "unpacks to 286 MB"),
    ("deep.json", b"[" * 200_000, "damaged"),
    ("mail.eml", b"Subject: x\nContent-Type: multipart/encrypted; boundary=b\n\n", "encrypted"),
]


@pytest.mark.parametrize(("name", "content", "says"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_file_that_gives_no_text_says_why_and_what_to_do(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=says) as refusal:
        read(path, name)
    assert refusal.value.code == "unreadable"
    assert name in refusal.value.message


@pytest.mark.slow
@pytest.mark.parametrize(("name", "content", "says"), REFUSED, ids=[case[0] for case in REFUSED])
def test_the_child_process_hands_each_refusal_on(
    upload: Upload, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(Unreadable, match=says):
        upload(name, content)


def test_a_refusal_comes_out_of_the_child_process(upload: Upload) -> None:
    with pytest.raises(Unreadable, match="protected by a password"):
        upload("locked.pdf", locked_pdf())
    with pytest.raises(Unreadable, match="is empty"):
        upload("empty.pdf", b"")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no file"):
        parse(tmp_path / "gone.pdf")


def test_a_file_over_the_limit_is_refused_before_it_is_read(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "max_upload_mb", 1)
    with pytest.raises(Unreadable, match="limit is 1 MB"):
        upload("long.txt", b"word " * 300_000)


def test_a_workbook_called_pdf_is_read_as_what_it_is(upload: Upload) -> None:
    document = upload("hours.pdf", workbook())
    assert "| Monday | nine |" in document.blocks[1].text
    assert document.warnings == ("The name says .pdf; the content is Excel, so it was read so.",)


def test_a_file_that_takes_too_long_is_stopped_and_leaves_no_process(
    upload: Upload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    with pytest.raises(Unreadable, match="took longer"):
        upload("slow.docx", word_file())
    assert not [line for line in _command_lines() if str(tmp_path) in line]


def test_an_html_page_of_50000_nested_boxes_does_no_harm(upload: Upload) -> None:
    html = "<html><body>" + "<div>" * 50_000 + "Bottom." + "</div>" * 50_000
    with pytest.raises(Unreadable, match=r"deep\.html"):
        upload("deep.html", html.encode())


def test_an_entity_in_a_word_file_reads_nothing_from_this_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-word")
    xml = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]><w:document '
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
        "<w:r><w:t>Hello &x;</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(io.BytesIO(word_file())) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    path = tmp_path / "x.docx"
    path.write_bytes(zip_file({**entries, "word/document.xml": xml.encode()}))
    assert "the-secret-word" not in str(read(path, path.name))


def test_the_child_reaches_no_network_starts_no_program_and_sees_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        attempts = (
            f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}))",
            "import subprocess; subprocess.run(['true'])",
        )
        for attempt in attempts:
            code = f"from ingestion.parse.child import _restrict; _restrict(); {attempt}"
            ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
            assert "a parser may not call" in ran.stderr
    monkeypatch.setenv("ONETHREAD_SECRET_KEY", "hush")
    assert not [name for name in _environment(Path()) if name.startswith("ONETHREAD")]


def _command_lines() -> list[str]:
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        found.append(words.replace("\0", " "))
    return found
