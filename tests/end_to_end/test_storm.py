"""A storm over the whole product: everything comes twice, late and mixed up, sends fail, and the
service is killed again and again. Then the providers' books are settled against ours.

The short form runs with the slow tests; ONETHREAD_STORM=full is the whole of it (`make storm`).
"""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cli import accounts
from cli.lines import LINES
from cli.storm import line_of
from connectors.simulator.books import Books
from connectors.simulator.crowd import Crowd, Play
from connectors.simulator.settlement import Settlement, settle
from connectors.simulator.teammate import Teammate
from connectors.simulator.weather import Weather
from core.clock import now
from core.db import reading, transaction
from core.installation import installation
from desk import inboxes
from desk.inboxes import Inbox
from ingestion.pipeline import publish_text
from tests.end_to_end.test_grown import Worker, empty_postgres, empty_redis
from tests.lab.channels import open_all
from tests.lab.service import SIGN_IN, Service, prepared_service

__all__ = ["empty_postgres", "empty_redis"]

WARES = ("Lamp", "Chair", "Kettle", "Grinder", "Scale", "Teapot", "Mug", "Filter", "Rug", "Vase")
ASKED = (
    "How long is the warranty of the {}?",
    "What does the {} cost?",
    "How do I clean the {}?",
    "Where is the {} made?",
)
TOPICS = [[ask.format(ware) for ask in ASKED] for ware in WARES]


@dataclass(frozen=True)
class Size:
    events: int
    people: int
    """On each channel."""
    kills: int
    a_second: float
    span: float
    patience: float
    """Seconds in which all must be done once the last event was brought."""


SHORT = Size(events=1500, people=28, kills=4, a_second=60, span=10, patience=400)
FULL = Size(events=20_000, people=270, kills=20, a_second=60, span=60, patience=5400)
SIZE = FULL if os.environ.get("ONETHREAD_STORM") == "full" else SHORT
SEED = int(os.environ.get("ONETHREAD_STORM_SEED", "1"))
WEATHER = Weather(
    redelivered=0.3,
    batch=100,
    span=SIZE.span,
    broken=0.02,
    failing=0.1,
    patience=900,
    lanes=2,
    seed=SEED,
)


@dataclass
class Sea:
    service: Service
    worker: Worker | None
    play: Play
    teammate: Teammate
    began: datetime

    def kill(self, chance: Random) -> None:
        """kill -9 to the service or its worker, and start it again."""
        if self.worker and chance.random() < 0.5:
            self.worker.kill()
            self.worker.start()
        else:
            self.service.kill()
            self.service.start()

    @property
    def books(self) -> Books:
        return replace(self.play.books, written=self.teammate.written)

    def settled(self) -> Settlement:
        ids = self.service.inboxes.values()
        with reading() as session:
            return settle(self.books, accounts.held(session, ids, since=self.began))

    def is_quiet(self) -> bool:
        if self.play.waiting:
            return False
        ids = self.service.inboxes.values()
        with reading() as session:
            busy = accounts.unfinished(session, ids) or accounts.on_their_way(session, ids)
        return not busy


@contextmanager
def sea(folder: Path, model: Path, *, worker: bool, **servers: Any) -> Iterator[Sea]:
    """A shop with an inbox of every kind, its customers, and a teammate."""
    began = now()
    service = prepared_service(folder / "data", model, **servers)
    with ExitStack() as stack:
        stack.enter_context(installation(service.settings))
        with transaction() as session:
            open_all(session, service)
            _publish_wares(session)
        crowds = {
            f"{service.url}/webhooks/{inbox.id}": Crowd(
                stack.enter_context(line_of(inbox, service.url, WEATHER)),
                SIZE.people,
                TOPICS,
                SEED,
                garbled=0.01,
            )
            for inbox in _inboxes(service)
        }
        beside = Worker(service) if worker else None
        try:
            if beside:
                beside.start()
            service.start()
            teammate = Teammate(service.url, SIGN_IN["email"], SIGN_IN["password"], seed=SEED)
            with Play(crowds, WEATHER, SEED) as play, teammate:
                yield Sea(service, beside, play, teammate, began)
        finally:
            service.stop()
            if beside:
                beside.kill()


