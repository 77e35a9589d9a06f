"""PostgreSQL, Redis or RabbitMQ, a worker of its own: the same promises over several processes."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery
from httpx_sse import EventSource
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from connectors.simulator.faults import Fault
from connectors.simulator.meta import FakeMeta
from connectors.simulator.smtp_sink import SmtpSink
from core.db import reading
from core.ids import new_id
from core.installation import installation
from core.queue import KNOWLEDGE
from desk.conversations import Conversation
from desk.envelope import DeliveryState
from desk.messages import Direction, Message
from knowledge.passages import PassageRow
from tests.conftest import POSTGRES, on_server
from tests.end_to_end.conftest import SOON, World
from tests.lab.service import Service, prepared_service, wait_for

QUESTION = "How long does shipping to Norway take?"
DATABASES = range(15, 8, -1)
RABBITMQ = "amqp://guest:guest@127.0.0.1:5672//"
QUEUES = ("default", KNOWLEDGE)
SETTLED = {DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.READ}


@dataclass
class Worker:
    """`onethread worker` beside a service."""

    service: Service
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self.service.folder / "worker.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "worker"],
            env=self.service.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def stop(self) -> None:
        """Let it finish what it does."""
        if self.process:
            self.process.terminate()
            self.process.wait(20)

    def kill(self) -> None:
        """kill -9: no goodbye."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def empty_redis() -> Iterator[str]:
    """A database of the local Redis that nobody uses; empty again afterwards."""
    for number in DATABASES:
        url = f"redis://127.0.0.1:6379/{number}"
        with redis.Redis.from_url(url) as client:
            try:
                if client.dbsize() or not client.set("tested by", os.getpid(), nx=True):
                    continue
            except redis.ConnectionError:
                pytest.skip("needs Redis")
            yield url
            client.flushdb()
            return
    pytest.skip("needs Redis: none of its databases 9 to 15 is empty")


@pytest.fixture
def empty_rabbitmq() -> Iterator[str]:
    """The local RabbitMQ without our queues, before and afterwards. What a stopped service left in
    them is only a wake-up call; a running one's are left alone."""
    try:
        with _rabbitmq() as connection:
            connection.ensure_connection(max_retries=1)
            if any(_consumers(connection, queue) for queue in QUEUES):
                pytest.skip("needs RabbitMQ: its queues are in use")
            _delete_queues(connection)
    except OSError:
        pytest.skip("needs RabbitMQ")
    yield RABBITMQ
    with _rabbitmq() as connection:
        _delete_queues(connection)


def _rabbitmq() -> Any:
    return Celery(broker=RABBITMQ).connection_for_write()


def _consumers(connection: Any, queue: str) -> int:
    try:
        return int(connection.channel().queue_declare(queue, passive=True).consumer_count)
    except connection.channel_errors:
        return 0


def _delete_queues(connection: Any) -> None:
    for queue in QUEUES:
        connection.channel().queue_delete(queue)


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest, empty_redis: str) -> str:
    if request.param == "redis":
        return empty_redis
    return str(request.getfixturevalue("empty_rabbitmq"))


@pytest.fixture
def empty_postgres() -> Iterator[str]:
    """A database of its own on the local PostgreSQL: several processes work on it."""
    name = f"onethread_{new_id().replace('-', '')}"
    try:
        on_server(f"CREATE DATABASE {name}")
    except OperationalError:
        pytest.skip("needs PostgreSQL")
    yield f"{POSTGRES}/{name}"
    on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def grown(
    tmp_path: Path, exported_model: Path, empty_postgres: str, broker: str, empty_redis: str
) -> Iterator[tuple[World, Worker]]:
    meta = FakeMeta(app_secret="app-secret", access_token="token")
    with meta, SmtpSink(tmp_path / "sent") as sink:
        service = prepared_service(
            tmp_path / "data",
            exported_model,
            whatsapp_api=meta.base_url,
            smtp_port=sink.port,
            database_url=empty_postgres,
            broker_url=broker,
            redis_url=empty_redis,
        )
        worker = Worker(service)
        try:
            worker.start()
            service.start()
            wait_for(lambda: _is_indexed(service), "the articles to be in the index")
            yield World(service, meta, sink), worker
        finally:
            worker.kill()
            service.stop()


def _is_indexed(service: Service) -> bool:
    with installation(service.settings), reading() as session:
        at = session.scalars(select(PassageRow.indexed)).all()
    return bool(at) and None not in at


def _messages(world: World, direction: Direction) -> list[Message]:
    with installation(world.service.settings), reading() as session:
        return list(session.scalars(select(Message).where(Message.direction == direction)))


