"""Files in and out: uploads that a message then names, and downloads from Meta's own hosts."""

import json
from urllib.parse import urljoin, urlsplit

import httpx

from connectors.base import Account
from connectors.channels.meta import tokens
from connectors.channels.meta.direct.product import MB, Product
from connectors.channels.meta.graph import Refused, failed
from connectors.json_values import Json, text
from desk.envelope import DeliveryState, File

DOWNLOAD_LIMIT = 100 * MB
HOSTS = ("fbcdn.net", "fbsbx.com", "cdninstagram.com", "facebook.com", "instagram.com")
REDIRECTS = 3


def file_body(http: httpx.Client, account: Account, product: Product, file: File) -> Json:
    """The message body of a file, uploaded first when it came with its bytes. Raises Refused,
    never with `unknown`: an upload alone reaches no customer."""
    kind = _fitting_kind(product, file)
    if file.content is not None:
        payload: Json = {"attachment_id": _upload(http, account, product, file, kind)}
    elif file.reference.startswith("https://"):
        payload = {"url": file.reference}
    else:
        raise Refused(failed("", f"The file {file.name} has no content."))
    return {"attachment": {"type": kind, "payload": payload}}


def _fitting_kind(product: Product, file: File) -> str:
    kind = product.kind_of(file.type)
    if kind is None:
        words = f"{product.name} does not take files of type {file.type}. Send a link instead."
        raise Refused(failed("", words))
    limit = product.takes[kind][0]
    size = len(file.content) if file.content is not None else file.size or 0
    if size > limit:
        words = f"{product.name} takes such files up to {limit // MB} MB. Send a link instead."
        raise Refused(failed("", words))
    return kind


def _upload(http: httpx.Client, account: Account, product: Product, file: File, kind: str) -> str:
    """Only through a Facebook page: the API that Instagram accounts sign in to themselves takes
    nothing but public addresses of files."""
    if product.kind == "instagram" and tokens.is_instagrams(product.graph, account):
        words = (
            "With Instagram's own login, files can only be sent by a public address. Connect the "
            "account through its Facebook page, or send a link."
        )
        raise Refused(failed("", words))
    about = {"attachment": {"type": kind, "payload": {"is_reusable": True}}}
    fields = {"message": json.dumps(about)}
    if product.kind == "instagram":
        fields["platform"] = "instagram"
    part = (file.name or "file", file.content, file.type)
    try:
        answer = product.graph.post(
            http, account, "me/message_attachments", data=fields, files={"filedata": part}
        )
    except Refused as refused:
        if refused.receipt.state is not DeliveryState.UNKNOWN:
            raise
        again = failed(refused.receipt.error_code, refused.receipt.error, retry_after=30)
        raise Refused(again) from refused
    if not text(answer, "attachment_id"):
        raise Refused(failed("", f"{product.name} took the file but named no id.", 30))
    return text(answer, "attachment_id")


def fetch(http: httpx.Client, account: Account, product: Product, file: File) -> bytes:
    """The bytes behind a webhook's address, which is good for a while and needs no token.
    Raises OSError when they cannot be had or are too many."""
    address = file.reference
    try:
        for _ in range(REDIRECTS):
            _check_address(account, product, address)
            found, onward = _download(http, address)
            if not onward:
                return found
            address = urljoin(address, onward)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise OSError(f"The file could not be loaded ({type(error).__name__}).") from error
    raise OSError("The file's address leads on and on.")


def _check_address(account: Account, product: Product, address: str) -> None:
    """A shared link may lead anywhere, into our own network too: only Meta's hosts are asked."""
    target, base = urlsplit(address), urlsplit(product.graph.url(account, ""))
    host = (target.hostname or "").lower()
    is_metas = any(host == one or host.endswith(f".{one}") for one in HOSTS)
    if target.scheme == "https" and is_metas:
        return
    if (target.scheme, target.netloc) != (base.scheme, base.netloc):
        raise OSError("The file does not lie with Meta, so it is not loaded from there.")


def _download(http: httpx.Client, address: str) -> tuple[bytes, str]:
    """The content, or where it is said to be."""
    with http.stream("GET", address) as answer:
        if answer.is_redirect:
            return b"", answer.headers.get("location", "")
        if not answer.is_success:
            raise OSError(f"Meta answered {answer.status_code} for the file.")
        content = bytearray()
        for chunk in answer.iter_bytes():
            content += chunk
            if len(content) > DOWNLOAD_LIMIT:
                raise OSError(f"The file is larger than {DOWNLOAD_LIMIT // MB} MB.")
        return bytes(content), ""
