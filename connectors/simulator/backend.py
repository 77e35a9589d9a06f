"""The other side of an API inbox: a channel of somebody's own that takes our signed posts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.simulator.faults import Fault, dropped
from connectors.simulator.provider import ReportingProvider
from connectors.simulator.server import Post
from core import standard_webhooks

TROUBLES = (
    Fault(status=429, retry_after="1"),
    Fault(status=422),
    Fault(status=503),
    Fault(status=500, taken=True),
    Fault(drop=True),
    Fault(drop=True, taken=True),
)
"""How a send fails on a bad day: throttled, refused, and four ways that are simply tried again."""


@dataclass
class FakeBackend(ReportingProvider):
    """Knows by webhook-id what it has: what comes again counts once. `states`: which are told of
    each send, in order."""

    troubles: ClassVar[Sequence[Fault]] = TROUBLES
    sends_to: ClassVar[str] = "/replies"

    secret: str = "whsec_" + "c2ltdWxhdGVk" * 3
    states: tuple[str, ...] = ("delivered", "read")
    sent: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{self.base_url}/replies"

    def app(self) -> ASGIApp:
        return Starlette(routes=[Route("/replies", self._replies, methods=["POST"])])

    async def _replies(self, request: Request) -> Response:
        body = await request.body()
        return await self.answer(
            lambda: self._refusal(request, body),
            lambda: JSONResponse({"id": self._take(json.loads(body))["id"]}),
        )

    def faulty(self, fault: Fault) -> Response:
        if fault.drop:
            return dropped()
        headers = {"retry-after": fault.retry_after} if fault.retry_after else None
        return Response("simulated", status_code=fault.status, headers=headers)

    def _refusal(self, request: Request, body: bytes) -> Response | None:
        known = standard_webhooks.is_authentic([self.secret], request.headers, body)
        return None if known else Response("The signature is wrong.", status_code=401)

    def _take(self, reply: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            if known := next((one for one in self.sent if one["id"] == reply["id"]), None):
                return known
            self.sent.append(reply)
        for state in self.states:
            self._reports.put((reply, state))
        return reply

    def pack(self, reports: Sequence[tuple[dict[str, Any], str]]) -> Post:
        told = [
            {"type": "status", "id": f"{reply['id']}:{state}", "message": reply["id"]}
            | {"state": state, "our_id": reply["id"]}
            for reply, state in reports
        ]
        body = json.dumps(told).encode()
        headers = standard_webhooks.sign([self.secret], uuid4().hex, body)
        return Post(body, headers | {"content-type": "application/json"})
