"""A Web API of our own: takes messages and files as Slack does."""

import itertools
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
from connectors.simulator.slack_rules import complaint

TROUBLES = (
    Fault(status=429, retry_after="1"),
    Fault(status=200, words="channel_not_found"),
    Fault(status=503),
    Fault(status=500, taken=True),
    Fault(drop=True),
    Fault(drop=True, taken=True),
)
"""How a send fails on a bad day: throttled, refused, and four ways nobody can be sure of."""


@dataclass(frozen=True)
class Sent:
    """A message, or the files, that were taken."""

    method: str
    body: dict[str, Any]
    answer: dict[str, Any]
    at: float


@dataclass
class FakeSlack(Provider):
    """One workspace's Web API, at `api_base`. It tells nothing of what became of a message."""

    troubles: ClassVar[Sequence[Fault]] = TROUBLES
    sends_to: ClassVar[str] = "postMessage"

    token: str = "xoxb-demo"
    team: str = "T0DEMOSHOP"
    bot_user: str = "U0DEMOBOT"
    bot: str = "B0DEMOSHOP"
    sent: list[Sent] = field(default_factory=list)
    unknown_channels: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._numbers = itertools.count(500_000)

    @property
    def api_base(self) -> str:
        return f"{self.base_url}/api"

    def upload(self, content: bytes) -> str:
        """Put a file there as a customer would; the private address for an event."""
        file_id = self._new_file()
        self.files[file_id] = content
        return f"{self.base_url}/files/{file_id}"

    def _new_file(self) -> str:
        return f"F{next(self._numbers):08d}"

    def app(self) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/api/{method}", self._method, methods=["POST"]),
                Route("/upload/{file}", self._take_file, methods=["POST"]),
                Route("/files/{file}", self._hand_out),
            ]
        )

    async def _method(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return refusal("invalid_auth")
        method, body = request.path_params["method"], await _body(request)
        if method in ("chat.postMessage", "files.completeUploadExternal"):
            return await self._send(method, body)
        if method == "auth.test":
            return JSONResponse(self._myself())
        if method == "conversations.open":
            return JSONResponse({"ok": True, "channel": {"id": f"D{str(body['users'])[1:]}"}})
        if method == "files.getUploadURLExternal":
            return self._upload_address(body)
        if method == "files.info":
            return self._file_info(str(body.get("file")))
        return refusal("unknown_method")

    async def _send(self, method: str, body: dict[str, Any]) -> Response:
        return await self.answer(
            lambda: self._objection(method, body), lambda: self._taken(method, body)
        )

    def faulty(self, fault: Fault) -> Response:
        """Slack refuses with 200 and a word, except for its limits and when it is down."""
        if fault.drop:
            return dropped()
        if fault.status == 429:
            limited = {"ok": False, "error": "ratelimited"}
            wait = {"retry-after": fault.retry_after or "30"}
            return JSONResponse(limited, status_code=429, headers=wait)
        if fault.status >= 500 and not fault.words:
            return Response("upstream error", status_code=fault.status)
        return refusal(fault.words or "channel_not_found")

    def _objection(self, method: str, body: dict[str, Any]) -> Response | None:
        channel = _channel(body)
        if not channel or channel in self.unknown_channels:
            return refusal("channel_not_found")
        words = complaint(body) if method == "chat.postMessage" else self._about_files(body)
        return refusal(words) if words else None

    def _taken(self, method: str, body: dict[str, Any]) -> Response:
        posts = method == "chat.postMessage"
        answer = self._posted(_channel(body), body) if posts else _shared(body)
        with self._lock:
            self.sent.append(Sent(method, body, answer, time.time()))
        return JSONResponse(answer)

    def _posted(self, channel: str, body: dict[str, Any]) -> dict[str, Any]:
        ts = f"{int(time.time())}.{next(self._numbers):06d}"
        message = {
            "type": "message",
            "subtype": "bot_message",
            "text": body.get("text", ""),
            "ts": ts,
            "bot_id": self.bot,
            "username": "demo",
        }
        if "thread_ts" in body:
            message["thread_ts"] = body["thread_ts"]
        return {"ok": True, "channel": channel, "ts": ts, "message": message}

    def _about_files(self, body: dict[str, Any]) -> str:
        named = [one.get("id") for one in body.get("files") or []]
        return "" if named and all(one in self.files for one in named) else "file_not_found"

    def _myself(self) -> dict[str, Any]:
        return {
            "ok": True,
            "url": "https://demo.slack.com/",
            "team": "Demo shop",
            "team_id": self.team,
            "user": "demo_bot",
            "user_id": self.bot_user,
            "bot_id": self.bot,
        }

    def _upload_address(self, body: dict[str, Any]) -> Response:
        if not body.get("filename") or not str(body.get("length", "")).isdigit():
            return refusal("invalid_arguments")
        file_id = self._new_file()
        address = f"{self.base_url}/upload/{file_id}"
        return JSONResponse({"ok": True, "upload_url": address, "file_id": file_id})

    async def _take_file(self, request: Request) -> Response:
        content = await request.body()
        self.files[request.path_params["file"]] = content
        return Response(f"OK - {len(content)}")

    def _file_info(self, file_id: str) -> Response:
        if file_id not in self.files:
            return refusal("file_not_found")
        about = {"id": file_id, "url_private": f"{self.base_url}/files/{file_id}"}
        return JSONResponse({"ok": True, "file": about})

    async def _hand_out(self, request: Request) -> Response:
        """Whoever has no right is sent to the sign-in page."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return Response("<html>Sign in</html>", media_type="text/html")
        content = self.files.get(request.path_params["file"])
        return Response(content) if content is not None else Response(status_code=404)


def _channel(body: dict[str, Any]) -> str:
    return str(body.get("channel") or body.get("channel_id") or "")


async def _body(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        whole = await request.json()
        return whole if isinstance(whole, dict) else {}
    return dict(await request.form())


def _shared(body: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True, "files": [{"id": one["id"]} for one in body["files"]]}


def refusal(word: str) -> Response:
    return JSONResponse({"ok": False, "error": word})
