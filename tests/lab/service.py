"""The real service as a process of its own, to be used, killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from core.db import reading, transaction
from core.installation import installation
from core.settings import Settings
from desk import inboxes, teams
from desk.company import Company, keep_company
from desk.inboxes import Policy
from desk.teams import Role
from ingestion.pipeline import publish_text
from knowledge import indexing
from migrations.upgrade import upgrade

PATIENCE = 120.0
SIGN_IN = {"email": "lead@shop.example", "password": "a long password"}
IDENTITY_SECRET = "s" * 40
ARTICLES = {
    "Shipping to Norway": "We ship to Norway in 4 to 6 working days. Shipping costs €12.90.",
    "Returns": "You can return unused items within 30 days of delivery. Returns are free.",
    "Gift cards": "Gift cards are valid for 3 years from the date of purchase.",
}


@dataclass
class Service:
    """`onethread serve` on a data folder of its own."""

    folder: Path
    port: int
    database_url: str = ""
    broker_url: str = ""
    redis_url: str = ""
    """Live updates between the service and its workers."""
    process: subprocess.Popen[bytes] | None = None
    inboxes: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        return Settings(data=self.folder, port=self.port, database_url=self.database_url)

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "ONETHREAD_DATA": str(self.folder),
            "ONETHREAD_PORT": str(self.port),
            "ONETHREAD_DATABASE_URL": self.database_url,
            "ONETHREAD_BROKER_URL": self.broker_url,
            "ONETHREAD_REDIS_URL": self.redis_url,
        }
        return {**os.environ, **ours}

    def start(self) -> None:
        """Returns once it answers, and finds whatever was published before."""
        output = (self.folder / "service.log").open("ab")
        command = [sys.executable, "-m", "cli.main", "serve"]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=output, stderr=subprocess.STDOUT
        )
        wait_for(self._answers, "the service to start")
        wait_for(self._finds, "what was published to be indexed")

    def _answers(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            raise AssertionError(self.log[-3000:])
        try:
            return httpx.get(f"{self.url}/api/me", timeout=2, trust_env=False).status_code == 401
        except httpx.HTTPError:
            return False

    def _finds(self) -> bool:
        with installation(self.settings), reading() as session:
            return not indexing.waits(session)

    @property
    def log(self) -> str:
        return (self.folder / "service.log").read_text()

    def kill(self) -> None:
        """kill -9: no goodbye."""
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """A browser of the team lead, signed in."""
        headers = {"X-Requested-With": "onethread"}
        with httpx.Client(
            base_url=self.url, headers=headers, timeout=20, trust_env=False
        ) as client:
            client.post("/api/sign-in", json=SIGN_IN).raise_for_status()
            yield client


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(happened: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < deadline, f"waited {patience:.0f} s for {what}"
        time.sleep(0.02)


@contextmanager
def running_service(
    folder: Path, model: Path, *, whatsapp_api: str = "", smtp_port: int = 0
) -> Iterator[Service]:
    """A small shop's service, started; `model` is an exported embedding model to share."""
    service = prepared_service(folder, model, whatsapp_api=whatsapp_api, smtp_port=smtp_port)
    service.start()
    try:
        yield service
    finally:
        service.stop()


def prepared_service(
    folder: Path,
    model: Path,
    *,
    whatsapp_api: str = "",
    smtp_port: int = 0,
    database_url: str = "",
    broker_url: str = "",
    redis_url: str = "",
) -> Service:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model").symlink_to(model)
    service = Service(folder, free_port(), database_url, broker_url, redis_url)
    with installation(service.settings):
        upgrade()
        _furnish(service, whatsapp_api, smtp_port)
    return service


def _furnish(service: Service, whatsapp_api: str, smtp_port: int) -> None:
    with transaction() as session:
        keep_company(session, Company("Small Shop", "https://shop.example", ""))
        teams.add_teammate(session, SIGN_IN["email"], "Lea Lead", SIGN_IN["password"], Role.ADMIN)
        teams.fallback_queue(session)
        speak = {"policy": Policy.THRESHOLD, "threshold": 0.3}
        whatsapp = inboxes.open_inbox(
            session,
            "whatsapp",
            "WhatsApp",
            config={"phone_number_id": "100200300", "api_base": whatsapp_api},
            secrets={"app_secret": "app-secret", "access_token": "token", "verify_token": "v"},
            **speak,
        )
        mail = {
            "address": "support@shop.example",
            "smtp_host": "127.0.0.1",
            "smtp_port": str(smtp_port),
            "smtp_security": "none",
            "trusted_authserv": "mx.shop.example",
        }
        email = inboxes.open_inbox(
            session,
            "email",
            "Support",
            config=mail,
            secrets={"inbound_secret": "inbound-secret"},
            **speak,
        )
        web = inboxes.open_inbox(
            session, "web", "Website", secrets={"identity_secret": IDENTITY_SECRET}, **speak
        )
        service.inboxes = {"whatsapp": whatsapp.id, "email": email.id, "web": web.id}
        for title, text in ARTICLES.items():
            publish_text(session, title=title, text=f"# {title}\n\n{text}", by="test")
