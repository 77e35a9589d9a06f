"""Files that come in with a request, within the size an installation allows."""

import mimetypes

from fastapi import UploadFile

from core.errors import Invalid, OneThreadError
from core.settings import settings


class TooLarge(OneThreadError):
    code = "too_large"
    status = 413


def read_upload(file: UploadFile) -> tuple[bytes, str, str]:
    """Content, name and type. The type follows the name where the browser says nothing useful."""
    most = settings().max_upload_mb * 1024 * 1024
    content = file.file.read(most + 1)
    if len(content) > most:
        raise TooLarge(f"This file is larger than {settings().max_upload_mb} MB.")
    if not content:
        raise Invalid("This file is empty.")
    name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1].strip() or "file"
    declared = file.content_type or ""
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    vague = declared in ("", "application/octet-stream") or not _is_plain(declared)
    return content, name, guessed if vague else declared


def _is_plain(content_type: str) -> bool:
    """Safe to send back in a header as it stands."""
    return content_type.isascii() and content_type.isprintable() and "/" in content_type
