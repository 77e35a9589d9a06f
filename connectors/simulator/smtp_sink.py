"""A mail server that keeps what it is given: the demo's way out for mail."""

import asyncio
import re
import socket
import threading
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from connectors.simulator.faults import Fault
from connectors.simulator.weather import CALM, Dice, Weather

TROUBLES = (Fault(status=451), Fault(status=554), Fault(drop=True), Fault(drop=True, taken=True))


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
    takes_token: Callable[[str], bool] | None = None
    """Whether an XOAUTH2 token is good. Set, nobody may send without one."""
    weather: Weather = CALM

    def __post_init__(self) -> None:
        self._dice = Dice(self.weather, "mail")

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
            auth_required=self.takes_token is not None,
            auth_exclude_mechanism=["LOGIN", "PLAIN"] if self.takes_token else [],
            enable_SMTPUTF8=True,
            authenticator=_anybody,
            auth_require_tls=False,
            hostname="sink.onethread.invalid",
            loop=self._loop,
        )

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """A refusal says why in a challenge, which the client answers with nothing."""
        said = b64decode(args[1]).decode() if len(args) > 1 else ""
        found = re.fullmatch("user=[^\1]+\1auth=Bearer ([^\1]+)\1\1", said)
        if found and self.takes_token and self.takes_token(found[1]):
            return AuthResult(success=True)
        await server.challenge_auth('{"status": "401", "schemes": "bearer"}')
        return AuthResult(success=False, handled=False)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """On a bad day: not now, never, or a line that breaks before or after the mail is kept."""
        trouble = self._dice.trouble(TROUBLES)
        if trouble and not trouble.drop:
            return f"{trouble.status} Simulated"
        if trouble is None or trouble.taken:
            self._keep(envelope)
        if trouble and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 Kept"

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        path = self.folder / f"{len(self.mails):05}-{uuid4().hex[:8]}.eml"
        path.write_bytes(raw)
        recipients = tuple(envelope.rcpt_tos)
        self.mails.append(SunkMail(envelope.mail_from or "", recipients, raw, path))


def _anybody(*_: Any) -> AuthResult:
    return AuthResult(success=True)
