"""The demo company: a shop with its articles, customers, orders and a few conversations."""

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.simulate import SIMULATED
from core import files
from core.clock import now
from core.db import reading, transaction
from desk import conversations, identities, inboxes, recognition, teams
from desk.company import Company, company, keep_company
from desk.customers import Customer
from desk.envelope import Address, DeliveryState, Strength
from desk.inboxes import Inbox, Policy
from desk.messages import Author, Direction, Message
from desk.teams import Queue, Role, Teammate
from escalation.hand_off import hand_off
from ingestion import uploads

FOLDER = Path(__file__).parent.parent / "knowledge" / "demo"
ADMIN_EMAIL = "admin@mahlbach.example"
ADMIN_PASSWORD = "onethread"
TRUSTED = "mx.mahlbach.example"
THRESHOLD = 0.5
"""A little bolder than a new inbox is; of its cases' shares, docs/eval.md tells."""
CHANNELS = {"chat": "web", "web": "web", "whatsapp": "whatsapp", "email": "email"}


def seed_demo() -> None:
    """Make the demo company, once; a second call finds it there."""
    with reading() as session:
        if company(session).name:
            return
    shop = _read("company.json")
    kept = [_keep(path) for path in sorted((FOLDER / "articles").iterdir())]
    with transaction() as session:
        people = _teammates(session, shop)
        queues = _queues(session, shop, people)
        connected = _inboxes(session, shop, queues)
        customers = _customers(session, _read("customers.json"))
        _conversations(session, _read("conversations.json"), customers, connected, people)
        for name, key, size in kept:
            uploads.add(session, name, key, size, source="demo")
        keep_company(session, Company(shop["name"], shop["website"], shop["tagline"]))


def _keep(path: Path) -> tuple[str, str, int]:
    content = path.read_bytes()
    return path.name, files.store(content), len(content)


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


def _teammates(session: Session, shop: Mapping[str, Any]) -> dict[str, Teammate]:
    admin = teams.add_teammate(session, ADMIN_EMAIL, "Robin Admin", ADMIN_PASSWORD, Role.ADMIN)
    people = {ADMIN_EMAIL: admin}
    for person in shop["teammates"]:
        people[person["email"]] = teams.add_teammate(
            session, person["email"], person["name"], ADMIN_PASSWORD, Role(person["role"])
        )
    return people


def _queues(
    session: Session, shop: Mapping[str, Any], people: Mapping[str, Teammate]
) -> dict[str, Queue]:
    hours = shop["opening_hours"]
    everyone = teams.fallback_queue(session)
    everyone.name, everyone.hours = "Customer care", hours
    money = Queue(name="Payments and returns", hours=hours, rules=[{"risk": ["R2", "R3"]}])
    session.add(money)
    session.flush()
    for teammate in people.values():
        teams.join(session, everyone, teammate)
        teams.join(session, money, teammate)
    return {"care": everyone, "money": money}


def _inboxes(
    session: Session, shop: Mapping[str, Any], queues: Mapping[str, Queue]
) -> dict[str, Inbox]:
    shared: dict[str, Any] = {
        "policy": Policy.THRESHOLD,
        "threshold": THRESHOLD,
        "brand": shop["name"],
        "queue_id": queues["care"].id,
        "disclosure": "",
    }
    return {
        "web": _web_inbox(session, shop, shared),
        "whatsapp": _whatsapp_inbox(session, shop, shared),
        "email": _email_inbox(session, shop, shared),
        "telegram": _telegram_inbox(session, shop, shared),
        "slack": _slack_inbox(session, shop, shared),
        "sms": _sms_inbox(session, shop, shared),
        "instagram": _direct_inbox(session, "instagram", "17841400000000001", shop, shared),
        "messenger": _direct_inbox(session, "messenger", "110022003300", shop, shared),
        "voice": _voice_inbox(session, shop, shared),
        "api": _api_inbox(session, shop, shared),
    }


