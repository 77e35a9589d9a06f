"""`onethread demo`: write as a customer over a channel, without an account anywhere."""

import json
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import uuid4

import httpx
import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy import select

from cli import local
from cli.simulate import simulated_inbox
from connectors.simulator.direct_customer import DirectCustomer
from connectors.simulator.mail_customer import MailCustomer, signed_headers
from connectors.simulator.slack_customer import SlackCustomer
from connectors.simulator.sms_customer import SmsCustomer
from connectors.simulator.telegram_customer import TelegramCustomer
from connectors.simulator.twilio_caller import Caller
from connectors.simulator.whatsapp_customer import WhatsAppCustomer
from core import standard_webhooks
from core.clock import now
from core.db import reading
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
def instagram(
    text: str,
    sender: Annotated[str, typer.Option("--from", help="Any id; an Instagram-scoped one.")],
    wait: Wait = 60,
) -> None:
    """An Instagram message: a signed webhook, as Meta would post it."""
    _direct("instagram", text, sender, wait)


@app.command()
def messenger(
    text: str,
    sender: Annotated[str, typer.Option("--from", help="Any id; a page-scoped one.")],
    wait: Wait = 60,
) -> None:
    """A Messenger message: a signed webhook, as Meta would post it."""
    _direct("messenger", text, sender, wait)


def _direct(kind: str, text: str, sender: str, wait: float) -> None:
    inbox = _inbox(kind)
    customer = DirectCustomer(sender, kind, inbox.config["account_id"], inbox.secrets["app_secret"])
    post = customer.text(text)
    _exchange(inbox, post.body, post.headers, kind, sender, wait)


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


@app.command()
def telegram(
    text: str,
    sender: Annotated[int, typer.Option("--from", help="Telegram user id, a number.")],
    name: Annotated[str, typer.Option(help="Profile name.")] = "",
    wait: Wait = 60,
) -> None:
    """A Telegram message: an update with the webhook's secret, as Telegram would post it."""
    inbox = _inbox("telegram")
    customer = TelegramCustomer(sender, inbox.secrets["webhook_secret"], name or f"User {sender}")
    post = customer.text(text)
    _exchange(inbox, post.body, post.headers, "telegram", str(sender), wait)


@app.command()
def slack(
    text: str,
    sender: Annotated[str, typer.Option("--from", help="Slack user id, U...")],
    channel: Annotated[str, typer.Option(help="Where: C... Empty: a direct message.")] = "",
    wait: Wait = 60,
) -> None:
    """A Slack message: a signed event, as Slack would post it."""
    inbox = _inbox("slack")
    customer = SlackCustomer(sender, inbox.secrets["signing_secret"])
    post = customer.text(text, channel=channel)
    _exchange(inbox, post.body, post.headers, "slack", f"{customer.team}:{sender}", wait)


@app.command()
def api(
    text: str,
    sender: Annotated[str, typer.Option("--from", help="The user's id in the shop's own app.")],
    wait: Wait = 60,
) -> None:
    """A message of a channel of one's own: a signed post, as its backend would send it."""
    inbox = _inbox("api")
    said = {"id": uuid4().hex, "type": "message", "from": {"id": sender}, "text": text}
    body = json.dumps({"events": [said]}).encode()
    headers = standard_webhooks.sign([inbox.secrets["signing_secret"]], uuid4().hex, body)
    _exchange(inbox, body, headers | {"content-type": "application/json"}, "external", sender, wait)


@app.command()
def sms(
    text: str,
    sender: Annotated[str, typer.Option("--from", help="Phone number, +49...")],
    wait: Wait = 60,
) -> None:
    """A text: a signed form, as Twilio would post it."""
    inbox = _inbox("sms")
    customer = SmsCustomer(
        sender,
        inbox.config["number"],
        f"{settings().url}/webhooks/{inbox.id}",
        inbox.config["account_sid"],
        inbox.secrets["auth_token"],
    )
    post = customer.text(text)
    _exchange(inbox, post.body, post.headers, "phone", sender, wait)


@app.command()
def call(
    number: Annotated[str, typer.Option("--from", help="The caller's number, +49...")],
    broken: Annotated[bool, typer.Option(help="The stream breaks after the greeting.")] = False,
) -> None:
    """A phone call by typing: what you type is said, a digit is a key, an empty line is silence
    and ctrl-d hangs up."""
    inbox = _inbox("voice")
    service = local.needed_service()
    caller = Caller(
        f"{service.url}/voice/{inbox.id}",
        inbox.secrets["auth_token"],
        number=number,
        account_sid=inbox.config["account_sid"],
        on_say=lambda words: console.print(f"[b]assistant[/b]  {escape(words)}"),
    )
    carrier = f"{inbox.config['api_base']}/2010-04-01/Accounts/{inbox.config['account_sid']}"
    with caller:
        caller.call()
        if broken and caller.is_streamed:
            caller.drops()
        while not caller.over:
            _speak(caller, f"{carrier}/Recordings/RE{uuid4().hex}")


def _speak(caller: Caller, recording: str) -> None:
    """One thing that the operator types into the call."""
    try:
        typed = input("you        ").strip()
    except EOFError:
        return caller.hangs_up()
    if caller.is_recorded:
        return caller.leaves_message(typed, url=recording)
    if caller.talking_to:
        return caller.hangs_up()
    if len(typed) == 1 and typed.isdigit():
        caller.presses(typed)
    elif typed:
        caller.says(typed)
    else:
        caller.stays_silent()
    if caller.is_streamed and typed:
        caller.listens()


def _inbox(kind: str) -> Inbox:
    local.needed_service()
    return simulated_inbox(kind)


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
    for choice in reply.choices:
        console.print(f"  • {choice}", highlight=False, markup=False)
    for source in reply.sources:
        console.print(f"[dim]  {source['title']}  {source['url']}[/dim]", highlight=False)
    if reply.error:
        console.print(reply.error, style="red")
