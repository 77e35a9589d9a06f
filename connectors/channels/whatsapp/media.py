"""Files in and out: what WhatsApp takes as which kind, uploads, and downloads with a limit."""

from urllib.parse import urlsplit

import httpx

from connectors.base import Account
from connectors.channels.whatsapp import graph
from connectors.json_values import Json, text
from desk.envelope import DeliveryState, File

MB = 1024 * 1024
DOWNLOAD_LIMIT = 100 * MB
CAPTIONED = ("image", "video", "document")
TAKEN = {
    "image": (5 * MB, {"image/jpeg", "image/png"}),
    "video": (16 * MB, {"video/mp4", "video/3gpp"}),
    "audio": (16 * MB, {"audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg"}),
}
"""What can be shown as what it is, with its largest size. All else travels as a document."""


def kind_of(file: File) -> str:
    bare = file.type.split(";")[0].strip().lower()
    size = len(file.content) if file.content is not None else file.size or 0
    fitting = (kind for kind, (limit, types) in TAKEN.items() if bare in types and size <= limit)
    return next(fitting, "document")


def file_body(http: httpx.Client, account: Account, file: File, caption: str = "") -> Json:
    """The message body of a file, uploaded first when it came with its bytes. Raises
    graph.Refused, never with `unknown`: an upload alone reaches no customer."""
    kind = kind_of(file)
    media: Json = {"link": file.reference} if _is_link(file) else {"id": file.reference}
    if file.content is not None:
        media = {"id": _upload(http, account, file)}
    elif not file.reference:
        raise graph.Refused(graph.failed("", f"The file {file.name} has no content."))
    if caption:
        media["caption"] = caption
    if kind == "document" and file.name:
        media["filename"] = file.name
    return {"type": kind, kind: media}


def _is_link(file: File) -> bool:
    return file.reference.startswith(("https://", "http://"))


def _upload(http: httpx.Client, account: Account, file: File) -> str:
    number = account.config.get("phone_number_id", "")
    part = (file.name or "file", file.content, file.type)
    try:
        answer = graph.post(
            http,
            account,
            f"{number}/media",
            data={"messaging_product": "whatsapp", "type": file.type},
            files={"file": part},
        )
    except graph.Refused as refused:
        if refused.receipt.state is not DeliveryState.UNKNOWN:
            raise
        again = graph.failed(refused.receipt.error_code, refused.receipt.error, retry_after=30)
        raise graph.Refused(again) from refused
    if not text(answer, "id"):
        raise graph.Refused(graph.failed("", "WhatsApp took the file but named no id.", 30))
    return text(answer, "id")


def fetch(http: httpx.Client, account: Account, file: File) -> bytes:
    """The bytes behind a media id. Raises OSError when they cannot be had or are too many."""
    if not file.reference.isalnum():
        raise OSError("This WhatsApp file has no usable id.")
    try:
        answer = http.get(graph.url(account, file.reference), headers=graph.bearer(account))
        address = text(graph.data(answer), "url")
        if not answer.is_success or not address:
            raise OSError(_refusal(answer))
        _check_address(account, address)
        return _download(http, account, address)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise OSError(f"The WhatsApp file could not be loaded ({type(error).__name__}).") from error


def _check_address(account: Account, address: str) -> None:
    """The access token goes along, so never over an open line, except to the API's own host."""
    target, base = urlsplit(address), urlsplit(graph.url(account, ""))
    if target.scheme != "https" and (target.scheme, target.netloc) != (base.scheme, base.netloc):
        raise OSError("WhatsApp named an address for the file that is not safe to open.")


def _download(http: httpx.Client, account: Account, address: str) -> bytes:
    with http.stream("GET", address, headers=graph.bearer(account)) as answer:
        if not answer.is_success:
            raise OSError(f"WhatsApp answered {answer.status_code} for the file.")
        content = bytearray()
        for chunk in answer.iter_bytes():
            content += chunk
            if len(content) > DOWNLOAD_LIMIT:
                raise OSError(f"The file is larger than {DOWNLOAD_LIMIT // MB} MB.")
        return bytes(content)


def _refusal(answer: httpx.Response) -> str:
    code, detail = graph.problem(answer)
    words = detail or f"answer {answer.status_code}"
    return f"WhatsApp did not hand out the file: {words} (code {code or 'none'})."
