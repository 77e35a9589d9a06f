"""What the crowd does on each channel is what our connector of it understands, and no more."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.base import Account, Request
from connectors.registry import channel
from connectors.simulator.backend import FakeBackend
from connectors.simulator.books import What
from connectors.simulator.crowd import Crowd
from connectors.simulator.direct import FakeDirect
from connectors.simulator.line import Delivery, Line
from connectors.simulator.lines.api import ApiLine
from connectors.simulator.lines.direct import DirectLine
from connectors.simulator.lines.email import MailLine
from connectors.simulator.lines.slack import SlackLine
from connectors.simulator.lines.sms import SmsLine
from connectors.simulator.lines.telegram import TelegramLine
from connectors.simulator.lines.whatsapp import WhatsAppLine
from connectors.simulator.meta import FakeMeta
from connectors.simulator.slack import FakeSlack
from connectors.simulator.smtp_sink import SmtpSink
from connectors.simulator.telegram import FakeTelegram
from connectors.simulator.twilio import FakeTwilio
from desk.envelope import Envelope, Kind, RawEvent

HOOK = "http://127.0.0.1/webhooks/inbox"
SECRETS = {
    "access_token": "demo-token",
    "app_secret": "demo-app-secret",
    "verify_token": "v",
    "inbound_secret": "inbound",
    "auth_token": "demo-auth-token",
    "bot_token": "7000000001:demo-token",
    "webhook_secret": "secret",
    "signing_secret": FakeBackend().secret,
}
CONFIG = {"public_url": "http://127.0.0.1", "trusted_authserv": "mx.shop.example"}
ACCOUNT = Account("inbox", CONFIG, SECRETS)
LINES: dict[str, Callable[[Path], Line]] = {
    "whatsapp": lambda folder: WhatsAppLine(FakeMeta()),
    "instagram": lambda folder: DirectLine(FakeDirect("instagram")),
    "messenger": lambda folder: DirectLine(FakeDirect("messenger")),
    "telegram": lambda folder: TelegramLine(FakeTelegram(), "secret"),
    "slack": lambda folder: SlackLine(FakeSlack(), SECRETS["signing_secret"]),
    "sms": lambda folder: SmsLine(FakeTwilio(sms_url=HOOK)),
    "api": lambda folder: ApiLine(FakeBackend()),
    "email": lambda folder: MailLine(
        SmtpSink(folder), "support@shop.example", "mx.shop.example", "inbound"
    ),
}
KINDS = {
    What.MESSAGE: Kind.MESSAGE,
    What.EDIT: Kind.EDIT,
    What.DELETE: Kind.DELETE,
    What.REACTION: Kind.REACTION,
}


def brought(line: Line, *deliveries: Delivery) -> list[RawEvent]:
    post = line.pack(deliveries)
    request = Request(post.body, post.headers, {}, HOOK)
    assert channel(line.kind).is_authentic(ACCOUNT, request)
    batch = channel(line.kind).split(request)
    assert not batch.dead_letters
    return list(batch.events)


def understood(line: Line, event: RawEvent) -> Envelope:
    (envelope,) = channel(line.kind).read(ACCOUNT, event)
    return envelope


def names_anybody(line: Line, event: RawEvent) -> bool:
    """Nobody can be answered where this is not so: such an event is buried."""
    try:
        return bool(understood(line, event).sender)
    except ValueError:
        return False


@pytest.mark.parametrize("kind", LINES)
def test_our_connector_understands_all_that_its_customers_do(kind: str, tmp_path: Path) -> None:
    line = LINES[kind](tmp_path)
    crowd = Crowd(line, people=3, topics=[["Do you ship?", "What is it?"]], garbled=0.1)
    happened = [crowd.next() for _ in range(120)]
    for one in happened:
        (event,) = brought(line, one)
        said = one.brought
        if said.what == What.GARBLED:
            assert event.id == said.id
            assert not names_anybody(line, event)
            continue
        found = understood(line, event)
        assert found.kind == KINDS[said.what]
        assert (found.id if said.what == What.MESSAGE else found.subject_id) == (
            said.about or said.id
        )
        assert found.text.strip() == said.text
        assert found.at.timestamp() == pytest.approx(said.at, abs=1) or not line.names_time
    assert set(Counter(one.brought.what for one in happened)) == {What.MESSAGE, *line.can}


@pytest.mark.parametrize("kind", ["whatsapp", "instagram", "messenger", "api"])
def test_what_a_provider_batches_comes_out_one_by_one(kind: str, tmp_path: Path) -> None:
    line = LINES[kind](tmp_path)
    crowd = Crowd(line, people=3, topics=[["Do you ship?"]])
    happened = [crowd.next() for _ in range(30)]
    assert len({event.id for event in brought(line, *happened)}) == 30


@pytest.mark.parametrize("kind", LINES)
def test_what_comes_again_is_known_to_be_the_same(kind: str, tmp_path: Path) -> None:
    line = LINES[kind](tmp_path)
    crowd = Crowd(line, people=3, topics=[["Do you ship?"]])
    for one in [crowd.next() for _ in range(30)]:
        assert [e.id for e in brought(line, one)] == [e.id for e in brought(line, one)]
