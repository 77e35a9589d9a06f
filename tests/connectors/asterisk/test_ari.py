"""Dialling by Asterisk: done once, refused in plain words, or unknown and left to a person."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from connectors.base import Account
from connectors.base import Request as Webhook
from connectors.channels.asterisk import ari
from connectors.channels.asterisk.channel import AsteriskChannel
from connectors.channels.voice.carrier import Order
from desk.envelope import DeliveryState, File
from tests.api.conftest import serving

ORDER = Order(
    "+4915112345678", "http://h/voice/i/answer?call=c1", "http://h/voice/i/status?call=c1"
)


@dataclass
class Exchange:
    """Answers as ARI does: with the given status, and keeps what it was asked."""

    url: str = ""
    status: int = 200
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def account(self) -> Account:
        config = {"ari_url": self.url, "ari_user": "onethread", "number": "+493023125410"}
        return Account("i", config, {"ari_password": "secret"})


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    app, kept = FastAPI(), Exchange()

    @app.api_route("/ari/{path:path}", methods=["GET", "POST"])
    def take(path: str, request: Request) -> Response:
        kept.asked.append((path, dict(request.query_params)))
        if path == "applications":
            return Response('[{"name": "onethread"}]')
        return Response('{"message": "Endpoint not found"}', status_code=kept.status)

    with serving(app) as url:
        kept.url = url
        yield kept


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, DeliveryState.SENT), (400, DeliveryState.FAILED), (503, DeliveryState.UNKNOWN)],
)
def test_an_order_has_an_id_of_ours_and_an_end(
    exchange: Exchange, status: int, state: DeliveryState
) -> None:
    exchange.status = status
    with ari.client() as http:
        receipt = ari.dial(http, exchange.account, ORDER)
    [(path, wanted)] = exchange.asked
    assert path == "channels/onethread-c1"
    assert wanted["endpoint"] == "Local/+4915112345678@onethread"
    assert wanted["appArgs"] == "answer?call=c1"
    assert receipt.state == state
    assert ("Endpoint not found" in receipt.error) is (state == DeliveryState.FAILED)


def test_what_was_never_sent_has_failed_and_what_was_not_answered_is_unknown() -> None:
    account = Account("i", {"ari_url": "http://127.0.0.1:9"}, {})
    with ari.client() as http:
        assert ari.dial(http, account, ORDER).state == DeliveryState.FAILED

    def hang(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too late")

    with httpx.Client(transport=httpx.MockTransport(hang)) as http:
        assert ari.dial(http, account, ORDER).state == DeliveryState.UNKNOWN


@pytest.mark.parametrize(
    ("address", "rung"),
    [
        ("200", "Local/200@onethread"),
        ("sip:lea@pbx.example", "Local/lea@onethread"),
        ("+49 30,1)&System(rm", "Local/+49301Systemrm@onethread"),
    ],
)
def test_an_address_can_ring_nobody_else(address: str, rung: str) -> None:
    assert ari.endpoint(Account("i", {}, {}), address) == rung


def test_the_self_test_names_what_is_missing(exchange: Exchange) -> None:
    checks = {one.name: one for one in AsteriskChannel().check(exchange.account)}
    assert checks["Asterisk"].ok
    assert checks["Application"].ok
    unreachable = Account("i", {"ari_url": "http://127.0.0.1:9", "audio_address": "x"}, {})
    checks = {one.name: one for one in AsteriskChannel().check(unreachable)}
    assert (checks["Asterisk"].ok, checks["Sound"].ok) == (False, False)
    assert "ONETHREAD_AUDIOSOCKET" in checks["Sound"].message


def test_nobody_outside_can_speak_for_asterisk_and_recordings_come_from_it_alone(
    exchange: Exchange,
) -> None:
    webhook = Webhook(b"", {"x-twilio-signature": ""}, {}, "http://h/webhooks/i")
    assert not AsteriskChannel().is_authentic(exchange.account, webhook)
    elsewhere = File(
        "voice", "a.wav", "audio/wav", reference="http://elsewhere/ari/recordings/stored/a/file"
    )
    with pytest.raises(OSError, match="own address"):
        AsteriskChannel().fetch(exchange.account, elsewhere)