def _sent(world: World) -> int:
    return sum(m.state == DeliveryState.SENT for m in _messages(world, Direction.OUT))


@pytest.mark.slow
def test_a_message_is_received_answered_and_sent_once(grown: tuple[World, Worker]) -> None:
    world, _ = grown
    post = world.customer(1).text(QUESTION)
    assert [world.post(post), world.post(post)] == [200, 200]
    wait_for(lambda: _sent(world) == 1, "the answer to be sent", 120)

    assert [m.text for m in _messages(world, Direction.IN)] == [QUESTION]
    assert len(world.answers_to(1)) == 1
    assert "working days" in world.answers_to(1)[0]


@pytest.mark.slow
def test_a_teammate_sees_live_what_the_worker_did(grown: tuple[World, Worker]) -> None:
    world, _ = grown
    with world.service.client() as client, client.stream("GET", "/api/live") as response:
        news = EventSource(response).iter_sse()
        assert next(news).event in ("ping", "reload")
        assert world.post(world.customer(1).text(QUESTION)) == 200
        names = (json.loads(one.data)["name"] for one in news if one.event == "log")
        assert "message.received" in names
        assert "message.written" in names


@pytest.mark.slow
@pytest.mark.parametrize("broker", ["rabbitmq"], indirect=True)
def test_a_job_that_is_done_is_not_handed_out_again(grown: tuple[World, Worker]) -> None:
    world, worker = grown
    assert world.post(world.customer(1).text(QUESTION)) == 200
    wait_for(lambda: _sent(world) == 1, "the answer to be sent", 120)
    worker.stop()
    world.service.stop()

    with _rabbitmq() as connection:
        left = {str(job.headers["task"]) for queue in QUEUES for job in _jobs(connection, queue)}
    assert left.isdisjoint({"event.receive", "turn.answer", "message.send"})


def _jobs(connection: Any, queue: str) -> Iterator[Any]:
    channel = connection.channel()
    while job := channel.basic_get(queue):
        yield job


@pytest.mark.slow
def test_a_worker_killed_while_sending_leaves_the_message_unknown_not_doubled(
    grown: tuple[World, Worker],
) -> None:
    world, worker = grown
    world.meta.faults.append(Fault(status=200, taken=True, delay=20))
    world.post(world.customer(1).text(QUESTION))
    wait_for(lambda: len(world.meta.sent) == 1, "the answer to reach the provider")
    worker.kill()
    worker.start()

    def is_unknown() -> bool:
        return [m.state for m in _messages(world, Direction.OUT)] == [DeliveryState.UNKNOWN]

    wait_for(is_unknown, "the half-sent message to stand as unknown", SOON)
    assert len(world.meta.sent) == 1


@pytest.mark.slow
def test_a_service_killed_while_answering_answers_each_customer_once(
    grown: tuple[World, Worker],
) -> None:
    world, _ = grown
    for number in range(6):
        world.post(world.customer(number).text(QUESTION))
    wait_for(lambda: _turns_in_hand(world) > 0, "the assistant to think")
    world.service.kill()
    world.service.start()

    wait_for(lambda: _sent(world) == 6, "every conversation to be answered", SOON)
    assert [len(world.answers_to(number)) for number in range(6)] == [1] * 6


def _turns_in_hand(world: World) -> int:
    with installation(world.service.settings), reading() as session:
        claimed = Conversation.turn_claimed_until.is_not(None)
        return len(session.scalars(select(Conversation.id).where(claimed)).all())


@pytest.mark.slow
def test_a_worker_killed_midway_loses_nothing_and_repeats_nothing(
    grown: tuple[World, Worker],
) -> None:
    world, worker = grown
    for number in range(12):
        assert world.post(world.customer(number).text(f"{QUESTION} ({number})")) == 200
        if number == 6:
            worker.kill()
    received = len(_messages(world, Direction.IN))
    worker.start()

    wait_for(lambda: len(_messages(world, Direction.IN)) == 12, "every message", 120)
    assert received < 12, "the worker had received everything before it was killed"

    def all_settled() -> bool:
        outbound = _messages(world, Direction.OUT)
        done = {m.conversation_id for m in outbound if m.state in SETTLED}
        return len(done) == 12

    wait_for(all_settled, "every conversation to be answered", 240)
    texts = Counter(m.text for m in _messages(world, Direction.IN))
    assert set(texts.values()) == {1}
    assert all(len(world.answers_to(number)) <= 1 for number in range(12))
    unknown = [m for m in _messages(world, Direction.OUT) if m.state == DeliveryState.UNKNOWN]
    silent = [number for number in range(12) if not world.answers_to(number)]
    assert len(silent) <= len(unknown)
