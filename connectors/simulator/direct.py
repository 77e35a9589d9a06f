"""A Graph API of our own for Instagram or Messenger: takes sends as Meta does, keeps its windows,
and reports back with signed webhooks."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.channels.meta.signature import sign
from connectors.simulator.direct_rules import PERSON_WINDOW, WINDOW, complaint
from connectors.simulator.faults import Fault
from connectors.simulator.graph_answers import error, faulty, payload_of, refusal
from connectors.simulator.provider import ReportingProvider
from connectors.simulator.server import Post

OUTSIDE = {"instagram": 2534022, "messenger": 2018278}
NOBODY = {"instagram": 2534014, "messenger": 2018001}
OBJECTS = {"instagram": "instagram", "messenger": "page"}
DAY = 24 * 60 * 60
LARGEST_FILE = 25 * 1024 * 1024
TROUBLES = (
    Fault(status=400, code=613, retry_after="1"),
    Fault(status=400, code=551),
    Fault(status=503, code=2),
    Fault(status=500, code=1200, taken=True),
    Fault(drop=True),
    Fault(drop=True, taken=True),
)
"""How a send fails on a bad day: throttled, refused, and four ways nobody can be sure of."""


@dataclass(frozen=True)
class Sent:
    """A message that was taken."""

    id: str
    to: str
    payload: dict[str, Any]
    at: float


@dataclass(frozen=True)
class Upload:
    """A file."""

    type: str
    content: bytes


@dataclass
class FakeDirect(ReportingProvider):
    """Instagram or Messenger. `reports`: which echoes, deliveries and reads are posted, in order.
    `knows_everybody`: who was never heard of counts as having just written."""

    troubles: ClassVar[Sequence[Fault]] = TROUBLES
    sends_to: ClassVar[str] = "/messages"

    kind: str
    account_id: str = "17841400000000001"
    access_token: str = "demo-token"
    app_secret: str = "demo-app-secret"
    app_id: str = "220011"
    reports: tuple[str, ...] = ("echo", "delivery", "read")
    knows_everybody: bool = False
    subscribed: tuple[str, ...] = ("messages", "message_echoes", "message_reads")
    sent: list[Sent] = field(default_factory=list)
    actions: list[tuple[str, str]] = field(default_factory=list)
    """(customer, sender action)"""
    heard: dict[str, float] = field(default_factory=dict)
    """When each customer last wrote: from then on the windows run."""
    files: dict[str, Upload] = field(default_factory=dict)
    token_made_at: float = 0
    token_expires_at: float = 0
    """Unix seconds; 0: never, as with a page's token."""
    data_access_expires_at: float = 0
    only_app_asks: bool = False
    """Whether nobody but the app may ask about a token."""

    def hear(self, customer: str, at: float | None = None) -> None:
        """A customer wrote."""
        self.heard[customer] = time.time() if at is None else at

    def upload(self, content: bytes, media_type: str) -> str:
        """Put a file there as a customer's phone would; its address for a webhook."""
        file_id = str(uuid4().int)[:16]
        self.files[file_id] = Upload(media_type, content)
        return f"{self.base_url}/download/{file_id}"

    def app(self) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/{version}/me/messages", self._messages, methods=["POST"]),
                Route("/{version}/me/message_attachments", self._take_file, methods=["POST"]),
                Route("/{version}/me/subscribed_apps", self._subscriptions),
                Route("/{version}/me", self._me),
                Route("/{version}/debug_token", self._debug_token),
                Route("/refresh_access_token", self._refresh_token),
                Route("/download/{file}", self._download),
            ]
        )

    async def _messages(self, request: Request) -> Response:
        payload = await payload_of(request)
        refused = self._refusal(request)
        action = isinstance(payload, dict) and bool(payload.get("sender_action"))
        return await self.answer(
            lambda: refused or self._objection(payload),
            lambda: self._taken(payload),
            action=action,
        )

    def faulty(self, fault: Fault) -> Response:
        return faulty(fault)

    def _objection(self, payload: Any) -> Response | None:
        if payload is None:
            return error(400, 100, "(#100) The body is not valid JSON.")
        if words := complaint(self.kind, payload):
            return error(400, 100, words)
        to = payload["recipient"]["id"]
        if self.knows_everybody:
            self.heard.setdefault(to, time.time())
        if to not in self.heard:
            return error(400, 100, "(#100) No matching user found", subcode=NOBODY[self.kind])
        window = PERSON_WINDOW if payload.get("tag") == "HUMAN_AGENT" else WINDOW
        if time.time() - self.heard[to] > window.total_seconds():
            words = "(#10) This message is sent outside of allowed window."
            return error(403, 10, words, subcode=OUTSIDE[self.kind])
        attached = payload.get("message", {}).get("attachment", {}).get("payload", {})
        if (file_id := attached.get("attachment_id")) and file_id not in self.files:
            return error(400, 100, "(#100) Invalid attachment_id")
        return None

    def _taken(self, payload: dict[str, Any]) -> Response:
        to = payload["recipient"]["id"]
        if action := payload.get("sender_action"):
            self.actions.append((to, action))
            return JSONResponse({"recipient_id": to})
        return JSONResponse({"recipient_id": to, "message_id": self._take(to, payload).id})

    def _take(self, to: str, payload: dict[str, Any]) -> Sent:
        sent = Sent(f"m_{uuid4().hex}", to, payload, time.time())
        with self._lock:
            self.sent.append(sent)
        for report in self.reports:
            if self.kind == "messenger" or report != "delivery":
                self._reports.put((sent, report))
        return sent

    async def _take_file(self, request: Request) -> Response:
        if refused := self._refusal(request):
            return refused
        form = await request.form()
        file, about = form.get("filedata"), form.get("message")
        if file is None or isinstance(file, str) or not isinstance(about, str):
            return error(400, 100, "(#100) Params message and filedata are required.")
        if self.kind == "instagram" and form.get("platform") != "instagram":
            return error(400, 100, "(#100) Param platform must be instagram.")
        content = await file.read()
        if len(content) > LARGEST_FILE:
            return error(400, 100, "Attachment size exceeds allowable limit", subcode=2018109)
        file_id = self.upload(content, file.content_type or "").rsplit("/", 1)[-1]
        return JSONResponse({"attachment_id": file_id})

    async def _subscriptions(self, request: Request) -> Response:
        app = {"id": self.app_id, "subscribed_fields": list(self.subscribed)}
        return self._refusal(request) or JSONResponse({"data": [app]})

    async def _me(self, request: Request) -> Response:
        return self._refusal(request) or JSONResponse({"id": self.account_id, "name": "Demo shop"})

    async def _debug_token(self, request: Request) -> Response:
        """The app may ask, and who has the token."""
        app = f"Bearer {self.app_id}|{self.app_secret}"
        if request.headers.get("authorization") != app:
            if self.only_app_asks:
                return error(400, 100, "(#100) You must provide an app access token")
            if refused := self._refusal(request):
                return refused
        same = request.query_params.get("input_token") == self.access_token
        about = {
            "app_id": self.app_id,
            "type": "PAGE",
            "is_valid": same and not self._has_run_out(),
            "expires_at": int(self.token_expires_at),
            "data_access_expires_at": int(self.data_access_expires_at),
        }
        return JSONResponse({"data": about})

    async def _refresh_token(self, request: Request) -> Response:
        """As Instagram does for tokens of its own: from the second day on, until they run out."""
        query = request.query_params
        if query.get("grant_type") != "ig_refresh_token":
            return error(400, 100, "Invalid parameter grant_type")
        if query.get("access_token") != self.access_token or self._has_run_out():
            return error(400, 190, "Error validating access token: Session has expired")
        if time.time() - self.token_made_at < DAY:
            return error(400, 10, "The access token is too young to be refreshed")
        self.access_token = f"IGAA{uuid4().hex}"
        self.token_made_at, self.token_expires_at = time.time(), time.time() + 60 * DAY
        answer = {"access_token": self.access_token, "token_type": "bearer"}
        return JSONResponse({**answer, "expires_in": 60 * DAY})

    def _has_run_out(self) -> bool:
        return 0 < self.token_expires_at < time.time()

    async def _download(self, request: Request) -> Response:
        """As with Meta's own storage, the address alone opens the file."""
        upload = self.files.get(request.path_params["file"])
        if upload is None:
            return Response("URL signature expired", status_code=403)
        return Response(upload.content, media_type=upload.type)

    def _refusal(self, request: Request) -> Response | None:
        if self._has_run_out():
            return error(400, 190, "Error validating access token: Session has expired")
        return refusal(request, self.access_token, self.app_secret)

    def pack(self, reports: Sequence[tuple[Sent, str]]) -> Post:
        items = [self._about(*report) for report in reports]
        return signed(self.kind, self.account_id, self.app_secret, items)

    def _about(self, sent: Sent, report: str) -> dict[str, Any]:
        now = int(time.time() * 1000)
        if report == "echo":
            about: dict[str, Any] = {"mid": sent.id, "is_echo": True, "app_id": int(self.app_id)}
            message = sent.payload["message"]
            about |= {key: message[key] for key in ("text", "metadata") if key in message}
            return {**_between(self.account_id, sent.to), "timestamp": now, "message": about}
        customer = {**_between(sent.to, self.account_id), "timestamp": now}
        if self.kind == "instagram":
            return {**customer, "read": {"mid": sent.id}}
        if report == "delivery":
            return {**customer, "delivery": {"mids": [sent.id], "watermark": now}}
        return {**customer, "read": {"watermark": now}}


def _between(sender: str, recipient: str) -> dict[str, Any]:
    return {"sender": {"id": sender}, "recipient": {"id": recipient}}


IN_AN_ENTRY = 7
"""Items; Meta puts one or several into each."""


def signed(
    kind: str,
    account_id: str,
    secret: str,
    items: Sequence[dict[str, Any]],
    name: str = "messaging",
) -> Post:
    """Items in one webhook of as many entries as needed, signed as Meta does."""
    about = {"id": account_id, "time": int(time.time() * 1000)}
    places = range(0, len(items), IN_AN_ENTRY)
    entries = [{**about, name: list(items[at : at + IN_AN_ENTRY])} for at in places]
    body = json.dumps({"object": OBJECTS[kind], "entry": entries}).encode()
    headers = {"content-type": "application/json", "x-hub-signature-256": sign(secret, body)}
    return Post(body, headers)
