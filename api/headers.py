"""What goes around every request: an id in the logs, and headers that keep browsers careful."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.ids import new_id
from core.log import about, log

_POLICY = (
    "default-src 'self'",
    "img-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)
_FRAMED_ANYWHERE = ("/widget/",)
"""Pages that shops embed; every other page is framed by ourselves only."""


class CarefulHeaders:
    """Plain ASGI, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request_id = new_id()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), scope["path"], request_id)
            await send(message)

        with about(request=request_id):
            try:
                await self.app(scope, receive, send_with_headers)
            except Exception:
                log.exception("request_failed")
                raise


def _add(headers: MutableHeaders, path: str, request_id: str) -> None:
    headers["x-request-id"] = request_id
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "strict-origin-when-cross-origin"
    headers.setdefault("content-security-policy", _policy(path))
    if path.startswith("/api/"):
        headers.setdefault("cache-control", "no-store")


def _policy(path: str) -> str:
    ancestors = "*" if path.startswith(_FRAMED_ANYWHERE) else "'self'"
    return "; ".join((*_POLICY, f"frame-ancestors {ancestors}"))
