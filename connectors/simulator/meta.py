"""A Graph API of our own: takes sends as Meta does and reports back with signed webhooks."""

import asyncio
import hashlib
import hmac
import json
import queue
import threading
import time
from base64 import b64encode
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.channels.whatsapp.signature import sign
from connectors.simulator.meta_rules import complaint


@dataclass(frozen=True)
class Fault:
    """What happens to one send: an error answer, or a connection that drops.

    With `taken` the message was accepted all the same, as after a timeout on the way back; with
    the status 200 besides, it only took its time.
    """

    status: int = 500
    code: int = 131000
    drop: bool = False
    taken: bool = False
    retry_after: str = ""
    delay: float = 0.0
    """Seconds between taking the message and answering."""


@dataclass(frozen=True)
class Sent:
    """A message that was taken."""

    id: str
    to: str
    payload: dict[str, Any]
    at: float


@dataclass(frozen=True)
class Upload:
    """A media file."""

    type: str
    content: bytes


@dataclass
class FakeMeta:
    """Start it (or use `with`), point `api_base` of a WhatsApp account at `base_url`.

    `callback_url`: where statuses are posted, empty: nowhere. `statuses`: which, in order.
    """

    phone_number_id: str = "100200300"
    display_phone_number: str = "15550001111"
    access_token: str = "demo-token"
    app_secret: str = "demo-app-secret"
    callback_url: str = ""
    statuses: tuple[str, ...] = ("sent", "delivered", "read")
    host: str = "127.0.0.1"
    port: int = 0
    sent: list[Sent] = field(default_factory=list)
    callbacks: list[int] = field(default_factory=list)
    """The answers our service gave to status webhooks."""
    faults: deque[Fault] = field(default_factory=deque)
    """Used up one per send, oldest first."""
    media: dict[str, Upload] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._reports: queue.Queue[Sent | None] = queue.Queue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def __enter__(self) -> "FakeMeta":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Returns once it answers; `port` is then the real one."""
        config = uvicorn.Config(self.app(), host=self.host, port=self.port, log_level="critical")
        self._server = uvicorn.Server(config)
        self._threads = [
            threading.Thread(target=self._server.run, name="fake-meta", daemon=True),
            threading.Thread(target=self._report, name="fake-meta-statuses", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        while not self._server.started:
            if not self._threads[0].is_alive():
                raise OSError(f"The simulator could not listen on {self.host}:{self.port}.")
            time.sleep(0.01)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self.settle()
        self._reports.put(None)
        self._server.should_exit = True
        for thread in self._threads:
            thread.join(10)

    def settle(self) -> None:
        """Wait until every status was posted."""
        self._reports.join()

    def upload(self, content: bytes, media_type: str) -> str:
        """Put a file there as a customer's phone would; the id for a webhook."""
        media_id = str(uuid4().int)[:16]
        self.media[media_id] = Upload(media_type, content)
        return media_id

    def app(self) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/{version}/{number}/messages", self._messages, methods=["POST"]),
                Route("/{version}/{number}/media", self._take_media, methods=["POST"]),
                Route("/download/{media}", self._download),
                Route("/{version}/{node}", self._node),
            ]
        )

    async def _messages(self, request: Request) -> Response:
        fault = self._next_fault()
        if fault and not fault.taken:
            return _faulty(fault)
        if refused := self._refusal(request, request.path_params["number"]):
            return refused
        try:
            payload = await request.json()
        except ValueError:
            return _error(400, 100, "(#100) The body is not valid JSON.")
        if words := complaint(payload):
            return _error(400, 100, words)
        sent = self._take(payload)
        await asyncio.sleep(fault.delay if fault else 0)
        is_wrong = fault is not None and (fault.drop or fault.status != 200)
        return _faulty(fault) if fault and is_wrong else JSONResponse(_receipt(sent))

    def _next_fault(self) -> Fault | None:
        with self._lock:
            return self.faults.popleft() if self.faults else None

    def _take(self, payload: dict[str, Any]) -> Sent:
        to = payload.get("to") or payload["recipient"]
        wamid = "wamid." + b64encode(uuid4().bytes + uuid4().bytes).decode()
        sent = Sent(wamid, to, payload, time.time())
        with self._lock:
            self.sent.append(sent)
        if self.callback_url:
            self._reports.put(sent)
        return sent

    async def _take_media(self, request: Request) -> Response:
        if refused := self._refusal(request, request.path_params["number"]):
            return refused
        form = await request.form()
        file = form.get("file")
        if form.get("messaging_product") != "whatsapp" or file is None or isinstance(file, str):
            return _error(400, 100, "(#100) Params messaging_product and file are required.")
        kind = file.content_type or "application/octet-stream"
        return JSONResponse({"id": self.upload(await file.read(), kind)})

    async def _node(self, request: Request) -> Response:
        """A media file's address, or the number itself."""
        node = request.path_params["node"]
        if node in self.media:
            return self._refusal(request, self.phone_number_id) or self._media_answer(node)
        return self._refusal(request, node) or JSONResponse(
            {
                "id": self.phone_number_id,
                "display_phone_number": self.display_phone_number,
                "verified_name": "Demo shop",
            }
        )

    def _media_answer(self, media_id: str) -> Response:
        upload = self.media[media_id]
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "id": media_id,
                "url": f"{self.base_url}/download/{media_id}",
                "mime_type": upload.type,
                "sha256": hashlib.sha256(upload.content).hexdigest(),
                "file_size": str(len(upload.content)),
            }
        )

    async def _download(self, request: Request) -> Response:
        if refused := self._refusal(request, self.phone_number_id):
            return refused
        upload = self.media.get(request.path_params["media"])
        if upload is None:
            return _error(404, 100, "(#100) No such media file.")
        return Response(upload.content, media_type=upload.type)

    def _refusal(self, request: Request, number: str) -> Response | None:
        if request.headers.get("authorization") != f"Bearer {self.access_token}":
            return _error(401, 190, "Invalid OAuth access token - Cannot parse access token")
        if number != self.phone_number_id:
            return _error(
                400, 100, f"Unsupported request. Object with ID '{number}' does not exist"
            )
        given = request.query_params.get("appsecret_proof")
        token = self.access_token.encode()
        proof = hmac.new(self.app_secret.encode(), token, hashlib.sha256).hexdigest()
        if given is not None and given != proof:
            return _error(400, 100, "Invalid appsecret_proof provided in the API argument")
        return None

    def _report(self) -> None:
        """Statuses of one message in order, each until our service takes it, as Meta does."""
        with httpx.Client(timeout=10) as http:
            while (sent := self._reports.get()) is not None:
                for status in self.statuses:
                    self._post_status(http, self.status_webhook(sent, status))
                self._reports.task_done()
        self._reports.task_done()

    def status_webhook(self, sent: Sent, status: str) -> bytes:
        about: dict[str, Any] = {
            "id": sent.id,
            "status": status,
            "timestamp": str(int(time.time())),
        }
        about["recipient_id" if sent.payload.get("to") else "recipient_user_id"] = sent.to
        if data := sent.payload.get("biz_opaque_callback_data"):
            about["biz_opaque_callback_data"] = data
        metadata = {
            "display_phone_number": self.display_phone_number,
            "phone_number_id": self.phone_number_id,
        }
        value = {"messaging_product": "whatsapp", "metadata": metadata, "statuses": [about]}
        change = {"field": "messages", "value": value}
        whole = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
        return json.dumps(whole).encode()

    def _post_status(self, http: httpx.Client, body: bytes) -> None:
        headers = {
            "content-type": "application/json",
            "x-hub-signature-256": sign(self.app_secret, body),
        }
        for wait in (0.1, 0.5, 2.0, 0.0):
            try:
                code = http.post(self.callback_url, content=body, headers=headers).status_code
            except httpx.HTTPError:
                code = 0
            self.callbacks.append(code)
            if code == 200:
                return
            time.sleep(wait)


def _receipt(sent: Sent) -> dict[str, Any]:
    by_phone = bool(sent.payload.get("to"))
    contact = {"input": sent.to, ("wa_id" if by_phone else "user_id"): sent.to.removeprefix("+")}
    return {
        "messaging_product": "whatsapp",
        "contacts": [contact],
        "messages": [{"id": sent.id}],
    }


def _faulty(fault: Fault) -> Response:
    if fault.drop:
        return StreamingResponse(_dropped(), headers={"content-length": "200"})
    return _error(fault.status, fault.code, f"(#{fault.code}) Simulated error", fault.retry_after)


async def _dropped() -> AsyncIterator[bytes]:
    """Breaks the connection in the middle of the answer."""
    yield b"{"
    raise ConnectionResetError("simulated")


def _error(status: int, code: int, words: str, retry_after: str = "") -> Response:
    error = {
        "message": words,
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": words},
        "fbtrace_id": uuid4().hex[:12],
    }
    headers = {"retry-after": retry_after} if retry_after else None
    return JSONResponse({"error": error}, status_code=status, headers=headers)
