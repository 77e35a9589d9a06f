"""Benchmarks of the service as it runs: taking webhooks, starting up, memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socket import socket
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cli import local
from connectors.base import Request
from connectors.simulator.whatsapp_customer import SignedPost, WhatsAppCustomer
from core.db import reading, transaction
from core.errors import OneThreadError
from core.installation import installation
from core.settings import Settings, settings
from delivery import inbound
from delivery.accounts import channel_of
from desk import inboxes
from desk.envelope import RawEvent
from desk.inboxes import Inbox, Policy
from eval.bench import Line, p95, p99, seconds
from eval.suites import Document
from ingestion.pipeline import publish_text
from knowledge import indexing
from migrations.upgrade import upgrade

PHONE_NUMBER_ID, APP_SECRET = "100200300", "bench-app-secret"
CLIENTS = 8
BATCH = 20
"""Events in one webhook under load, as providers batch them."""
PROMISED_START, PROMISED_MEMORY = 10.0, 1000.0
"""Seconds and MB that a start and the running service may take."""


@dataclass
class Running:
    url: str
    settings: Settings
    inbox_id: str
    process: subprocess.Popen[bytes]
    ready_after: float

    @property
    def memory(self) -> float:
        """MB resident; 0 where the system doesn't say."""
        status = Path(f"/proc/{self.process.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000


def service_lines(
    documents: Sequence[Document], questions: Sequence[str], posts: int, answers: int
) -> list[Line]:
    with _service(documents) as service:
        lines = [*_webhook_lines(service, posts), *_load_lines(service, posts)]
        with installation(service.settings):
            _ask(local.needed_service(), questions, answers)
        started, memory = service.ready_after, service.memory
    return [
        *lines,
        Line("start-up", started, "the promised most", PROMISED_START, "s"),
        Line(f"memory after {answers} answers", memory, "the promised most", PROMISED_MEMORY, "MB"),
    ]


def _webhook_lines(service: Running, posts: int) -> list[Line]:
    """Sequential: milliseconds each. Parallel: how many a second over all clients."""
    bare = [1000 * one for one in _bare_inserts(posts)]
    one_by_one = [1000 * one for one in _post_all(service, posts)]
    began = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda _: _post_all(service, posts // CLIENTS), range(CLIENTS)))
    rate = posts // CLIENTS * CLIENTS / (perf_counter() - began)
    bare_rate = 1000 * len(bare) / sum(bare)
    what = "bare insert and commit"
    return [
        *(
            Line(f"webhook, one client, {name}", point(one_by_one), what, point(bare), "ms")
            for name, point in (("p50", median), ("p95", p95))
        ),
        Line(f"webhook, {CLIENTS} clients", rate, f"{what}, one by one", bare_rate, "rows/s"),
    ]


def _load_lines(service: Running, posts: int) -> list[Line]:
    """Batches from many clients at once: events accepted, events processed, and how long the 2xx
    takes meanwhile. The same number of bare inserts is measured in the same run."""
    bare = _bare_inserts(posts)
    address = f"{service.url}/webhooks/{service.inbox_id}"
    batches = [
        [_batch(client) for _ in range(max(1, posts // CLIENTS))] for client in range(CLIENTS)
    ]
    events = BATCH * sum(len(made) for made in batches)

    def post(made: Sequence[SignedPost]) -> list[float]:
        with httpx.Client(timeout=60, trust_env=False) as client:
            return [seconds(partial(_accepted, client, address, one)) for one in made]

    _wait_until_processed(service)
    began = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        took = [1000 * one for times in clients.map(post, batches) for one in times]
    accepted = perf_counter() - began
    _wait_until_processed(service)
    processed = perf_counter() - began
    what, bare_rate = "bare insert and commit", len(bare) / sum(bare)
    return [
        Line("events accepted", events / accepted, f"{what}, one by one", bare_rate, "/s"),
        Line("events processed", events / processed, f"{what}, one by one", bare_rate, "/s"),
        Line("2xx under load, p99", p99(took), what, 1000 * p99(bare), "ms"),
    ]


def _wait_until_processed(service: Running) -> None:
    with installation(service.settings):
        while _unprocessed():
            time.sleep(0.05)


def _unprocessed() -> int:
    with reading() as session:
        waiting = select(func.count(inbound.Event.id)).where(inbound.Event.done_at.is_(None))
        return session.scalar(waiting) or 0


def _batch(customer: int) -> SignedPost:
    """One customer's messages in one webhook."""
    phone = f"+49151{30_000_000 + customer}"
    writer = WhatsAppCustomer(phone, PHONE_NUMBER_ID, APP_SECRET)
    content = {"type": "text", "text": {"body": "Do you ship to Norway?"}}
    return writer.signed([writer.message(content) for _ in range(BATCH)])


def _post_all(service: Running, posts: int) -> list[float]:
    address = f"{service.url}/webhooks/{service.inbox_id}"
    with httpx.Client(timeout=60, trust_env=False) as client:
        made = [_post() for _ in range(posts)]
        return [seconds(partial(_accepted, client, address, post)) for post in made]


def _accepted(client: httpx.Client, address: str, post: SignedPost) -> None:
    client.post(address, content=post.body, headers=post.headers).raise_for_status()


def _post() -> SignedPost:
    customer = WhatsAppCustomer("+4915112345678", PHONE_NUMBER_ID, APP_SECRET)
    return customer.text("Do you ship to Norway?")


def _bare_inserts(rows: int) -> list[float]:
    """Into an own database under the same settings, so that the service has nothing to do."""
    with (
        TemporaryDirectory(prefix="onethread-bench-") as folder,
        installation(Settings.model_construct(data=Path(folder))),
    ):
        upgrade()
        with transaction() as session:
            inbox = _open_inbox(session)
        split = channel_of(inbox).split
        made = [split(Request(_post().body, {}, {})).events[0] for _ in range(rows)]
        return [seconds(partial(_insert, inbox.id, raw)) for raw in made]


def _insert(inbox_id: str, raw: RawEvent) -> None:
    with transaction() as session:
        session.add(inbound.Event(inbox_id=inbox_id, provider_id=raw.id, body=raw.body))


def _open_inbox(session: Session) -> Inbox:
    return inboxes.open_inbox(
        session,
        "whatsapp",
        "Bench",
        config={"phone_number_id": PHONE_NUMBER_ID},
        secrets={"app_secret": APP_SECRET},
        policy=Policy.OFF,
    )


def _ask(service: local.Service, questions: Sequence[str], answers: int) -> None:
    with service.client() as client:
        for number in range(answers):
            asked = {"question": questions[number % len(questions)], "customer": None}
            client.post("/local/ask", json=asked).raise_for_status()


@contextmanager
def _service(documents: Sequence[Document]) -> Iterator[Running]:
    """The real process on a folder of its own, with these documents."""
    model = (settings().data / "model").absolute()
    with TemporaryDirectory(prefix="onethread-bench-") as folder:
        (Path(folder) / "model").symlink_to(model)
        chosen = Settings.model_construct(data=Path(folder), port=_free_port())
        with installation(chosen):
            upgrade()
            with transaction() as session:
                inbox_id = _open_inbox(session).id
                for document in documents:
                    publish_text(session, title=document.title, text=document.text, by="bench")
        began = perf_counter()
        process = _start(chosen)
        try:
            _wait_until_ready(chosen, process)
            running = Running(chosen.url, chosen, inbox_id, process, perf_counter() - began)
            _wait_until_indexed(chosen)
            yield running
        finally:
            process.terminate()
            process.wait(timeout=60)


def _start(chosen: Settings) -> subprocess.Popen[bytes]:
    """Without what the environment sets for the installation at hand."""
    others = {k: v for k, v in os.environ.items() if not k.startswith("ONETHREAD_")}
    ours = {"ONETHREAD_DATA": str(chosen.data), "ONETHREAD_PORT": str(chosen.port)}
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", "serve"],
        env=others | ours,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_until_ready(chosen: Settings, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{chosen.url}/api/me", timeout=2, trust_env=False).status_code == 401:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise OneThreadError("The service did not start. See what it says: onethread serve")


def _wait_until_indexed(chosen: Settings) -> None:
    with installation(chosen):
        while _indexing():
            time.sleep(0.05)


def _indexing() -> bool:
    with reading() as session:
        return indexing.waits(session)


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
