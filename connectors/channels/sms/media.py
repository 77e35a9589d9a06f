"""The files of an MMS: behind the account's own password, and only at Twilio."""

from urllib.parse import urlsplit

import httpx

from connectors.base import Account
from connectors.channels.twilio import api
from desk.envelope import File

MB = 1024 * 1024
LIMIT = 100 * MB


def fetch(http: httpx.Client, account: Account, file: File) -> bytes:
    """Raises OSError when the bytes cannot be had, are too many, or lie elsewhere."""
    _check_address(account, file.reference)
    try:
        return _download(http, account, file.reference)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise OSError(f"Twilio's file could not be loaded ({type(error).__name__}).") from error


def _check_address(account: Account, address: str) -> None:
    """The auth token goes along, so only to the API itself; its redirects get no token."""
    target, base = urlsplit(address), urlsplit(api.url(account, ""))
    if (target.scheme, target.netloc) != (base.scheme, base.netloc):
        raise OSError("The file does not lie at Twilio, so it is not opened.")


def _download(http: httpx.Client, account: Account, address: str) -> bytes:
    with http.stream(
        "GET", address, auth=api.credentials(account), follow_redirects=True
    ) as answer:
        if not answer.is_success:
            raise OSError(f"Twilio answered {answer.status_code} for the file.")
        content = bytearray()
        for chunk in answer.iter_bytes():
            content += chunk
            if len(content) > LIMIT:
                raise OSError(f"The file is larger than {LIMIT // MB} MB.")
        return bytes(content)
