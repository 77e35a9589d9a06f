"""What a file is, by its content; the name only decides between kinds of plain text."""

import json
import re
import zipfile
from pathlib import Path

from ingestion.parse.document import Unreadable
from ingestion.parse.encoding import decode, is_binary
from ingestion.parse.limits import check_archive, damaged, protected

READS = (
    "PDF, Word, PowerPoint, Excel, OpenDocument, RTF, EPUB, HTML, Markdown, text, CSV, email "
    "files, and FAQ lists in CSV or JSON"
)
_SIGNED = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"BM": "a picture (BMP)",
    b"II*\0": "a picture (TIFF)",
    b"MM\0*": "a picture (TIFF)",
    b"RIFF": "a picture, sound or film",
    b"ID3": "a sound file",
    b"\x1f\x8b": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"MZ": "a program",
    b"\x7fELF": "a program",
}
_OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_OLE_STREAMS = {
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
}
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_TAG = re.compile(r"</(?:p|div|h[1-6]|table|ul|ol|span|a|body)>", re.I)
_MAIL_HEADER = re.compile(
    r"^(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|delivered-to"
    r"|content-type|reply-to|sender|x-[\w-]+|dkim-signature|authentication-results):",
    re.I | re.M,
)
_ANY_HEADER = re.compile(r"(?:[\x21-\x39\x3b-\x7e]+:.*|[ \t]+\S.*|From .*)$")
_MARKDOWN = re.compile(r"^#{1,6} \S|^```|^\|.*\|[ \t]*\n\|[ :|-]+\|", re.M)

SPELLINGS = {
    "htm": "html", "xhtml": "html", "markdown": "md", "tsv": "csv", "text": "txt", "jsonl": "json",
    "docm": "docx", "dotx": "docx", "pptm": "pptx", "ppsx": "pptx", "potx": "pptx",
    "xlsm": "xlsx", "xltx": "xlsx",
}  # fmt: skip


def sniff(path: Path, name: str) -> str:
    """One of the formats of `child.READERS`. Raises Unreadable for anything else."""
    data = path.read_bytes()
    if data.startswith(b"PK"):
        return _in_archive(path, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _in_ole(data, name)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.lstrip()[:5] == b"{\\rtf":
        return "rtf"
    if is_binary(data):
        raise Unreadable(_no_text(data, name))
    return _text_kind(decode(data[:200_000]), data, extension(name))


def extension(name: str) -> str:
    """The format a name claims, in one spelling."""
    suffix = Path(name).suffix.lower().removeprefix(".")
    return SPELLINGS.get(suffix, suffix)


def _in_archive(path: Path, name: str) -> str:
    check_archive(path, name)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        declared = _entry(archive, "mimetype")[:100].decode("latin-1")
        manifest = _entry(archive, "META-INF/manifest.xml")
    if b"manifest:encryption-data" in manifest:
        raise Unreadable(protected(name))
    for folder, kind in (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx")):
        if any(entry.startswith(folder) for entry in names):
            return kind
    if "epub" in declared:
        return "epub"
    for word, kind in _OPEN_DOCUMENT.items():
        if f"opendocument.{word}" in declared:
            return kind
    raise Unreadable(
        f"“{name}” is an archive. Unpack it and upload the documents in it one by one."
    )


def _entry(archive: zipfile.ZipFile, entry: str) -> bytes:
    try:
        return archive.read(entry)
    except (KeyError, zipfile.BadZipFile, OSError, NotImplementedError):
        return b""


def _in_ole(data: bytes, name: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable(protected(name))
    if "__properties_version1.0".encode("utf-16-le") in data:
        return "msg"
    for stream, kind in _OLE_STREAMS.items():
        if stream.encode("utf-16-le") in data:
            return kind
    raise Unreadable(damaged(name))


def _no_text(data: bytes, name: str) -> str:
    signs = (what for sign, what in _SIGNED.items() if data.startswith(sign))
    what = "a picture or film" if data[4:8] == b"ftyp" else next(signs, "")
    if what:
        return f"“{name}” is {what}, which holds no text to read. OneThread reads {READS}."
    claimed = extension(name).upper()
    return (
        f"“{name}” is no {claimed or 'known'} file inside: the content is damaged or of another "
        f"kind than its name says. Export it again. OneThread reads {READS}."
    )


def _text_kind(text: str, data: bytes, claimed: str) -> str:
    if _HTML.match(text) or (claimed == "html" and _HTML_TAG.search(text)):
        return "html"
    if claimed == "eml" or _is_mail(text):
        return "eml"
    if text.lstrip()[:1] in ("{", "[") and _is_json(data):
        return "json"
    if claimed in ("csv", "json", "md"):
        return claimed
    if len(_HTML_TAG.findall(text)) > max(4, len(text) / 500):
        return "html"
    return "md" if _MARKDOWN.search(text) else "txt"


def _is_mail(text: str) -> bool:
    """A block of header lines, at least three of them known from mail."""
    head = re.split(r"\r?\n\r?\n", text.lstrip("\ufeff"), maxsplit=1)[0]
    lines = head.splitlines()
    return all(map(_ANY_HEADER.match, lines)) and len(_MAIL_HEADER.findall(head)) >= 3


def _is_json(data: bytes) -> bool:
    lines = decode(data).strip().splitlines()
    for text in ("\n".join(lines), lines[0]):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            continue
        return True
    return False
