"""The whole product as processes: the service, a fake Meta, a mail sink."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from connectors.simulator.meta import FakeMeta
from connectors.simulator.smtp_sink import SmtpSink
from connectors.simulator.whatsapp_customer import SignedPost, WhatsAppCustomer
from tests.lab.service import Service, running_service

SOON = 60
"""Seconds from a start to the last answer: less than any lease, even on a busy machine."""


@dataclass
class World:
    service: Service
    meta: FakeMeta
    sink: SmtpSink

    def customer(self, number: int) -> WhatsAppCustomer:
        return WhatsAppCustomer(
            f"+49151{10_000_000 + number}", "100200300", "app-secret", name=f"Customer {number}"
        )

    def post(self, signed: SignedPost) -> int:
        return httpx.post(
            f"{self.service.url}/webhooks/{self.service.inboxes['whatsapp']}",
            content=signed.body,
            headers=signed.headers,
            timeout=40,
            trust_env=False,
        ).status_code

    def answers_to(self, number: int) -> list[str]:
        """What has reached this customer's phone."""
        customer = self.customer(number)
        known_by = (customer.phone.removeprefix("+"), customer.business_scoped_id)
        return [
            sent.payload.get("text", {}).get("body", "")
            for sent in self.meta.sent
            if sent.to.removeprefix("+") in known_by
        ]


@pytest.fixture
def world(tmp_path: Path, exported_model: Path) -> Iterator[World]:
    meta = FakeMeta(app_secret="app-secret", access_token="token")
    with (
        meta,
        SmtpSink(tmp_path / "sent") as sink,
        running_service(
            tmp_path / "data", exported_model, whatsapp_api=meta.base_url, smtp_port=sink.port
        ) as service,
    ):
        yield World(service, meta, sink)