def _inboxes(service: Service) -> Sequence[Inbox]:
    with reading() as session:
        return [inboxes.find(session, id) for id in service.inboxes.values()]


def _publish_wares(session: Session) -> None:
    for number, ware in enumerate(WARES):
        text = (
            f"The warranty of the {ware} is {number + 2} years.\n\n"
            f"The {ware} costs €{19 + number}.90.\n\n"
            f"Clean the {ware} with a soft cloth and {number + 1} drops of vinegar.\n\n"
            f"The {ware} is made in workshop {number + 1} in Norway."
        )
        publish_text(session, title=ware, text=f"# {ware}\n\n{text}", by="test")


def rage(sea: Sea) -> None:
    """All events at their pace, with the kills spread over them."""
    chance = Random(SEED)
    began = time.monotonic()
    kills = set(chance.sample(range(SIZE.events // 20, SIZE.events), SIZE.kills))
    for number in range(SIZE.events):
        sea.play.go_on()
        if number in kills:
            sea.kill(chance)
        time.sleep(max(0.0, began + number / SIZE.a_second - time.monotonic()))


def calm_down(sea: Sea) -> None:
    """The teammate goes home when customers are done, and the last answers are waited for. What
    the teammate writes is reported on and read, so that waiting for all of that would never end."""
    deadline = time.monotonic() + SIZE.patience
    while time.monotonic() < deadline and sea.play.bringing:
        time.sleep(0.5)
    sea.teammate.stop()
    while time.monotonic() < deadline and not sea.is_quiet():
        time.sleep(1)
    sea.play.look_again()


def assert_all_is_well(sea: Sea, began: float, folder: Path) -> None:
    settled = sea.settled()
    told = asdict(settled) | {"seconds": round(time.monotonic() - began, 1)}
    (folder / "settlement.json").write_text(json.dumps(told, indent=1))
    assert settled.wrongs == {}
    assert sea.play.given_up == 0
    assert settled.brought == SIZE.events
    assert settled.sent > 0
    assert settled.failed > 0
    assert settled.unknown > 0
    assert len(sea.books.written) > SIZE.events / 200
    assert len(sea.books.seen) > settled.sent / 5
    assert {taken.person.split()[0] for taken in sea.books.taken} == set(LINES)
    for taken in sea.books.taken:
        own = WARES[int(taken.person.split()[1]) % len(WARES)]
        assert not [w for w in WARES if w != own and w in taken.text], "an answer to somebody else"


@pytest.fixture(autouse=True)
def _open_to_ourselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever an API inbox posts to is on this machine."""
    monkeypatch.setenv("ONETHREAD_ALLOW_PRIVATE_TARGETS", "true")


@pytest.mark.slow
def test_a_storm_on_sqlite_loses_nothing_and_doubles_nothing(
    tmp_path: Path, exported_model: Path
) -> None:
    began = time.monotonic()
    with sea(tmp_path, exported_model, worker=False) as storm:
        rage(storm)
        calm_down(storm)
        assert_all_is_well(storm, began, tmp_path)


@pytest.mark.slow
def test_a_storm_on_postgres_redis_and_a_worker_loses_nothing_and_doubles_nothing(
    tmp_path: Path, exported_model: Path, empty_postgres: str, empty_redis: str
) -> None:
    began = time.monotonic()
    servers = {"database_url": empty_postgres, "broker_url": empty_redis, "redis_url": empty_redis}
    with sea(tmp_path, exported_model, worker=True, **servers) as storm:
        rage(storm)
        calm_down(storm)
        assert_all_is_well(storm, began, tmp_path)
