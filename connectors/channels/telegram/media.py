"""Files in and out: what Telegram takes as which kind, and downloads with its limit."""

from urllib.parse import quote

import httpx

from connectors.base import Account
from connectors.channels.telegram import bot_api
from connectors.json_values import text
from connectors.refused import Refused
from desk.envelope import File

MB = 1024 * 1024
DOWNLOAD_LIMIT = 20 * MB
UPLOAD_LIMIT = 50 * MB
PHOTO_LIMIT = 10 * MB
SHOWN = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/gif": "animation",
    "video/mp4": "video",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
}
"""What can be shown or played as what it is. All else travels as a document."""


def kind_of(file: File) -> str:
    bare = file.type.split(";")[0].strip().lower()
    if bare == "audio/ogg" and file.kind in ("voice", "audio"):
        return "voice"
    found = SHOWN.get(bare, "document")
    return "document" if found == "photo" and size_of(file) > PHOTO_LIMIT else found


def size_of(file: File) -> int:
    return len(file.content) if file.content is not None else file.size or 0


def fetch(http: httpx.Client, account: Account, file: File) -> bytes:
    """The bytes behind a file id. Raises OSError when they cannot be had; no error names the
    address, for the token is in it."""
    if file.size is not None and file.size > DOWNLOAD_LIMIT:
        raise OSError(TOO_LARGE)
    try:
        found = bot_api.call(http, account, "getFile", {"file_id": file.reference})
    except Refused as refused:
        raise OSError(refused.receipt.error) from None
    path = text(found, "file_path")
    if not path:
        raise OSError(TOO_LARGE)
    try:
        return _download(http, bot_api.file_address(account, quote(path)))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        words = f"The Telegram file could not be loaded ({type(error).__name__})."
        raise OSError(words) from None


TOO_LARGE = "The file is larger than the 20 MB that Telegram hands out to bots."


def _download(http: httpx.Client, address: str) -> bytes:
    with http.stream("GET", address) as answer:
        if not answer.is_success:
            raise OSError(f"Telegram answered {answer.status_code} for the file.")
        content = bytearray()
        for chunk in answer.iter_bytes():
            content += chunk
            if len(content) > DOWNLOAD_LIMIT:
                raise OSError(TOO_LARGE)
        return bytes(content)
