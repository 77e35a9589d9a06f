"""On a bad day every channel still tells the truth about each send: taken, refused, or unknown."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from connectors.base import Account
from connectors.registry import channel
from connectors.simulator.direct import FakeDirect
from connectors.simulator.slack import FakeSlack
from connectors.simulator.telegram import FakeTelegram
from connectors.simulator.twilio import FakeTwilio
from connectors.simulator.weather import Weather
from desk.envelope import Address, DeliveryState, Outgoing

ROUGH = Weather(failing=0.6, seed=3)
SENDS = 60


def _direct(kind: str) -> Callable[[], FakeDirect]:
    return lambda: FakeDirect(kind, knows_everybody=True, weather=ROUGH)


def _direct_account(fake: Any) -> Account:
    secrets = {"access_token": fake.access_token, "app_secret": fake.app_secret}
    config = {"account_id": fake.account_id, "api_base": fake.base_url}
    return Account("inbox", config, secrets | {"verify_token": "v"})


def _sms_account(fake: Any) -> Account:
    config = {"account_sid": fake.account_sid, "number": fake.number, "api_base": fake.base_url}
    return Account(
        "inbox", config | {"public_url": "https://shop.example"}, {"auth_token": fake.auth_token}
    )


def _direct_text(sent: Any) -> str:
    return str(sent.payload["message"]["text"])


CASES: dict[str, tuple[Callable[[], Any], Callable[[Any], Account], str, Callable[[Any], str]]] = {
    "instagram": (_direct("instagram"), _direct_account, "17840000000000001", _direct_text),
    "messenger": (_direct("messenger"), _direct_account, "7777000000000001", _direct_text),
    "sms": (
        lambda: FakeTwilio(weather=ROUGH, statuses=()),
        _sms_account,
        "+4915112345678",
        lambda sent: str(sent.value("Body")),
    ),
    "telegram": (
        lambda: FakeTelegram(weather=ROUGH),
        lambda fake: Account(
            "inbox", {"api_base": fake.base_url}, {"bot_token": fake.token, "webhook_secret": "s"}
        ),
        "4242",
        lambda sent: str(sent.fields["text"]),
    ),
    "slack": (
        lambda: FakeSlack(weather=ROUGH),
        lambda fake: Account(
            "inbox", {"api_base": fake.api_base}, {"bot_token": fake.token, "signing_secret": "s"}
        ),
        "T0DEMOSHOP:U0ANNA",
        lambda sent: str(sent.body["text"]),
    ),
}
ADDRESS_KINDS = {"sms": "phone"}


@pytest.mark.parametrize("kind", CASES)
def test_what_is_said_of_each_send_is_true(kind: str) -> None:
    make, account_of, to, text_of = CASES[kind]
    address = Address(ADDRESS_KINDS.get(kind, kind), to)
    running: AbstractContextManager[Any] = make()
    receipts = {}
    with running as fake:
        account = account_of(fake)
        for number in range(SENDS):
            text = f"message {number}"
            receipts[text] = channel(kind).send(account, Outgoing(f"our-{number}", address, text))
        taken = Counter(text_of(sent) for sent in fake.sent)

    states = Counter(receipt.state for receipt in receipts.values())
    assert set(states) == {DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN}
    for text, receipt in receipts.items():
        if receipt.state == DeliveryState.SENT:
            assert taken[text] == 1, (text, receipt)
        if receipt.state == DeliveryState.FAILED:
            assert taken[text] == 0, (text, receipt)
        assert taken[text] <= 1, (text, receipt)
    doubtful = [text for text in receipts if receipts[text].state == DeliveryState.UNKNOWN]
    assert 0 < sum(taken[text] for text in doubtful) < len(doubtful)
