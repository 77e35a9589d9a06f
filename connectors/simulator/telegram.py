"""A Bot API of our own: takes sends as Telegram does and hands out customers' files."""

import itertools
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.simulator.faults import Fault, dropped
from connectors.simulator.provider import Provider
from connectors.simulator.telegram_rules import FILES, complaint

DOWNLOAD_LIMIT = 20 * 1024 * 1024
DESCRIPTIONS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    413: "Request Entity Too Large",
    429: "Too Many Requests: retry after {}",
    500: "Internal Server Error",
    502: "Bad Gateway",
}

TROUBLES = (
    Fault(status=429, retry_after="1"),
    Fault(status=403),
    Fault(status=502),
    Fault(status=500, taken=True),
    Fault(drop=True),
    Fault(drop=True, taken=True),
)
"""How a send fails on a bad day: throttled, refused, and four ways nobody can be sure of."""


@dataclass(frozen=True)
class Sent:
    """A message that was taken."""

    id: int
    method: str
    fields: dict[str, Any]
    answer: dict[str, Any]
    """The Message that was given back."""
    at: float


@dataclass
class FakeTelegram(Provider):
    """One bot's side of the Bot API. It tells nothing of what became of a message."""

    troubles: ClassVar[Sequence[Fault]] = TROUBLES
    sends_to: ClassVar[str] = "/send"

    token: str = "7000000001:demo-token"
    username: str = "demo_shop_bot"
    sent: list[Sent] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    """Chats whose customers have blocked the bot."""
    files: dict[str, bytes] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    """What setWebhook was given last."""
    last_error: str = ""
    """Why the last update could not be posted, as getWebhookInfo tells it."""
    pending: int = 0
    actions: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Calls that send no message: typing, pressed buttons answered."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._numbers = itertools.count(1000)

    @property
    def bot(self) -> dict[str, Any]:
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "Demo shop", "username": self.username}

    def upload(self, content: bytes) -> str:
        """Put a file there as a customer's phone would; the id for an update."""
        with self._lock:
            file_id = f"AgAC{next(self._numbers)}"
            self.files[file_id] = content
        return file_id

    def app(self) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/file/bot{token}/{path:path}", self._download),
                Route("/bot{token}/{method}", self._method, methods=["GET", "POST"]),
            ]
        )

    async def _method(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return error(401, DESCRIPTIONS[401])
        fields, sizes = await _fields(request)
        method = request.path_params["method"]
        if method == "sendMessage" or method in FILES:
            return await self._send(method, fields, sizes)
        if method in ("sendChatAction", "answerCallbackQuery"):
            self.actions.append((method, fields))
            return answer(True)
        if method == "setWebhook":
            return self._set_webhook(fields)
        ask = {"getMe": self._me, "getWebhookInfo": self._webhook_info}.get(method)
        if method == "getFile":
            return self._file(fields)
        return ask() if ask else error(404, DESCRIPTIONS[404])

    async def _send(self, method: str, fields: dict[str, Any], sizes: dict[str, int]) -> Response:
        return await self.answer(
            lambda: self._objection(method, fields, sizes),
            lambda: answer(self._take(method, fields, sizes).answer),
        )

    def faulty(self, fault: Fault) -> Response:
        if fault.drop:
            return dropped()
        words = fault.words or DESCRIPTIONS.get(fault.status, "Internal Server Error")
        return error(fault.status, words.format(fault.retry_after), fault.retry_after)

    def _objection(
        self, method: str, fields: dict[str, Any], sizes: dict[str, int]
    ) -> Response | None:
        chat = int(fields.get("chat_id") or 0)
        if not chat:
            return error(400, DESCRIPTIONS[400])
        if chat in self.blocked:
            return error(403, DESCRIPTIONS[403])
        words = complaint(method, fields, sizes)
        return error(413 if "Too Large" in words else 400, words) if words else None

    def _take(self, method: str, fields: dict[str, Any], sizes: dict[str, int]) -> Sent:
        chat = int(fields["chat_id"])
        with self._lock:
            number = next(self._numbers)
            message = {
                "message_id": number,
                "from": self.bot,
                "chat": {"id": chat, "type": "private", "first_name": "Customer"},
                "date": int(time.time()),
                **_content(method, fields, sizes, number),
            }
            if markup := fields.get("reply_markup"):
                message["reply_markup"] = markup
            sent = Sent(number, method, fields, message, time.time())
            self.sent.append(sent)
        return sent

    def _me(self) -> Response:
        return answer(self.bot)

    def _set_webhook(self, fields: dict[str, Any]) -> Response:
        if not str(fields.get("url", "")).startswith("https://"):
            return error(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = fields
        return answer(True)

    def _webhook_info(self) -> Response:
        about: dict[str, Any] = {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": self.pending,
        }
        if self.last_error:
            about |= {"last_error_date": int(time.time()), "last_error_message": self.last_error}
        if "allowed_updates" in self.webhook:
            about["allowed_updates"] = self.webhook["allowed_updates"]
        return answer(about)

    def _file(self, fields: dict[str, Any]) -> Response:
        file_id = str(fields.get("file_id", ""))
        content = self.files.get(file_id)
        if content is None:
            return error(400, "Bad Request: invalid file_id")
        if len(content) > DOWNLOAD_LIMIT:
            return error(400, "Bad Request: file is too big")
        return answer(
            {
                "file_id": file_id,
                "file_unique_id": file_id[::-1],
                "file_size": len(content),
                "file_path": f"files/{file_id}",
            }
        )

    async def _download(self, request: Request) -> Response:
        content = self.files.get(request.path_params["path"].removeprefix("files/"))
        if request.path_params["token"] != self.token or content is None:
            return error(404, DESCRIPTIONS[404])
        return Response(content)


async def _fields(request: Request) -> tuple[dict[str, Any], dict[str, int]]:
    """The parameters, and the sizes of the files among them."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        body = await request.body()
        given = json.loads(body) if body else {}
        return (given if isinstance(given, dict) else {}), {}
    fields: dict[str, Any] = {}
    sizes: dict[str, int] = {}
    for name, value in (await request.form()).items():
        if isinstance(value, str):
            fields[name] = json.loads(value) if value.startswith(("{", "[")) else value
        else:
            sizes[name] = value.size or 0
    return fields, sizes


def _content(
    method: str, fields: dict[str, Any], sizes: dict[str, int], number: int
) -> dict[str, Any]:
    if method == "sendMessage":
        return {"text": fields["text"]}
    name, _ = FILES[method]
    about: dict[str, Any] = {"file_id": f"BQAC{number}", "file_unique_id": f"U{number}"}
    about["file_size"] = sizes.get(name, 0)
    if name in ("photo", "video", "animation"):
        about |= {"width": 100, "height": 100}
    if name in ("video", "animation", "audio", "voice"):
        about["duration"] = 1
    content: dict[str, Any] = {name: [about] if name == "photo" else about}
    return content | ({"caption": fields["caption"]} if "caption" in fields else {})


def answer(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def error(status: int, words: str, retry_after: str = "") -> Response:
    whole: dict[str, Any] = {"ok": False, "error_code": status, "description": words}
    if retry_after:
        whole["parameters"] = {"retry_after": int(retry_after)}
    return JSONResponse(whole, status_code=status)
