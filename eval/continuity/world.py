"""A throw-away shop whose customers write to it through the real connectors."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from agent import respond
from agent.gather import gather
from agent.turn import Turn
from connectors.base import Request
from connectors.simulator.mail_customer import Attachment, MailCustomer, signed_headers
from connectors.simulator.whatsapp_customer import SignedPost, WhatsAppCustomer
from core.clock import now
from core.db import reading, transaction
from core.ids import new_id
from core.settings import settings
from delivery import inbound, receive
from delivery.accounts import account_of, channel_of
from delivery.same_matter import ASKS, HINT
from desk import conversations, inboxes, messages, recognition
from desk.conversations import Conversation, Thread
from desk.customers import Customer
from desk.envelope import Address, DeliveryState, Strength
from desk.inboxes import Inbox, Policy
from desk.messages import Author, Direction, Message
from eval.continuity.journeys import Person, Step
from eval.store import ingest_files, throw_away_library
from eval.track import Track, quietly
from retrieval.library import Library

ARTICLES = Path(__file__).resolve().parents[2] / "knowledge" / "demo" / "articles"
ADDRESS = "support@shop.example"
TRUSTED = "mx.shop.example"
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
ON_RECORD = "the shop's customer records"


@dataclass
class World:
    """The shop, and what it makes of each step."""

    library: Library
    inboxes: dict[str, Inbox]
    known: dict[str, str] = field(default_factory=dict)
    """Customers by merchant id."""

    def knows(self, person: Person) -> None:
        """The shop has this person's addresses on record."""
        if person.merchant_id in self.known or not person.on_record:
            return
        pairs = (
            ("external", person.merchant_id),
            ("email", person.email),
            ("phone", person.phone),
        )
        with transaction() as session:
            customer = Customer(name=person.name, merchant_id=person.merchant_id)
            session.add(customer)
            session.flush()
            for kind, value in pairs:
                address = Address(kind, value, Strength.SIGNED, ON_RECORD)
                recognition.assign(session, customer, address)
            self.known[person.merchant_id] = customer.id

    def replies(self, conversation_id: str, text: str) -> None:
        """A teammate answers in this conversation."""
        with transaction() as session:
            conversation = conversations.lock(session, conversation_id)
            thread = _thread_to_answer(session, conversation_id)
            said = messages.write(session, conversation, thread, text, author=Author.TEAMMATE)
            messages.advance(session, said, DeliveryState.SENT)

    def resolves(self, conversation_id: str) -> None:
        with transaction() as session:
            conversation = conversations.lock(session, conversation_id)
            conversations.resolve(session, conversation, by="a teammate")

    def time_passes(self, conversation_ids: Sequence[str], long: timedelta) -> None:
        """These conversations, and what was said in them, are that much older."""
        with transaction() as session:
            for row in session.scalars(
                select(Conversation).where(Conversation.id.in_(conversation_ids))
            ):
                row.last_at -= long
            for message in session.scalars(
                select(Message).where(Message.conversation_id.in_(conversation_ids))
            ):
                message.at -= long

    def takes(self, step: Step, token: str = "") -> Message:
        """Receive one step; the message it became. `token`: of the mail that it answers."""
        inbox = self.inboxes[step.channel]
        before = now()
        for signed in self._posts(step, token):
            self._post(inbox, signed)
        with reading() as session:
            return session.scalars(
                select(Message)
                .where(Message.direction == Direction.IN, Message.created_at >= before)
                .order_by(Message.created_at.desc())
            ).one()

    def asks_same(self, said: Sequence[Message]) -> str:
        """The conversation that this reply asks its customer about, "" for none."""
        return next((str(one.details[ASKS]) for one in said if ASKS in one.details), "")

    def confirms(self, step: Step, said: Sequence[Message], text: str) -> None:
        """The customer answers such a question, where it was asked."""
        with reading() as session:
            thread = session.get_one(Thread, said[-1].thread_id)
        subject = f"Re: {step.subject}" if step.channel == "email" else ""
        answer = replace(step, text=text, subject=subject, photo=False, was="", claims="")
        self.takes(answer, thread.token if step.channel == "email" else "")

    def where_is(self, message: Message) -> str:
        """The conversation in which a message stands now."""
        with reading() as session:
            return session.get_one(Message, message.id).conversation_id

    def is_hinted(self, message: Message) -> bool:
        """Whether a teammate is told that this message may go on with another conversation."""
        with reading() as session:
            notes = session.scalars(
                select(Message.text).where(
                    Message.conversation_id == message.conversation_id,
                    Message.direction == Direction.NOTE,
                    Message.created_at >= message.created_at,
                )
            )
            return any(text.startswith(HINT) for text in notes)

    def turn(self, message: Message) -> Turn:
        """What the assistant may know when it answers."""
        with reading() as session:
            conversation = conversations.find(session, message.conversation_id)
            thread = _thread_to_answer(session, conversation.id)
            return gather(session, conversation, thread)

    def answers(self, message: Message) -> Sequence[Message]:
        """Let the assistant take its turn now; what it sends."""
        before = now()
        with transaction() as session:
            session.execute(
                update(Conversation)
                .where(Conversation.id == message.conversation_id)
                .where(Conversation.turn_due_at.is_not(None))
                .values(turn_due_at=before)
            )
        respond.respond(message.conversation_id, self.library)
        with transaction() as session:
            said = session.scalars(
                select(Message)
                .where(Message.conversation_id == message.conversation_id)
                .where(Message.author == Author.ASSISTANT, Message.created_at >= before)
                .where(Message.draft.is_(False))
                .order_by(Message.created_at)
            ).all()
            for one in said:
                messages.advance(session, one, DeliveryState.SENT)
            return said

    def _post(self, inbox: Inbox, signed: SignedPost) -> None:
        channel, account = channel_of(inbox), account_of(inbox)
        headers = {name.lower(): value for name, value in signed.headers.items()}
        request = Request(signed.body, headers, {})
        if inbox.kind != "web" and not channel.is_authentic(account, request):
            raise ValueError("the simulated customer's signature is refused")
        with transaction() as session:
            inbound.store(session, inbox.id, channel.split(request))
        with reading() as session:
            fresh = session.scalars(
                select(inbound.Event.id)
                .where(inbound.Event.done_at.is_(None), inbound.Event.dead_at.is_(None))
                .order_by(inbound.Event.created_at)
            ).all()
        for event_id in fresh:
            receive.receive(event_id)

    def _posts(self, step: Step, token: str) -> list[SignedPost]:
        match step.channel:
            case "whatsapp":
                return self._whatsapp(step)
            case "email":
                return [self._email(step, token)]
            case "web":
                return [self._chat(step)]

    def _whatsapp(self, step: Step) -> list[SignedPost]:
        inbox = self.inboxes["whatsapp"]
        customer = WhatsAppCustomer(
            step.person.phone,
            inbox.config["phone_number_id"],
            inbox.secrets["app_secret"],
            name=step.person.name,
            user_id=step.user_id,
        )
        changed = [customer.changed_id(step.was)] if step.was else []
        return [*changed, customer.text(step.text)]

    def _email(self, step: Step, token: str) -> SignedPost:
        customer = MailCustomer(
            settings().data,
            step.person.email,
            name=step.person.name,
            authserv_id=TRUSTED,
            forged=step.forged,
        )
        picture = (Attachment("photo.jpg", "image/jpeg", PICTURE),) if step.photo else ()
        to = ADDRESS.replace("@", f"+{token}@") if token else ADDRESS
        raw = customer.write(to, step.subject, step.text, attachments=picture)
        return SignedPost(raw, signed_headers(raw, self.inboxes["email"].secrets["inbound_secret"]))

    def _chat(self, step: Step) -> SignedPost:
        item = {
            "id": new_id(),
            "visitor": step.visitor or f"browser-of-{step.person.merchant_id}",
            "text": step.text,
            "identity": self._token(step.person) if step.signed else "",
            ("email" if "@" in step.claims else "phone"): step.claims,
        }
        return SignedPost(json.dumps(item).encode(), {})

    def _token(self, person: Person) -> str:
        soon = datetime.now(UTC) + timedelta(minutes=10)
        claims = {"sub": person.merchant_id, "exp": int(soon.timestamp())}
        return jwt.encode(claims, self.inboxes["web"].secrets["identity_secret"], "HS256")


def _thread_to_answer(session: Session, conversation_id: str) -> Thread:
    thread = messages.thread_to_answer(session, conversation_id)
    if thread is None:
        raise LookupError("the conversation of a message has a thread to answer")
    return thread


@contextmanager
def opened_world(track: Track = quietly) -> Iterator[World]:
    """The demo company's documents, three inboxes, no customer yet."""
    with throw_away_library() as library:
        ingest_files(library, sorted(ARTICLES.iterdir()), track)
        yield World(library, _inboxes())


def _inboxes() -> dict[str, Inbox]:
    secret = f"continuity-{time.time_ns()}".ljust(40, "x")
    configs: dict[str, tuple[dict[str, str], dict[str, str]]] = {
        "whatsapp": ({"phone_number_id": "100200300"}, {"app_secret": secret}),
        "email": (
            {"address": ADDRESS, "trusted_authserv": TRUSTED},
            {"inbound_secret": secret},
        ),
        "web": ({}, {"identity_secret": secret}),
    }
    with transaction() as session:
        return {
            kind: inboxes.open_inbox(
                session, kind, kind, config=config, secrets=secrets, policy=Policy.THRESHOLD
            )
            for kind, (config, secrets) in configs.items()
        }
