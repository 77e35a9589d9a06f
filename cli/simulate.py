"""The demo's other side: a fake of each provider, and a mail server that keeps what leaves."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from connectors.simulator.backend import FakeBackend
from connectors.simulator.direct import FakeDirect
from connectors.simulator.meta import FakeMeta
from connectors.simulator.meta_templates import TEMPLATES
from connectors.simulator.slack import FakeSlack
from connectors.simulator.smtp_sink import SmtpSink
from connectors.simulator.telegram import FakeTelegram
from connectors.simulator.twilio import FakeTwilio
from connectors.simulator.twilio_calls import FakeCarrier
from connectors.simulator.weather import CALM, Weather
from core import outside
from core.db import reading, transaction
from core.errors import OneThreadError
from core.settings import settings
from desk.inboxes import Inbox

SIMULATED = "simulated"
"""Marks an inbox of the demo in its config: its account is the simulator's."""

Connection = Mapping[str, str]
"""What an inbox's config says of where its provider is."""


@contextmanager
def simulator() -> Iterator[None]:
    """Run the simulator beside the service and connect the demo's inboxes to it. A demo company
    that an earlier release made may lack some of them."""
    with ExitStack() as running:
        for kind, provider in PROVIDERS.items():
            inbox = _found(kind)
            if inbox:
                played = running.enter_context(provider(inbox, here(), CALM))
                _connect(inbox.id, played.connection)
        yield


def simulated_inbox(kind: str) -> Inbox:
    """Raises OneThreadError where there is none."""
    inbox = _found(kind)
    if inbox is None:
        raise OneThreadError(f"There is no demo inbox for {kind} here. Start the demo: make run")
    return inbox


def _found(kind: str) -> Inbox | None:
    with reading() as session:
        inboxes = session.scalars(select(Inbox).where(Inbox.kind == kind))
        return next((inbox for inbox in inboxes if inbox.config.get(SIMULATED)), None)


def _connect(inbox_id: str, connection: Connection) -> None:
    with transaction() as session:
        inbox = session.get_one(Inbox, inbox_id)
        inbox.config = {**inbox.config, **connection}


@dataclass(frozen=True)
class Running:
    """Who plays a provider, and what connects an inbox to it."""

    fake: Any
    connection: Connection


@contextmanager
def _whatsapp(inbox: Inbox, service: str, weather: Weather) -> Iterator[Running]:
    with FakeMeta(
        phone_number_id=inbox.config["phone_number_id"],
        access_token=inbox.secrets["access_token"],
        app_secret=inbox.secrets["app_secret"],
        callback_url=f"{service}/webhooks/{inbox.id}",
        templates=list(TEMPLATES),
        weather=weather,
    ) as meta:
        account = {"business_account_id": meta.business_account_id}
        yield Running(meta, {"api_base": meta.base_url} | account)


@contextmanager
def _direct(inbox: Inbox, service: str, weather: Weather) -> Iterator[Running]:
    """Instagram and Messenger."""
    with FakeDirect(
        inbox.kind,
        account_id=inbox.config["account_id"],
        app_id=inbox.config["app_id"],
        access_token=inbox.secrets["access_token"],
        app_secret=inbox.secrets["app_secret"],
        callback_url=f"{service}/webhooks/{inbox.id}",
        knows_everybody=True,
        weather=weather,
    ) as direct:
        yield Running(direct, {"api_base": direct.base_url})


@contextmanager
def _email(inbox: Inbox, service: str, weather: Weather) -> Iterator[Running]:
    with SmtpSink(settings().data / "sent-mail", weather=weather) as sink:
        yield Running(sink, {"smtp_host": sink.host, "smtp_port": str(sink.port)})


@contextmanager
def _sms(inbox: Inbox, service: str, weather: Weather) -> Iterator[Running]:
    with FakeTwilio(
        account_sid=inbox.config["account_sid"],
        auth_token=inbox.secrets["auth_token"],
        number=inbox.config["number"],
        sms_url=f"{settings().url}/webhooks/{inbox.id}",
        reach=service,
        weather=weather,
    ) as twilio:
        yield Running(twilio, {"api_base": twilio.base_url})


@contextmanager
def _voice(inbox: Inbox, service: str, weather: Weather) -> Iterator[Running]:
    with FakeCarrier(inbox.config["account_sid"], inbox.secrets["auth_token"]) as carrier:
        yield Running(carrier, {"api_base": carrier.base_url})


@contextmanager
def _telegram(inbox: Inbox, service: str, weather: Weather) -> Iterator[Running]:
    posts_to = {"url": f"{service}/webhooks/{inbox.id}"}
    token = inbox.secrets["bot_token"]
    with FakeTelegram(token=token, webhook=posts_to, weather=weather) as telegram:
        yield Running(telegram, {"api_base": telegram.base_url})


@contextmanager
def _slack(inbox: Inbox, service: str, weather: Weather) -> Iterator[Running]:
    with FakeSlack(token=inbox.secrets["bot_token"], weather=weather) as slack:
        yield Running(slack, {"api_base": slack.api_base})


@contextmanager
def _web(inbox: Inbox, service: str, weather: Weather) -> Iterator[Running]:
    """The service plays this one itself: visitors write to its own chat."""
    yield Running(f"{service}/chat/{inbox.id}", {})


@contextmanager
def _api(inbox: Inbox, service: str, weather: Weather) -> Iterator[Running]:
    hook = f"{service}/webhooks/{inbox.id}"
    secret = inbox.secrets["signing_secret"]
    with (
        FakeBackend(secret=secret, callback_url=hook, weather=weather) as backend,
        outside.own_server(backend.base_url),
    ):
        yield Running(backend, {"callback_url": backend.address})


def here() -> str:
    """Where the service itself listens, whatever its public address."""
    return f"http://{settings().host}:{settings().port}"


PROVIDERS: Mapping[str, Callable[[Inbox, str, Weather], AbstractContextManager[Running]]] = {
    "whatsapp": _whatsapp,
    "instagram": _direct,
    "messenger": _direct,
    "email": _email,
    "sms": _sms,
    "voice": _voice,
    "telegram": _telegram,
    "slack": _slack,
    "web": _web,
    "api": _api,
}
"""Who plays the provider of a kind, for an inbox of the service at this address."""
