"""A customer's message is told to others once, through kill -9 and a receiver that was down."""

import time
from collections import Counter

import pytest

from core.db import transaction
from core.installation import installation
from delivery import endpoints
from tests.end_to_end.conftest import World
from tests.lab.receiver import Receiver
from tests.lab.service import wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _open_to_ourselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the service starts: the receiver is on this machine."""
    monkeypatch.setenv("ONETHREAD_ALLOW_PRIVATE_TARGETS", "true")


def test_nothing_is_lost_over_a_kill_and_a_receiver_that_was_down(world: World) -> None:
    with Receiver() as receiver:
        port = receiver.port
    with installation(world.service.settings), transaction() as session:
        endpoint = endpoints.add(session, receiver.url, ["message.received"], "", 0, by="admin")
    for number in range(5):
        assert world.post(world.customer(number).text(f"hello {number}")) == 200
    time.sleep(1)
    world.service.kill()
    with Receiver(port=port) as back:
        world.service.start()
        assert world.post(world.customer(9).text("hello 9")) == 200
        wait_for(lambda: len(_told(back, endpoint.secret)) == 6, "every message to be told")
        time.sleep(1)
        told = _told(back, endpoint.secret)

    assert set(told) == {f"hello {number}" for number in (0, 1, 2, 3, 4, 9)}
    assert set(told.values()) == {1}


def _told(receiver: Receiver, secret: str) -> Counter[str]:
    """Texts by how many different webhook-ids told them."""
    ids = {one.headers["webhook-id"]: one.checked(secret) for one in list(receiver.taken)}
    return Counter(body["data"]["message"]["text"] for body in ids.values())
