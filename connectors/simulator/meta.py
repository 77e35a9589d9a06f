"""A Graph API of our own: takes sends as Meta does and reports back with signed webhooks."""

import hashlib
import json
import time
from base64 import b64encode
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
from connectors.simulator.faults import Fault
from connectors.simulator.graph_answers import error, faulty, payload_of, refusal
from connectors.simulator.meta_rules import complaint, template_objection
from connectors.simulator.provider import ReportingProvider
from connectors.simulator.server import Post

TROUBLES = (
    Fault(status=429, code=130429, retry_after="1"),
    Fault(status=400, code=131026),
    Fault(status=503, code=131016),
    Fault(status=500, code=131000, taken=True),
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
    """A media file."""

    type: str
    content: bytes


@dataclass
class FakeMeta(ReportingProvider):
    """WhatsApp. `statuses`: which are posted of each send, in order."""

    troubles: ClassVar[Sequence[Fault]] = TROUBLES
    sends_to: ClassVar[str] = "/messages"

    phone_number_id: str = "100200300"
    display_phone_number: str = "15550001111"
    access_token: str = "demo-token"
    app_secret: str = "demo-app-secret"
    statuses: tuple[str, ...] = ("sent", "delivered", "read")
    sent: list[Sent] = field(default_factory=list)
    media: dict[str, Upload] = field(default_factory=dict)
    business_account_id: str = "900800700"
    templates: list[dict[str, Any]] = field(default_factory=list)
    """As Meta lists them: name, language, status, category, components."""
    marked_read: list[dict[str, Any]] = field(default_factory=list)
    """Read marks and typing indicators, as they came."""
    token_expires_at: float = 0
    """Unix seconds; 0: never, as with a system user's token."""
    closed: set[str] = field(default_factory=set)
    """Customers whose last message is more than 24 hours old: only templates reach them."""
    per_second: int = 0
    """More sends than this in a second are refused (130429); 0: any number is taken."""
    per_pair: int = 0
    """The same for one customer within six seconds (131056)."""

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
                Route("/{version}/{account}/message_templates", self._templates),
                Route("/{version}/debug_token", self._debug_token),
                Route("/{version}/{node}", self._node),
            ]
        )

    async def _messages(self, request: Request) -> Response:
        payload = await payload_of(request)
        refused = self._refusal(request, request.path_params["number"])
        if _is_read_mark(payload):
            return await self.answer(lambda: refused, lambda: self._mark_read(payload), action=True)
        return await self.answer(
            lambda: refused or self._complaint(payload),
            lambda: JSONResponse(_receipt(self._take(payload))),
        )

    def faulty(self, fault: Fault) -> Response:
        return faulty(fault)

    def _complaint(self, payload: Any) -> Response | None:
        if payload is None:
            return error(400, 100, "(#100) The body is not valid JSON.")
        if words := complaint(payload):
            return error(400, 100, words)
        found = self._objection(payload)
        return error(400, found[0], f"(#{found[0]}) {found[1]}") if found else None

    def _mark_read(self, payload: dict[str, Any]) -> Response:
        if not str(payload.get("message_id", "")).startswith("wamid."):
            return error(400, 100, "(#100) Param message_id is not valid.")
        with self._lock:
            self.marked_read.append(payload)
        return JSONResponse({"success": True})

    def _objection(self, payload: dict[str, Any]) -> tuple[int, str] | None:
        """What Meta refuses of a message that is well formed: code and words."""
        to = str(payload.get("to") or payload["recipient"])
        moment = time.time()
        with self._lock:
            recent = [one for one in self.sent if one.at > moment - 6]
        if self.per_second and sum(one.at > moment - 1 for one in recent) >= self.per_second:
            return 130429, "Rate limit hit"
        if self.per_pair and sum(one.to == to for one in recent) >= self.per_pair:
            return 131056, "(Business Account, Consumer Account) pair rate limit hit"
        if payload["type"] == "template":
            return template_objection(self.templates, payload["template"])
        return (131047, "Re-engagement message") if to in self.closed else None

    async def _templates(self, request: Request) -> Response:
        if refused := refusal(request, self.access_token, self.app_secret):
            return refused
        if request.path_params["account"] != self.business_account_id:
            return error(400, 100, "Unsupported get request. Object does not exist")
        start = int(request.query_params.get("after") or 0)
        end = start + int(request.query_params.get("limit") or 25)
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(end)}}
        if end < len(self.templates):
            paging["next"] = str(request.url)
        return JSONResponse({"data": self.templates[start:end], "paging": paging})

    async def _debug_token(self, request: Request) -> Response:
        if refused := refusal(request, self.access_token, self.app_secret):
            return refused
        valid = request.query_params.get("input_token") == self.access_token
        about = {"is_valid": valid, "type": "SYSTEM_USER", "expires_at": int(self.token_expires_at)}
        return JSONResponse({"data": about})

    def _take(self, payload: dict[str, Any]) -> Sent:
        to = payload.get("to") or payload["recipient"]
        wamid = "wamid." + b64encode(uuid4().bytes + uuid4().bytes).decode()
        sent = Sent(wamid, to, payload, time.time())
        with self._lock:
            self.sent.append(sent)
        for status in self.statuses:
            self._reports.put((sent, status))
        return sent

    async def _take_media(self, request: Request) -> Response:
        if refused := self._refusal(request, request.path_params["number"]):
            return refused
        form = await request.form()
        file = form.get("file")
        if form.get("messaging_product") != "whatsapp" or file is None or isinstance(file, str):
            return error(400, 100, "(#100) Params messaging_product and file are required.")
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
            return error(404, 100, "(#100) No such media file.")
        return Response(upload.content, media_type=upload.type)

    def _refusal(self, request: Request, number: str) -> Response | None:
        if refused := refusal(request, self.access_token, self.app_secret):
            return refused
        if number != self.phone_number_id:
            words = f"Unsupported request. Object with ID '{number}' does not exist"
            return error(400, 100, words)
        return None

    def pack(self, reports: Sequence[tuple[Sent, str]]) -> Post:
        """Statuses in one body, signed, as Meta does."""
        body = json.dumps(self._whole([self._about(*report) for report in reports])).encode()
        signature = sign(self.app_secret, body)
        return Post(body, {"content-type": "application/json", "x-hub-signature-256": signature})

    def report(self, sent: Sent, status: str) -> Post:
        """One status webhook, signed."""
        return self.pack([(sent, status)])

    def status_webhook(self, sent: Sent, status: str) -> bytes:
        return self.pack([(sent, status)]).body

    def _about(self, sent: Sent, status: str) -> dict[str, Any]:
        about: dict[str, Any] = {
            "id": sent.id,
            "status": status,
            "timestamp": str(int(time.time())),
        }
        about["recipient_id" if sent.payload.get("to") else "recipient_user_id"] = sent.to
        if data := sent.payload.get("biz_opaque_callback_data"):
            about["biz_opaque_callback_data"] = data
        return about

    def _whole(self, statuses: Sequence[dict[str, Any]]) -> dict[str, Any]:
        metadata = {
            "display_phone_number": self.display_phone_number,
            "phone_number_id": self.phone_number_id,
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": metadata,
            "statuses": list(statuses),
        }
        change = {"field": "messages", "value": value}
        return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


def _is_read_mark(payload: Any) -> bool:
    return isinstance(payload, dict) and payload.get("status") == "read"


def _receipt(sent: Sent) -> dict[str, Any]:
    by_phone = bool(sent.payload.get("to"))
    contact = {"input": sent.to, ("wa_id" if by_phone else "user_id"): sent.to.removeprefix("+")}
    return {
        "messaging_product": "whatsapp",
        "contacts": [contact],
        "messages": [{"id": sent.id}],
    }
