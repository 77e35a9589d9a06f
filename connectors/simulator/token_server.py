"""A provider's sign-in service: gives tokens for a refresh token, and tells mail servers whose
token one is."""

from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.simulator.server import Server


@dataclass
class TokenServer:
    """Start it (or use `with`). Refresh tokens are replaced at each use, as Microsoft does it."""

    user: str
    client_id: str = "client"
    client_secret: str = "client-secret"
    refresh_token: str = "refresh-0"
    port: int = 0
    given: list[str] = field(default_factory=list)
    """The access tokens, oldest first; only the last one is good."""
    refuse: str = ""
    """An error code of RFC 6749 to answer with."""

    def __enter__(self) -> "TokenServer":
        routes = [
            Route("/token", self._token, methods=["POST"]),
            Route("/whose", self._whose, methods=["GET", "POST"]),
        ]
        self._server = Server(Starlette(routes=routes), port=self.port)
        self._server.start()
        self.port = self._server.port
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def token_url(self) -> str:
        return f"{self._server.base_url}/token"

    async def _token(self, request: Request) -> JSONResponse:
        form = await request.form()
        if self.refuse:
            return _error(self.refuse)
        if form.get("grant_type") != "refresh_token":
            return _error("unsupported_grant_type")
        if (form.get("client_id"), form.get("client_secret")) != (
            self.client_id,
            self.client_secret,
        ):
            return _error("invalid_client")
        if form.get("refresh_token") != self.refresh_token:
            return _error("invalid_grant")
        self.given.append(f"access-{len(self.given)}")
        self.refresh_token = f"refresh-{len(self.given)}"
        return JSONResponse(
            {
                "access_token": self.given[-1],
                "token_type": "Bearer",
                "expires_in": 3600,
                "refresh_token": self.refresh_token,
            }
        )

    async def _whose(self, request: Request) -> JSONResponse:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self.is_good(token):
            return JSONResponse({"error": "invalid_token"}, status_code=401)
        return JSONResponse({"username": self.user, "active": True})

    def is_good(self, token: str) -> bool:
        return bool(self.given) and token == self.given[-1]


def _error(code: str) -> JSONResponse:
    return JSONResponse({"error": code}, status_code=400)
