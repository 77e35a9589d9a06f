"""Outbound webhooks: each event once per endpoint, in order, posted until it arrives."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import events, holder
from core.clock import now
from core.db import reading, transaction
from core.errors import Conflict, Invalid
from core.events import LogEntry
from core.installation import installation as at
from core.settings import Settings
from delivery import endpoints, hooks
from delivery.endpoints import WebhookEndpoint
from delivery.hooks import HookDelivery
from tests.delivery.conftest import Desk
from tests.lab.receiver import Receiver

ADA = "+4915112345678"


@pytest.fixture
def receiver(installation: Settings) -> Iterator[Receiver]:
    allowed = installation.model_copy(update={"allow_private_targets": True})
    with at(allowed), Receiver() as running:
        yield running


def _endpoint(receiver: Receiver, *kinds: str) -> WebhookEndpoint:
    position = events.last_number()
    with transaction() as session:
        return endpoints.add(session, receiver.url, kinds, "CRM", position, by="admin")


def _post_all() -> None:
    hooks.collect()
    while waiting := hooks.due():
        before = _tries()
        for delivery_id in waiting:
            hooks.post(delivery_id)
        if _tries() == before:
            return


def _tries() -> list[tuple[str, int]]:
    with reading() as session:
        rows = select(HookDelivery.id, HookDelivery.attempts).order_by(HookDelivery.id)
        return [(row.id, row.attempts) for row in session.execute(rows)]


def _deliveries(endpoint: WebhookEndpoint) -> list[HookDelivery]:
    with reading() as session:
        return list(reversed(hooks.recent(session, endpoint.id)))


def _again(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    with reading() as session:
        return endpoints.find(session, endpoint.id)


def _happens(count: int, name: str = "conversation.opened") -> None:
    for _ in range(count):
        with transaction() as session:
            events.append(session, name)


def _time_passes(**past: float) -> None:
    with transaction() as session:
        session.execute(
            update(HookDelivery)
            .where(HookDelivery.due_at.is_not(None))
            .values(due_at=now() - timedelta(seconds=1))
        )
        if past:
            session.execute(update(WebhookEndpoint).values(failing_since=now() - timedelta(**past)))


def test_a_customers_message_is_told_with_what_others_need(receiver: Receiver, desk: Desk) -> None:
    endpoint = _endpoint(receiver, "message.received")
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    _post_all()

    (taken,) = receiver.taken
    body = taken.checked(endpoint.secret)
    assert (body["type"], body["data"]["message"]["text"]) == (
        "message.received",
        "Where is my order?",
    )
    assert {"kind": "phone", "value": ADA, "strength": "asserted"} in body["data"]["customer"][
        "identities"
    ]
    (delivery,) = _deliveries(endpoint)
    assert taken.headers["webhook-id"] == delivery.id
    assert delivery.delivered_at


def test_each_event_is_told_once_and_in_order(receiver: Receiver) -> None:
    first, second = _endpoint(receiver), _endpoint(receiver, "conversation.resolved")
    _happens(30)
    hooks.collect()
    hooks.collect()
    waiting = list(reversed(hooks.due()))
    while waiting:
        for delivery_id in waiting:
            hooks.post(delivery_id)
        waiting = list(reversed(hooks.due()))

    numbers = [taken.checked(first.secret)["number"] for taken in receiver.taken]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 30
    assert _deliveries(second) == []


def test_what_happened_before_is_not_told(receiver: Receiver) -> None:
    _happens(2)
    endpoint = _endpoint(receiver)
    _happens(1)
    _post_all()
    assert len(_deliveries(endpoint)) == len(receiver.taken) == 1


def test_a_failed_post_is_tried_again_with_the_same_id_and_body(receiver: Receiver) -> None:
    receiver.answers.extend([(500, ""), None])
    endpoint = _endpoint(receiver)
    _happens(1)
    _post_all()
    (delivery,) = _deliveries(endpoint)
    assert delivery.due_at is not None
    assert _again(endpoint).failing_since
    for _ in range(2):
        _time_passes()
        _post_all()

    assert len({taken.headers["webhook-id"] for taken in receiver.taken}) == 1
    assert len({taken.body for taken in receiver.taken}) == 1
    with reading() as session:
        tries = hooks.attempts_of(session, [delivery.id])[delivery.id]
    assert [one.status for one in tries] == [500, None, 200]
    assert _again(endpoint).failing_since is None


def test_the_waits_are_those_of_standard_webhooks_and_end(receiver: Receiver) -> None:
    endpoint = _endpoint(receiver)
    _happens(1)
    waits = []
    for _ in range(len(hooks.WAITS) + 1):
        receiver.answers.append((503, ""))
        _post_all()
        (delivery,) = _deliveries(endpoint)
        if delivery.due_at:
            waits.append(round((delivery.due_at - now()).total_seconds()))
        _time_passes()
    assert all(abs(wait - wanted) < 3 for wait, wanted in zip(waits, hooks.WAITS, strict=True))
    assert (delivery.due_at, delivery.delivered_at) == (None, None)


def test_one_that_fails_holds_nobody_up(receiver: Receiver) -> None:
    receiver.answers.append((500, ""))
    _endpoint(receiver)
    _happens(3)
    _post_all()
    _post_all()
    assert len({taken.headers["webhook-id"] for taken in receiver.taken}) == 3


def test_five_days_of_failure_switch_it_off_and_tell_the_admins(receiver: Receiver) -> None:
    endpoint = _endpoint(receiver)
    receiver.answers.extend([(500, ""), (500, "")])
    _happens(1)
    _post_all()
    assert _again(endpoint).enabled
    _time_passes(days=5, minutes=1)
    _post_all()

    off = _again(endpoint)
    assert not off.enabled
    assert "5 days" in off.problem
    with reading() as session:
        assert session.scalar(select(LogEntry).where(LogEntry.name == "webhook.disabled"))
    with pytest.raises(Conflict), transaction() as session:
        hooks.replay(session, _deliveries(endpoint)[0].id)
    with transaction() as session:
        endpoints.change(session, endpoints.find(session, endpoint.id), {"enabled": True}, by="a")
    _time_passes()
    _post_all()
    assert _deliveries(endpoint)[0].delivered_at


def test_410_switches_it_off_at_once(receiver: Receiver) -> None:
    receiver.answers.append((410, ""))
    endpoint = _endpoint(receiver)
    _happens(1)
    _post_all()
    assert not _again(endpoint).enabled


def test_a_delivery_is_replayed_by_hand_and_a_test_is_tried_once(receiver: Receiver) -> None:
    endpoint = _endpoint(receiver)
    _happens(1)
    _post_all()
    with transaction() as session:
        hooks.replay(session, _deliveries(endpoint)[0].id)
    _post_all()
    assert len(receiver.taken) == 2
    assert receiver.taken[0].body == receiver.taken[1].body

    receiver.answers.append((500, ""))
    with transaction() as session:
        hooks.try_out(session, endpoints.find(session, endpoint.id))
    _post_all()
    assert receiver.taken[-1].checked(endpoint.secret)["type"] == "webhook.test"
    assert _deliveries(endpoint)[-1].due_at is None


def test_while_the_secret_changes_over_both_sign(receiver: Receiver) -> None:
    endpoint = _endpoint(receiver)
    with transaction() as session:
        fresh = endpoints.rotate(session, endpoints.find(session, endpoint.id), by="admin")
    _happens(1)
    _post_all()
    assert receiver.taken[0].checked(endpoint.secret) == receiver.taken[0].checked(fresh)


def test_what_a_dead_process_was_posting_is_due_again(receiver: Receiver) -> None:
    endpoint = _endpoint(receiver)
    _happens(1)
    hooks.collect()
    (delivery,) = _deliveries(endpoint)
    with transaction() as session:
        assert hooks._claim(session, delivery.id)
        assert hooks._claim(session, delivery.id) is None
    assert hooks.due() == []
    with transaction() as session:
        hooks.end_claims(session, [holder.this_process()])
    assert hooks.due() == [delivery.id]


def test_a_removed_endpoint_takes_its_deliveries_along(receiver: Receiver) -> None:
    endpoint = _endpoint(receiver)
    _happens(2)
    hooks.collect()
    with transaction() as session:
        endpoints.remove(session, endpoints.find(session, endpoint.id), by="admin")
    assert hooks.due() == []
    assert _deliveries(endpoint) == []


def test_what_is_over_is_forgotten_after_a_while_and_what_waits_is_not(receiver: Receiver) -> None:
    endpoint = _endpoint(receiver)
    with transaction() as session:
        events.append(session, "conversation.opened", customer="one")
    _post_all()
    receiver.answers.append((500, ""))
    with transaction() as session:
        events.append(session, "conversation.opened", customer="two")
    _post_all()
    with transaction() as session:
        assert hooks.forget(session) == 0
        session.execute(update(HookDelivery).values(created_at=now() - 2 * hooks.KEPT))
    with transaction() as session:
        assert hooks.forget(session) == 1
    (left,) = _deliveries(endpoint)
    assert left.due_at is not None
    with reading() as session:
        assert len(hooks.attempts_of(session, [left.id])[left.id]) == 1


def test_our_own_network_is_no_place_for_webhooks(installation: Settings) -> None:
    with pytest.raises(Invalid, match="private network"), transaction() as session:
        endpoints.add(session, "https://169.254.169.254/x", [], "", 0, by="admin")