def _web_inbox(session: Session, shop: Mapping[str, Any], shared: dict[str, Any]) -> Inbox:
    greeting = f"Hi! I'm {shop['name']}'s assistant. Ask me anything about orders and coffee gear."
    return inboxes.open_inbox(
        session,
        "web",
        f"{shop['name']} website",
        config={SIMULATED: "yes", "greeting": greeting, "colour": shop["brand"]["primary"]},
        secrets={"identity_secret": secrets.token_urlsafe(32)},
        **shared,
    )


def _whatsapp_inbox(session: Session, shop: Mapping[str, Any], shared: dict[str, Any]) -> Inbox:
    config = {SIMULATED: "yes", "phone_number_id": "100200300", "number": shop["whatsapp"]}
    keys = {
        "app_secret": secrets.token_hex(16),
        "access_token": secrets.token_urlsafe(32),
        "verify_token": secrets.token_urlsafe(16),
    }
    name = f"{shop['name']} on WhatsApp"
    return inboxes.open_inbox(session, "whatsapp", name, config=config, secrets=keys, **shared)


def _direct_inbox(
    session: Session, kind: str, account_id: str, shop: Mapping[str, Any], shared: dict[str, Any]
) -> Inbox:
    config = {SIMULATED: "yes", "account_id": account_id, "app_id": "220011"}
    keys = {
        "app_secret": secrets.token_hex(16),
        "access_token": secrets.token_urlsafe(32),
        "verify_token": secrets.token_urlsafe(16),
    }
    name = f"{shop['name']} on {kind.capitalize()}"
    return inboxes.open_inbox(session, kind, name, config=config, secrets=keys, **shared)


def _email_inbox(session: Session, shop: Mapping[str, Any], shared: dict[str, Any]) -> Inbox:
    config = {
        SIMULATED: "yes",
        "address": shop["support_email"],
        "display_name": f"{shop['name']} customer care",
        "smtp_security": "none",
        "trusted_authserv": TRUSTED,
        "signature": f"{shop['name']} customer care\n{shop['website']}",
    }
    keys = {"inbound_secret": secrets.token_urlsafe(32)}
    return inboxes.open_inbox(
        session, "email", shop["support_email"], config=config, secrets=keys, **shared
    )


def _telegram_inbox(session: Session, shop: Mapping[str, Any], shared: dict[str, Any]) -> Inbox:
    keys = {
        "bot_token": f"7000000001:{secrets.token_urlsafe(24)}",
        "webhook_secret": secrets.token_urlsafe(24),
    }
    name = f"{shop['name']} on Telegram"
    config = {SIMULATED: "yes"}
    return inboxes.open_inbox(session, "telegram", name, config=config, secrets=keys, **shared)


def _slack_inbox(session: Session, shop: Mapping[str, Any], shared: dict[str, Any]) -> Inbox:
    keys = {
        "bot_token": f"xoxb-{secrets.token_hex(16)}",
        "signing_secret": secrets.token_hex(16),
    }
    name = f"{shop['name']} on Slack"
    config = {SIMULATED: "yes"}
    return inboxes.open_inbox(session, "slack", name, config=config, secrets=keys, **shared)


def _sms_inbox(session: Session, shop: Mapping[str, Any], shared: dict[str, Any]) -> Inbox:
    config = {
        SIMULATED: "yes",
        "account_sid": "AC" + secrets.token_hex(16),
        "number": shop["sms"],
    }
    keys = {"auth_token": secrets.token_hex(16)}
    name = f"{shop['name']} by text"
    return inboxes.open_inbox(session, "sms", name, config=config, secrets=keys, **shared)


def _voice_inbox(session: Session, shop: Mapping[str, Any], shared: dict[str, Any]) -> Inbox:
    config = {
        SIMULATED: "yes",
        "number": shop["phone"],
        "account_sid": "AC" + secrets.token_hex(16),
        "languages": "en-US,de-DE",
        "mode": "relay",
    }
    keys = {"auth_token": secrets.token_hex(16)}
    name = f"{shop['name']} on the phone"
    return inboxes.open_inbox(session, "voice", name, config=config, secrets=keys, **shared)


