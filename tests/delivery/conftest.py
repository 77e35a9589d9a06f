"""A desk with three inboxes and customers who write to it through the real connectors."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from connectors.base import Request
from connectors.simulator.mail_customer import MailCustomer, signed_headers
from connectors.simulator.meta import FakeMeta
from connectors.simulator.smtp_sink import SmtpSink
from connectors.simulator.whatsapp_customer import SignedPost, WhatsAppCustomer
from core.db import reading, transaction
from core.ids import new_id
from core.settings import Settings
from delivery import holds, inbound, outbox, receive
from delivery.accounts import account_of, channel_of
from desk import conversations, inboxes, messages
from desk.conversations import Conversation
from desk.inboxes import Inbox
from desk.messages import Author, Message

TRUSTED = "mx.shop.example"


@dataclass
class Desk:
    """What a test may do: customers write, we receive, answer and look."""

    folder: Path
    meta: FakeMeta
    sink: SmtpSink
    whatsapp: Inbox
    email: Inbox
    web: Inbox
    customers: dict[str, WhatsAppCustomer] = field(default_factory=dict)

    def phone(self, number: str) -> WhatsAppCustomer:
        return WhatsAppCustomer(number, "100200300", "app-secret", name="Ada Writer")

    def post(self, inbox: Inbox, body: bytes, headers: dict[str, str] | None = None) -> int:
        """What the webhook endpoint does: verify, split, store. Returns how many were new."""
        request = Request(body, {k.lower(): v for k, v in (headers or {}).items()}, {})
        channel, account = channel_of(inbox), account_of(inbox)
        assert inbox.kind == "web" or channel.is_authentic(account, request)
        with transaction() as session:
            return inbound.store(session, inbox.id, channel.split(request))

    def writes_on_whatsapp(self, number: str, text: str, at: float | None = None) -> None:
        signed = self.phone(number).text(text, at=at)
        self.post(self.whatsapp, signed.body, signed.headers)
        self.receive_all()

    def posts(self, signed: SignedPost) -> int:
        return self.post(self.whatsapp, signed.body, signed.headers)

    def writes_mail(self, sender: str, subject: str, text: str, **options: object) -> bytes:
        forged = bool(options.pop("forged", False))
        customer = MailCustomer(self.folder, sender, authserv_id=TRUSTED, forged=forged)
        raw = customer.write("support@shop.example", subject, text, **options)  # type: ignore[arg-type]
        self.delivers(raw)
        return raw

    def delivers(self, raw: bytes) -> None:
        self.post(self.email, raw, signed_headers(raw, "inbound-secret"))
        self.receive_all()

    def chats(self, visitor: str, text: str, identity: str = "") -> None:
        item = {"id": new_id(), "visitor": visitor, "text": text, "identity": identity}
        self.post(self.web, json.dumps(item).encode())
        self.receive_all()

    def receive_all(self) -> None:
        with reading() as session:
            waiting = session.scalars(
                select(inbound.Event.id)
                .where(inbound.Event.done_at.is_(None), inbound.Event.dead_at.is_(None))
                .order_by(inbound.Event.created_at)
            ).all()
        for event_id in waiting:
            receive.receive(event_id)

    def conversations(self) -> list[Conversation]:
        with reading() as session:
            return list(session.scalars(select(Conversation).order_by(Conversation.created_at)))

    def messages(self, conversation: Conversation | None = None) -> list[Message]:
        chosen = conversation or self.conversations()[0]
        with reading() as session:
            return list(messages.of_conversation(session, chosen.id))

    def texts(self, conversation: Conversation | None = None) -> list[str]:
        return [message.text for message in self.messages(conversation)]

    def answers(self, conversation: Conversation, text: str) -> Message:
        """The assistant answers where the customer wrote last, and the outbox sends it."""
        with transaction() as session:
            locked = conversations.lock(session, conversation.id)
            thread = messages.thread_to_answer(session, conversation.id)
            assert thread is not None
            message = messages.write(session, locked, thread, text, author=Author.ASSISTANT)
        outbox.send(message.id)
        while self.message(message.id).error_code == holds.PACED:
            time.sleep(0.05)
            outbox.send(message.id)
        return self.message(message.id)

    def message(self, message_id: str) -> Message:
        with reading() as session:
            return session.get_one(Message, message_id)


@pytest.fixture
def desk(installation: Settings, tmp_path: Path) -> Iterator[Desk]:
    meta = FakeMeta(app_secret="app-secret", access_token="token")
    with meta, SmtpSink(tmp_path / "sent") as sink:
        yield _open(tmp_path, meta, sink)


def _open(folder: Path, meta: FakeMeta, sink: SmtpSink) -> Desk:
    with transaction() as session:
        whatsapp = inboxes.open_inbox(
            session,
            "whatsapp",
            "WhatsApp",
            config={"phone_number_id": "100200300", "api_base": meta.base_url},
            secrets={"app_secret": "app-secret", "access_token": "token", "verify_token": "v"},
        )
        email = inboxes.open_inbox(
            session,
            "email",
            "Support",
            config={
                "address": "support@shop.example",
                "smtp_host": sink.host,
                "smtp_port": str(sink.port),
                "smtp_security": "none",
                "trusted_authserv": TRUSTED,
            },
            secrets={"inbound_secret": "inbound-secret"},
        )
        web = inboxes.open_inbox(session, "web", "Website", secrets={"identity_secret": "s" * 40})
    return Desk(folder, meta, sink, whatsapp, email, web)
