"""A fake Telegram, an account at it, and the vendor's own description."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.base import Account, Request
from connectors.channels.telegram.channel import TelegramChannel
from connectors.simulator.server import Post
from connectors.simulator.telegram import FakeTelegram
from connectors.simulator.telegram_customer import TelegramCustomer
from desk.envelope import Batch, Envelope
from tests.connectors.telegram.bot_api_types import BotApi

CHANNEL = TelegramChannel()
SECRET = "blue-door"
ANNA = TelegramCustomer(501, SECRET, name="Anna")


@pytest.fixture(scope="session")
def bot_api(shared: Path) -> BotApi:
    return BotApi(shared / "specs")


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        yield running


@pytest.fixture
def account(telegram: FakeTelegram) -> Account:
    return account_of(telegram.base_url, telegram.token)


def account_of(base: str = "", token: str = "7000000001:demo-token") -> Account:
    return Account("inbox", {"api_base": base}, {"bot_token": token, "webhook_secret": SECRET})


def split(post: Post) -> Batch:
    return CHANNEL.split(Request(post.body, post.headers, {}))


def received(post: Post) -> Envelope:
    """What one authentic update means."""
    request = Request(post.body, post.headers, {})
    assert CHANNEL.is_authentic(account_of(), request)
    batch = CHANNEL.split(request)
    assert not batch.dead_letters
    ((only,),) = [CHANNEL.read(account_of(), one) for one in batch.events]
    return only
