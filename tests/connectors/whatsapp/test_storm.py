"""Many messages through the fake Meta at once; every status comes back, signed and in order."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.base import Account, Request
from connectors.simulator.faults import Fault
from connectors.simulator.meta import FakeMeta
from desk.envelope import Address, DeliveryState, Envelope, Outgoing
from tests.connectors.whatsapp.webhooks import CHANNEL

ACCOUNT = Account("inbox", {}, {"app_secret": "storm-secret"})


@dataclass
class Receiver:
    """A real HTTP endpoint that takes webhooks as our service does."""

    got: list[Envelope] = field(default_factory=list)
    refused: int = 0
    refuse_next: int = 0
    url: str = ""

    def take(self, request: Request) -> int:
        if self.refuse_next > 0:
            self.refuse_next -= 1
            return 503
        if not CHANNEL.is_authentic(ACCOUNT, request):
            self.refused += 1
            return 401
        for event in CHANNEL.split(request).events:
            self.got += CHANNEL.read(ACCOUNT, event)
        return 200


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    taking = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(taking.take(Request(body, headers, {})))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    taking.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield taking
    server.shutdown()
    server.server_close()
    thread.join()


def outgoing(number: int) -> Outgoing:
    customer = Address("phone", f"+49151123{number:05}")
    return Outgoing(id=f"our-{number}", to=customer, text=f"Message {number}")


def test_every_send_of_a_storm_is_reported_back_in_order(receiver: Receiver) -> None:
    with FakeMeta(app_secret="storm-secret", callback_url=receiver.url) as meta:
        account = Account(
            "i",
            {"phone_number_id": meta.phone_number_id, "api_base": meta.base_url},
            {"access_token": meta.access_token},
        )
        meta.faults.extend(
            [
                Fault(status=400, code=130429),
                Fault(status=500),
                Fault(drop=True),
                Fault(drop=True, taken=True),
            ]
            * 5
        )
        with ThreadPoolExecutor(8) as pool:
            receipts = list(pool.map(lambda n: CHANNEL.send(account, outgoing(n)), range(120)))
        meta.settle()
        taken = {one.payload["biz_opaque_callback_data"] for one in meta.sent}
    states = Counter(one.state for one in receipts)
    assert states == {DeliveryState.SENT: 100, DeliveryState.FAILED: 5, DeliveryState.UNKNOWN: 15}
    assert sum(one.retry_after is not None for one in receipts) == 5
    assert len(taken) == 105
    assert (receiver.refused, len(receiver.got)) == (0, 3 * 105)
    reported = defaultdict(list)
    for one in receiver.got:
        reported[one.correlation].append(one.state)
    in_order = [DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ]
    assert reported == dict.fromkeys(taken, in_order)


def test_a_status_our_service_could_not_take_is_posted_again(receiver: Receiver) -> None:
    receiver.refuse_next = 1
    with FakeMeta(app_secret="storm-secret", callback_url=receiver.url) as meta:
        account = Account(
            "i",
            {"phone_number_id": meta.phone_number_id, "api_base": meta.base_url},
            {"access_token": meta.access_token},
        )
        CHANNEL.send(account, outgoing(1))
        meta.settle()
        assert meta.callbacks == [503, 200, 200, 200]
    assert [one.state for one in receiver.got] == [
        DeliveryState.SENT,
        DeliveryState.DELIVERED,
        DeliveryState.READ,
    ]
