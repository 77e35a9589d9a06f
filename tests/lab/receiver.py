"""Somebody else's HTTP server that takes our posts, and says what it is told to say."""

import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook


@dataclass(frozen=True)
class Taken:
    path: str
    headers: dict[str, str]
    body: bytes

    def checked(self, secret: str) -> Any:
        """The body, once Standard Webhooks' own library has verified it. Raises if it doesn't."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """Answers 200, or what `answers` holds: a status, a body with it, or None to hang up."""

    port: int = 0
    answers: deque[tuple[int, str] | None] = field(default_factory=deque)
    taken: list[Taken] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def __enter__(self) -> "Receiver":
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.taken.append(Taken(self.path, headers, body))
                answer = receiver.answers.popleft() if receiver.answers else (200, "")
                if answer is None:
                    self.close_connection = True
                    return
                self._say(*answer)

            def do_GET(self) -> None:
                content = receiver.files.get(self.path)
                self._say(404 if content is None else 200, (content or b"").decode("latin-1"))

            def _say(self, status: int, body: str) -> None:
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("location", body)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode("latin-1"))

            def log_message(self, *_: object) -> None:
                pass

        return Handler