def _api_inbox(session: Session, shop: Mapping[str, Any], shared: dict[str, Any]) -> Inbox:
    """A channel of the shop's own; the simulator is its other side."""
    keys = {"signing_secret": f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"}
    name = f"{shop['name']} app"
    config = {SIMULATED: "yes"}
    return inboxes.open_inbox(session, "api", name, config=config, secrets=keys, **shared)


def _customers(session: Session, people: Sequence[Mapping[str, Any]]) -> dict[str, Customer]:
    made = {}
    for person in people:
        customer = Customer(
            name=person["name"],
            language=person["language"],
            city=person["city"],
            merchant_id=person["merchant_id"],
            attributes={"orders": [_order(order) for order in person["orders"]]},
        )
        session.add(customer)
        session.flush()
        for address in _addresses(person):
            recognition.assign(session, customer, address)
        made[person["merchant_id"]] = customer
    return made


def _addresses(person: Mapping[str, Any]) -> list[Address]:
    source = "the shop's customer records"
    pairs = [
        ("external", person["merchant_id"]),
        ("email", person.get("email")),
        ("phone", person.get("phone")),
    ]
    return [Address(kind, value, Strength.SIGNED, source) for kind, value in pairs if value]


def _order(order: Mapping[str, Any]) -> dict[str, Any]:
    """Days ago become dates, so that the demo is always of today."""
    today = now().date()
    dated = {
        name.removesuffix("_days_ago") if name != "days_ago" else "date": str(
            today - timedelta(days=value)
        )
        for name, value in order.items()
        if name.endswith("days_ago") and value is not None
    }
    rest = {name: value for name, value in order.items() if not name.endswith("days_ago")}
    return {**rest, **dated}


def _conversations(
    session: Session,
    stories: Sequence[Mapping[str, Any]],
    customers: Mapping[str, Customer],
    connected: Mapping[str, Inbox],
    people: Mapping[str, Teammate],
) -> None:
    for story in stories:
        customer = customers[story["customer"]]
        conversation = conversations.open_for(session, customer.id, story["subject"])
        for said in story["messages"]:
            inbox = connected[CHANNELS[said["channel"]]]
            _say(session, conversation, customer, inbox, said, people)
        last = story["messages"][-1]
        conversation.last_at = now() - timedelta(minutes=last["minutes_ago"])
        if story["status"] == "resolved":
            conversations.resolve(session, conversation, by="assistant")
            conversation.resolved_at = conversation.last_at
        else:
            hand_off(session, conversation, "policy", "The answer needs a person's decision.")
            conversation.waiting_since = conversation.last_at


def _say(
    session: Session,
    conversation: conversations.Conversation,
    customer: Customer,
    inbox: Inbox,
    said: Mapping[str, Any],
    people: Mapping[str, Teammate],
) -> None:
    """One thing of a past conversation, as if it had come and gone through its channel."""
    at = now() - timedelta(minutes=said["minutes_ago"])
    author = people.get(said.get("teammate", ""))
    note = said["direction"] == "note"
    thread = None if note else _thread(session, conversation, customer, inbox)
    arrived = said["direction"] == "in"
    session.add(
        Message(
            conversation_id=conversation.id,
            thread_id=thread.id if thread else None,
            inbox_id=thread.inbox_id if thread else None,
            identity_id=thread.identity_id if thread else None,
            direction=Direction(said["direction"]),
            author=Author(said["author"]),
            author_id=author.id if author else None,
            at=at,
            created_at=at,
            text=said["text"],
            state=DeliveryState.READ if said["direction"] == "out" else None,
            proof=Strength.ASSERTED if arrived else "",
        )
    )
    session.flush()
    if thread and arrived:
        thread.customer_wrote_at = at


def _thread(
    session: Session, conversation: conversations.Conversation, customer: Customer, inbox: Inbox
) -> conversations.Thread:
    kind = {"web": "external", "whatsapp": "phone", "email": "email"}[inbox.kind]
    mine = {i.kind: i for i in identities.of_customer(session, customer.id)}
    identity = mine[kind]
    existing = session.scalar(
        select(conversations.Thread).where(
            conversations.Thread.conversation_id == conversation.id,
            conversations.Thread.inbox_id == inbox.id,
        )
    )
    subject = conversation.subject if inbox.kind == "email" else ""
    return existing or conversations.open_thread(
        session, conversation, inbox.id, identity.id, subject
    )
