"""The demo's other side: a fake Meta and a mail server that keeps what leaves."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from connectors.simulator.meta import FakeMeta
from connectors.simulator.smtp_sink import SmtpSink
from core.db import reading, transaction
from core.settings import settings
from desk.inboxes import Inbox

SIMULATED = "simulated"
"""Marks an inbox of the demo in its config: its account is the simulator's."""


@contextmanager
def simulator() -> Iterator[None]:
    """Run the simulator beside the service and connect the demo's inboxes to it."""
    whatsapp = simulated_inbox("whatsapp")
    local = f"http://{settings().host}:{settings().port}"
    meta = FakeMeta(
        phone_number_id=whatsapp.config["phone_number_id"],
        access_token=whatsapp.secrets["access_token"],
        app_secret=whatsapp.secrets["app_secret"],
        callback_url=f"{local}/webhooks/{whatsapp.id}",
    )
    with meta, SmtpSink(settings().data / "sent-mail") as sink:
        _connect("whatsapp", api_base=meta.base_url)
        _connect("email", smtp_host=sink.host, smtp_port=str(sink.port))
        yield


def simulated_inbox(kind: str) -> Inbox:
    with reading() as session:
        return next(
            inbox
            for inbox in session.scalars(select(Inbox).where(Inbox.kind == kind))
            if inbox.config.get(SIMULATED)
        )


def _connect(kind: str, **config: str) -> None:
    with transaction() as session:
        inbox = session.get_one(Inbox, simulated_inbox(kind).id)
        inbox.config = {**inbox.config, **config}
