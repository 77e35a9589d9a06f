"""A mail server that keeps what it is given: the demo's way out for mail."""

import asyncio
import socket
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass(frozen=True)
class SunkMail:
    """One mail that left, with the addresses of its envelope."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    path: Path

    @property
    def message(self) -> EmailMessage:
        return BytesParser(policy=SMTP_POLICY).parsebytes(self.content)


@dataclass
class SmtpSink:
    """Start it (or use `with`); any sign-in is accepted. `mails` holds what came, and `folder`
    the same as .eml files. `refuse` maps recipients to SMTP answers, to try failures."""

    folder: Path
    host: str = "127.0.0.1"
    port: int = 0
    mails: list[SunkMail] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> "SmtpSink":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listens when it returns; `port` is then the real one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        listening = socket.create_server((self.host, self.port))
        self.port = listening.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(self._session, sock=listening)
        )
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="smtp-sink", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._server.close()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _session(self) -> SMTP:
        return SMTP(
            self,
            enable_SMTPUTF8=True,
            authenticator=_anybody,
            auth_require_tls=False,
            hostname="sink.onethread.invalid",
            loop=self._loop,
        )

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        path = self.folder / f"{len(self.mails):05}-{uuid4().hex[:8]}.eml"
        path.write_bytes(raw)
        recipients = tuple(envelope.rcpt_tos)
        self.mails.append(SunkMail(envelope.mail_from or "", recipients, raw, path))
        return "250 Kept"


def _anybody(*_: Any) -> AuthResult:
    return AuthResult(success=True)
