"""Delivery states and the order of messages don't depend on the order in which news comes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.clock import now
from core.db import reading, transaction
from core.settings import Settings
from desk import conversations, messages
from desk.customers import Customer
from desk.envelope import DeliveryState
from desk.messages import OLDEST, Author, Direction, Message, clamped

REPORTED = (
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.READ,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
)
MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _after(start: DeliveryState, news: Sequence[DeliveryState]) -> str | None:
    """The state that a message ends in."""
    with Session() as session:
        message = Message(conversation_id="c", state=start)
        for state in news:
            messages.advance(session, message, state)
        session.expunge_all()
        return message.state


@given(
    start=st.sampled_from([DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN]),
    news=st.lists(st.sampled_from(REPORTED), min_size=1, max_size=5),
)
def test_any_order_of_status_events_ends_in_the_same_state(
    start: DeliveryState, news: list[DeliveryState]
) -> None:
    assert len({_after(start, order) for order in permutations(news)}) == 1


@given(news=st.lists(st.sampled_from(REPORTED), min_size=1, max_size=5))
def test_news_that_comes_twice_changes_nothing(news: list[DeliveryState]) -> None:
    assert _after(DeliveryState.PENDING, news + news) == _after(DeliveryState.PENDING, news)


@given(news=st.lists(st.sampled_from(REPORTED), max_size=6))
def test_what_was_read_stays_read(news: list[DeliveryState]) -> None:
    assert _after(DeliveryState.READ, news) == DeliveryState.READ


def test_delivery_outweighs_failure_and_failure_outweighs_sent() -> None:
    sent, failed, delivered = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DELIVERED
    assert _after(DeliveryState.PENDING, [sent, failed]) == failed
    assert _after(DeliveryState.PENDING, [failed, delivered]) == delivered
    assert _after(DeliveryState.PENDING, [DeliveryState.UNKNOWN, sent]) == sent


@given(seconds=st.floats(-1e9, 1e9))
def test_a_clamped_time_is_never_in_the_future_nor_ages_ago(seconds: float) -> None:
    found = clamped(MOMENT + timedelta(seconds=seconds), MOMENT)
    assert MOMENT - OLDEST <= found <= MOMENT


@given(st.lists(st.integers(0, 86_400), min_size=2, max_size=8, unique=True))
def test_clamping_keeps_the_providers_order(ages: list[int]) -> None:
    given_times = sorted(MOMENT - timedelta(seconds=age) for age in ages)
    kept = [clamped(at, MOMENT) for at in given_times]
    assert kept == sorted(kept)
    assert len(set(kept)) == len(kept)


def test_messages_read_in_the_providers_order_then_by_arrival(installation: Settings) -> None:
    start = now() - timedelta(minutes=5)
    minutes = [2, 0, 1, 1, 2, 0]
    with transaction() as session:
        conversation_id = _conversation(session)
        for place, minute in enumerate(minutes):
            session.add(
                Message(
                    conversation_id=conversation_id,
                    direction=Direction.IN,
                    author=Author.CUSTOMER,
                    at=start + timedelta(minutes=minute),
                    text=f"{minute} {place}",
                    id=f"id-{place}",
                )
            )
    with reading() as session:
        read = [message.text for message in messages.of_conversation(session, conversation_id)]

    assert read == sorted(read)
    assert len(read) == len(minutes)


def _conversation(session: Session) -> str:
    customer = Customer(name="Ada")
    session.add(customer)
    session.flush()
    return conversations.open_for(session, customer.id).id
