"""A fake Slack, an account at it, and a customer."""

from collections.abc import Iterator

import pytest

from connectors.base import Account, Request
from connectors.channels.slack.channel import SlackChannel
from connectors.simulator.server import Post
from connectors.simulator.slack import FakeSlack
from connectors.simulator.slack_customer import SlackCustomer
from desk.envelope import Envelope

CHANNEL = SlackChannel()
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ANNA = SlackCustomer("U0ANNA", SECRET)


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as running:
        yield running


@pytest.fixture
def account(slack: FakeSlack) -> Account:
    return account_of(slack.api_base, slack.token)


def account_of(base: str = "", token: str = "xoxb-demo") -> Account:
    return Account("inbox", {"api_base": base}, {"bot_token": token, "signing_secret": SECRET})


def request_of(post: Post) -> Request:
    return Request(post.body, post.headers, {})


def all_received(post: Post) -> list[Envelope]:
    request = request_of(post)
    assert CHANNEL.is_authentic(account_of(), request)
    batch = CHANNEL.split(request)
    assert not batch.dead_letters
    return [one for event in batch.events for one in CHANNEL.read(account_of(), event)]


def received(post: Post) -> Envelope:
    """What one authentic request means."""
    (only,) = all_received(post)
    return only
