"""Files in and out: uploads in Slack's three steps, and downloads with the token."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import httpx

from connectors.base import Account
from connectors.channels.slack import web_api
from connectors.json_values import Json, child, text
from connectors.refused import Refused, failed, post, without_effect
from desk.envelope import File

MB = 1024 * 1024
DOWNLOAD_LIMIT = 100 * MB


def upload(http: httpx.Client, account: Account, file: File) -> Json:
    """Put a file at Slack, where nobody sees it until it is shared. Raises Refused, never with
    `unknown`."""
    if file.content is None:
        raise failed("", f"The file {file.name} has no content.")
    name = file.name or "file"
    about = {"filename": name, "length": str(len(file.content))}
    try:
        where = web_api.call(http, account, "files.getUploadURLExternal", data=about)
        address = text(where, "upload_url")
        _check_address(account, address)
        answer = post(http, "Slack", address, content=file.content)
        if not answer.is_success:
            raise failed(str(answer.status_code), "Slack did not take the file.", retry_after=30)
    except Refused as refused:
        raise without_effect(refused) from None
    return {"id": text(where, "file_id"), "title": name}


def share(
    http: httpx.Client, account: Account, files: Sequence[Json], channel: str, thread_ts: str
) -> str:
    """Show uploaded files; the name of the first. Raises Refused."""
    body: Json = {"files": list(files), "channel_id": channel}
    body |= {"thread_ts": thread_ts} if thread_ts else {}
    web_api.call(http, account, "files.completeUploadExternal", json=body)
    return f"file:{text(files[0], 'id')}"


def _check_address(account: Account, address: str) -> None:
    if not _is_slacks(account, address):
        raise failed("", "Slack named an address for the file that is not safe to use.")


def fetch(http: httpx.Client, account: Account, file: File) -> bytes:
    """The bytes behind a private address or a file id. Raises OSError when they cannot be had."""
    try:
        address = file.reference
        if not address.startswith(("https://", "http://")):
            found = web_api.call(http, account, "files.info", data={"file": address})
            address = text(child(found, "file"), "url_private")
        if not _is_slacks(account, address):
            raise OSError("Slack named an address for the file that is not safe to open.")
        return _download(http, account, address, file.type)
    except Refused as refused:
        raise OSError(refused.receipt.error) from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise OSError(f"The Slack file could not be loaded ({type(error).__name__}).") from error


def _is_slacks(account: Account, address: str) -> bool:
    """The token and customers' files go along, so only to Slack, or to the API's own host."""
    target = urlsplit(address)
    base = urlsplit(account.config.get("api_base") or web_api.API_BASE)
    if (target.scheme, target.netloc) == (base.scheme, base.netloc):
        return True
    host = target.hostname or ""
    return target.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


def _download(http: httpx.Client, account: Account, address: str, kind: str) -> bytes:
    """Without the right to read files Slack answers with its sign-in page instead."""
    with http.stream("GET", address, headers=web_api.bearer(account)) as answer:
        page = answer.headers.get("content-type", "").startswith("text/html")
        if answer.is_redirect or (page and not kind.startswith("text/html")):
            raise OSError("Slack shows the file only to people. Give the app the scope files:read.")
        if not answer.is_success:
            raise OSError(f"Slack answered {answer.status_code} for the file.")
        content = bytearray()
        for chunk in answer.iter_bytes():
            content += chunk
            if len(content) > DOWNLOAD_LIMIT:
                raise OSError(f"The file is larger than {DOWNLOAD_LIMIT // MB} MB.")
        return bytes(content)
