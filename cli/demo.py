"""`onethread demo`: write as a customer over a channel, without an account anywhere."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import httpx
import typer
from rich.console import Console
from sqlalchemy import select

from cli import local
from cli.simulate import simulated_inbox
from connectors.simulator.mail_customer import MailCustomer, signed_headers
from connectors.simulator.whatsapp_customer import WhatsAppCustomer
from core.clock import now
from core.db import reading
from core.errors import OneThreadError
from core.settings import settings
from desk import identities
from desk.conversations import Thread
from desk.envelope import DeliveryState
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Direction, Message

app = typer.Typer()
console = Console()
DONE = (
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.READ,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
)

Wait = Annotated[float, typer.Option(help="Seconds to wait for the answer.")]


@app.command()
def whatsapp(
    text: str,
    sender: Annotated[str, typer.Option("--from", help="Phone number, +49...")],
    name: Annotated[str, typer.Option(help="Profile name.")] = "",
    wait: Wait = 60,
) -> None:
    """A WhatsApp message: a signed webhook, as Meta would post it."""
    inbox = _inbox("whatsapp")
    customer = WhatsAppCustomer(
        sender, inbox.config["phone_number_id"], inbox.secrets["app_secret"], name=name
    )
    post = customer.text(text)
    _exchange(inbox, post.body, post.headers, "phone", sender, wait)


@app.command()
def email(
    text: str,
    sender: Annotated[str, typer.Option("--from", help="Email address.")],
    subject: Annotated[str, typer.Option(help="Subject line.")] = "A question",
    name: Annotated[str, typer.Option(help="Display name.")] = "",
    forged: Annotated[bool, typer.Option(help="Pretend: DMARC fails.")] = False,
    wait: Wait = 60,
) -> None:
    """An email: signed raw MIME, as our own mail server would hand it over."""
    inbox = _inbox("email")
    customer = MailCustomer(
        settings().data,
        sender,
        name=name,
        authserv_id=inbox.config["trusted_authserv"],
        forged=forged,
    )
    raw = customer.write(inbox.config["address"], subject, text)
    headers = signed_headers(raw, inbox.secrets["inbound_secret"])
    _exchange(inbox, raw, headers, "email", sender.lower(), wait)


def _inbox(kind: str) -> Inbox:
    local.needed_service()
    try:
        return simulated_inbox(kind)
    except StopIteration as missing:
        raise OneThreadError("There are no demo inboxes here. Start it: make run") from missing


def _exchange(
    inbox: Inbox, body: bytes, headers: dict[str, str], kind: str, address: str, wait: float
) -> None:
    """Post the webhook, then show every message that leaves for this address."""
    service = local.needed_service()
    started = now()
    answer = httpx.post(
        f"{service.url}/webhooks/{inbox.id}", content=body, headers=headers, timeout=10
    )
    answer.raise_for_status()
    console.print(f"[dim]{inbox.name}: taken, HTTP {answer.status_code}[/dim]")
    shown: set[str] = set()
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline:
        fresh = [r for r in _replies(inbox, kind, address, started) if r.id not in shown]
        for reply in fresh:
            _show(reply)
        if shown and not fresh:
            return
        shown |= {reply.id for reply in fresh}
        time.sleep(1)
    if not shown:
        console.print("No answer yet. The conversation stands in the console.", style="yellow")


def _replies(inbox: Inbox, kind: str, address: str, since: datetime) -> Sequence[Message]:
    """What has left for this customer through this inbox."""
    with reading() as session:
        writer = session.scalar(
            select(Identity).where(Identity.kind == kind, Identity.value == address)
        )
        if writer is None:
            return ()
        same = [identity.id for identity in identities.of_customer(session, writer.customer_id)]
        return session.scalars(
            select(Message)
            .join(Thread, Thread.id == Message.thread_id)
            .where(Thread.identity_id.in_(same), Message.inbox_id == inbox.id)
            .where(Message.direction == Direction.OUT, Message.created_at >= since)
            .where(Message.state.in_(DONE))
            .order_by(Message.at)
        ).all()


def _show(reply: Message) -> None:
    console.print(f"\n[b]{reply.author}[/b] [dim]{reply.state}[/dim]")
    console.print(reply.text, highlight=False, markup=False)
    for source in reply.sources:
        console.print(f"[dim]  {source['title']}  {source['url']}[/dim]", highlight=False)
    if reply.error:
        console.print(reply.error, style="red")
