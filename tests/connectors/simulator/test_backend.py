"""The other side of an API inbox: takes our posts, and counts none twice."""

from collections.abc import Iterator

import pytest

from connectors.base import Account, Request
from connectors.registry import channel
from connectors.simulator.backend import FakeBackend
from connectors.simulator.faults import Fault
from core.installation import installation
from core.settings import Settings
from desk.envelope import Address, DeliveryState, Outgoing

REPLY = Outgoing("our-1", Address("external", "anna"), "Hello")


@pytest.fixture
def backend(small_installation: Settings) -> Iterator[FakeBackend]:
    allowed = small_installation.model_copy(update={"allow_private_targets": True})
    with installation(allowed), FakeBackend() as running:
        yield running


def account(backend: FakeBackend, secret: str = "") -> Account:
    config = {"callback_url": backend.address}
    return Account("inbox", config, {"signing_secret": secret or backend.secret})


def test_what_comes_again_after_a_lost_answer_counts_once(backend: FakeBackend) -> None:
    backend.faults.append(Fault(drop=True, taken=True))
    lost = channel("api").send(account(backend), REPLY)
    assert lost.retry_after, "the receiver knows what it has, so it is tried again"
    again = channel("api").send(account(backend), REPLY)
    assert (again.state, again.provider_id) == (DeliveryState.SENT, "our-1")
    assert [one["text"] for one in backend.sent] == ["Hello"]


def test_a_wrong_signature_is_not_taken(backend: FakeBackend) -> None:
    channel("api").send(account(backend, "whsec_d3Jvbmc="), REPLY)
    assert backend.sent == []


def test_what_it_tells_of_a_reply_is_understood(backend: FakeBackend) -> None:
    channel("api").send(account(backend), REPLY)
    post = backend.pack([(backend.sent[0], "delivered"), (backend.sent[0], "read")])
    request = Request(post.body, post.headers, {})
    assert channel("api").is_authentic(account(backend), request)
    told = [
        envelope
        for event in channel("api").split(request).events
        for envelope in channel("api").read(account(backend), event)
    ]
    assert [one.state for one in told] == [DeliveryState.DELIVERED, DeliveryState.READ]
    assert {one.correlation for one in told} == {"our-1"}
