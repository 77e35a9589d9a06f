"""What many tutorials build: a webhook handler that answers while it receives.

It takes the first message of a body, remembers in memory what it has seen, sends its reply before
it answers the webhook, and tries a failed send again. It stands here to show that a storm finds
such a handler out.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from connectors.simulator.books import Fate, Held, HeldMessage, HeldReply
from connectors.simulator.meta import FakeMeta


@dataclass
class NaiveHandler:
    """Keeps what it stored over a crash, as a database would; what it only remembers is lost."""

    meta: FakeMeta
    port: int = 0
    stored: list[HeldMessage] = field(default_factory=list)
    replies: list[HeldReply] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=5, trust_env=False))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def held(self) -> Held:
        return Held(messages=tuple(self.stored), replies=tuple(self.replies))

    def restart(self) -> None:
        """As after a crash: its memory is empty."""
        self._seen = set()

    def take(self, body: bytes) -> None:
        value = json.loads(body)["entry"][0]["changes"][0]["value"]
        if "messages" not in value:
            return
        message = value["messages"][0]
        if message["id"] in self._seen:
            return
        self._seen.add(message["id"])
        person, text = message["from"], message["text"]["body"]
        with self._lock:
            self.stored.append(HeldMessage(message["id"], person, text))
        self._reply(person, f"You asked: {text}")

    def _reply(self, person: str, text: str) -> None:
        with self._lock:
            reply = HeldReply(f"reply-{len(self.replies)}", person, Fate.SENT)
            self.replies.append(reply)
        payload = {
            "messaging_product": "whatsapp",
            "to": person,
            "type": "text",
            "text": {"body": text},
            "biz_opaque_callback_data": reply.id,
        }
        address = f"{self.meta.base_url}/v25.0/{self.meta.phone_number_id}/messages"
        headers = {"authorization": f"Bearer {self.meta.access_token}"}
        for _ in range(3):
            try:
                if self._http.post(address, json=payload, headers=headers).is_success:
                    return
            except httpx.HTTPError:
                continue


@contextmanager
def serving(naive: NaiveHandler) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            try:
                naive.take(body)
                self.send_response(200)
            except KeyError:
                self.send_response(500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    naive.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
