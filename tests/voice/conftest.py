"""A shop that can be called: the real app on a real port, and a carrier that calls it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.app import create_app
from connectors.simulator.twilio_caller import Caller
from connectors.simulator.twilio_calls import FakeCarrier
from core.db import reading, transaction
from core.settings import Settings
from desk import inboxes, phone_calls, teams
from desk.company import Company, keep_company
from desk.conversations import Conversation
from desk.inboxes import Inbox, Policy
from desk.messages import Message
from desk.phone_calls import PhoneCall, Utterance
from desk.teams import Teammate
from tests.api.conftest import serving
from tests.lab.asterisk import asterisk as asterisk
from tests.library import a_library, stock

TOKEN = "voice-token"
ARTICLES = {
    "norway": ("Shipping to Norway", "We ship to Norway in 4 to 6 working days for €12.90."),
    "returns": ("Returns", "You can return unused items within 30 days of delivery."),
}


@dataclass
class Shop:
    """What a test may do: call, and look at what became of it."""

    app: FastAPI
    url: str
    inbox_id: str
    carrier: FakeCarrier
    callers: list[Caller] = field(default_factory=list)

    def caller(self, **facts: object) -> Caller:
        voice_url = f"{self.url}/voice/{self.inbox_id}"
        self.callers.append(Caller(voice_url, TOKEN, **facts))  # type: ignore[arg-type]
        return self.callers[-1]

    def set(self, **config: str) -> None:
        with transaction() as session:
            inbox = session.get_one(Inbox, self.inbox_id)
            inbox.config = {**inbox.config, **config}

    def has_teammate(self, name: str = "Lea", phone: str = "+4930555001") -> Teammate:
        with transaction() as session:
            email = f"{name}@shop.example"
            teammate = teams.add_teammate(session, email, name, "a long password")
            teammate.phone = phone
            teams.join(session, teams.fallback_queue(session), teammate)
            return teammate

    @property
    def call(self) -> PhoneCall:
        with reading() as session:
            return session.scalars(select(PhoneCall)).one()

    @property
    def message(self) -> Message:
        with reading() as session:
            return session.scalars(select(Message).where(Message.kind == "call")).one()

    @property
    def conversation(self) -> Conversation:
        with reading() as session:
            return session.scalars(select(Conversation)).one()

    @property
    def said(self) -> list[Utterance]:
        with reading() as session:
            return list(phone_calls.said_in(session, self.call.id))


@pytest.fixture
def shop(small_installation: Settings, exported_model: Path) -> Iterator[Shop]:
    with a_library(exported_model) as library, FakeCarrier(auth_token=TOKEN) as carrier:
        stock(library, ARTICLES)
        app = create_app()
        app.state.library = lambda: library
        with serving(app) as url:
            with transaction() as session:
                keep_company(session, Company("Mahlbach"))
                teams.fallback_queue(session)
                inbox = inboxes.open_inbox(
                    session,
                    "voice",
                    "Phone",
                    policy=Policy.THRESHOLD,
                    threshold=0.2,
                    config={
                        "number": "+493023125410",
                        "account_sid": carrier.account_sid,
                        "languages": "en-US,de-DE",
                        "public_url": url,
                        "api_base": carrier.base_url,
                    },
                    secrets={"auth_token": TOKEN},
                )
            opened = Shop(app, url, inbox.id, carrier)
            yield opened
            for caller in opened.callers:
                caller.__exit__(None, None, None)
