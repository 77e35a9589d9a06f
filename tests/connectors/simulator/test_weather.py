"""A bad day at the provider: what happened still arrives, only never as one would like."""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from connectors.base import Account
from connectors.registry import channel
from connectors.simulator.meta import FakeMeta
from connectors.simulator.server import Courier, Post
from connectors.simulator.smtp_sink import SmtpSink
from connectors.simulator.weather import Weather
from desk.envelope import Address, DeliveryState, Outgoing

ROUGH = Weather(redelivered=0.3, batch=20, span=0.3, broken=0.1, lanes=2, seed=7)


@dataclass
class Door:
    """Where webhooks arrive; it answers 503 to the first `closed` of them."""

    got: list[list[int]] = field(default_factory=list)
    closed: int = 0
    url: str = ""


@pytest.fixture
def door() -> Iterator[Door]:
    found = Door()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.closed -= 1
            if found.closed < 0:
                found.got.append(json.loads(body))
            self.send_response(503 if found.closed >= 0 else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_address[1]}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


def brought(door: Door, weather: Weather, items: int) -> Courier[int]:
    courier = Courier(pack, door.url, weather)
    courier.start()
    for item in range(items):
        courier.put(item)
    courier.stop()
    return courier


def pack(items: Sequence[int]) -> Post:
    return Post(json.dumps(list(items)).encode())


def test_on_a_calm_day_each_thing_comes_once_alone_and_in_order(door: Door) -> None:
    brought(door, Weather(), 20)
    assert door.got == [[item] for item in range(20)]


def test_on_a_bad_day_all_arrives_some_of_it_again_mixed_up_and_in_batches(door: Door) -> None:
    brought(door, ROUGH, 400)
    items = [item for batch in door.got for item in batch]
    times = Counter(items)
    assert set(times) == set(range(400))
    assert 0.2 < sum(count > 1 for count in times.values()) / 400 < 0.6
    assert items != sorted(items)
    assert 2 < max(len(batch) for batch in door.got) <= 20


def test_a_provider_tries_again_until_its_patience_is_over(door: Door) -> None:
    door.closed = 2
    assert brought(door, Weather(), 3).given_up == []
    assert door.got == [[0], [1], [2]]
    door.closed = 1000
    assert brought(door, Weather(patience=0.3), 2).given_up == [0, 1]


def test_a_webhook_is_made_anew_for_each_try_and_what_arrived_is_known(door: Door) -> None:
    """Signatures hold for some minutes only, and a provider may be down for longer."""
    door.closed = 2
    made: list[list[int]] = []
    arrived: list[int] = []

    def signed(items: Sequence[int]) -> Post:
        made.append(list(items))
        return pack(items)

    courier = Courier(signed, door.url, arrived=arrived.extend)
    courier.start()
    courier.put(1)
    courier.stop()
    assert made == [[1]] * 3
    assert arrived == [1]


def test_what_cannot_be_made_yet_is_tried_again(door: Door) -> None:
    """A visitor's session, say, that the service does not begin while it restarts."""
    tries = iter([httpx.ConnectError("down"), httpx.ReadTimeout("slow"), None])

    def in_time(items: Sequence[int]) -> Post:
        if wrong := next(tries):
            raise wrong
        return pack(items)

    courier = Courier(in_time, door.url)
    courier.start()
    courier.put(1)
    courier.stop()
    assert door.got == [[1]]


def test_sends_fail_in_every_way_and_what_we_are_told_is_true() -> None:
    with FakeMeta(weather=Weather(failing=0.5, seed=1)) as meta:
        config = {"phone_number_id": meta.phone_number_id, "api_base": meta.base_url}
        account = Account("inbox", config, {"access_token": meta.access_token})
        to = Address("phone", "+4915112345678")
        receipts = {
            str(n): channel("whatsapp").send(account, Outgoing(str(n), to, "Hello"))
            for n in range(80)
        }
        taken = Counter(one.payload["biz_opaque_callback_data"] for one in meta.sent)
    sent = {n for n, one in receipts.items() if one.state == DeliveryState.SENT}
    unknown = {n for n, one in receipts.items() if one.state == DeliveryState.UNKNOWN}
    assert set(taken.values()) == {1}
    assert sent <= set(taken) <= sent | unknown
    assert unknown & set(taken), "some that failed had been taken all the same"
    assert unknown - set(taken)
    assert any(one.retry_after for one in receipts.values())
    assert 20 < len(receipts) - len(sent) < 60


def test_a_mail_server_has_bad_days_too(tmp_path: Path) -> None:
    with SmtpSink(tmp_path, weather=Weather(failing=0.5, seed=1)) as sink:
        config = {
            "address": "support@shop.example",
            "smtp_host": sink.host,
            "smtp_port": str(sink.port),
            "smtp_security": "none",
        }
        to = Address("email", "anna@mail.example")
        states = Counter(
            channel("email").send(Account("inbox", config, {}), Outgoing(str(n), to, "Hello")).state
            for n in range(40)
        )
    assert set(states) == {DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.FAILED}
    assert states[DeliveryState.SENT] < len(sink.mails)
    assert len(sink.mails) <= states[DeliveryState.SENT] + states[DeliveryState.UNKNOWN]
