"""Proving an account end to end: send to an address of our own, and wait until news comes back."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from connectors.base import Check
from core import stored_settings
from core.clock import now
from core.db import reading, transaction
from core.ids import new_id
from delivery.accounts import account_of, channel_of
from delivery.inbound import Event
from desk.conversations import Thread
from desk.customers import Customer
from desk.envelope import Address, DeliveryState, Envelope, Kind, Outgoing, RawEvent
from desk.identities import Identity
from desk.inboxes import Inbox

WORDS = "This is a test from OneThread. Please answer it: that shows that your answer arrives, too."
_KEPT = "trial"
STEP = 0.25
SENT, HEARD = "Send to myself", "Hear back"
FINAL = (DeliveryState.DELIVERED, DeliveryState.READ, DeliveryState.FAILED)
TOLD = {
    DeliveryState.SENT: "The provider says that it was sent.",
    DeliveryState.DELIVERED: "The provider says that it was delivered.",
    DeliveryState.READ: "The provider says that it was read.",
}


@dataclass(frozen=True)
class Trial:
    """A test message that was handed over, or refused."""

    inbox: Inbox
    to: Address
    start: datetime
    sent: Check
    marks: Sequence[str] = ()
    """Names under which the provider may speak of it."""


@dataclass(frozen=True)
class News:
    check: Check
    final: bool
    """Nothing better can follow."""


def own_address(session: Session, inbox_id: str) -> Address | None:
    """Where the last test of this inbox went."""
    kept = stored_settings.load(session, _KEPT).get(inbox_id)
    return Address(kept["kind"], kept["value"]) if kept else None


def keep_own_address(session: Session, inbox_id: str, to: Address) -> None:
    kept = stored_settings.load(session, _KEPT)
    kept[inbox_id] = {"kind": to.kind, "value": to.value}
    stored_settings.store(session, _KEPT, kept)


def wrote_lately(session: Session, inbox_id: str) -> list[tuple[Identity, str]]:
    """Who wrote to this inbox last, with their names: a tester may be among them, and knows no
    other way to their own number on some channels."""
    rows = (
        select(Identity, Customer.name)
        .join(Thread, Thread.identity_id == Identity.id)
        .join(Customer, Customer.id == Identity.customer_id)
        .where(Thread.inbox_id == inbox_id, Thread.customer_wrote_at.is_not(None))
        .order_by(Thread.customer_wrote_at.desc())
        .limit(20)
    )
    found = {identity.id: (identity, name) for identity, name in session.execute(rows)}
    return list(found.values())[:5]


def send(inbox: Inbox, to: Address) -> Trial:
    """Send the test now. Nothing is locked while the provider thinks."""
    start, message_id = now(), new_id()
    outgoing = Outgoing(id=message_id, to=to, text=WORDS, subject="Test", by_person=True)
    receipt = channel_of(inbox).send(account_of(inbox), outgoing)
    if receipt.state != DeliveryState.SENT:
        return Trial(inbox, to, start, Check(SENT, False, receipt.error))
    sent = Check(SENT, True, f"The provider took a message to {to.value}.")
    marks = tuple(mark for mark in (message_id, receipt.provider_id) if mark)
    return Trial(inbox, to, start, sent, marks)


def news(trial: Trial) -> News | None:
    """The best that has come back so far: what the provider reports, or an answer from there."""
    heard = list(_heard(trial))
    _put_aside({event_id for event_id, about in heard if about.kind != Kind.MESSAGE})
    found = [_understood(trial, about) for _, about in heard]
    return max(found, key=lambda one: one.final, default=None)


def _heard(trial: Trial) -> Iterator[tuple[str, Envelope]]:
    """Events about the test, and what its receiver has written since."""
    with reading() as session:
        rows = session.execute(
            select(Event.id, Event.provider_id, Event.body).where(
                Event.inbox_id == trial.inbox.id, Event.created_at >= trial.start
            )
        ).all()
    channel, account = channel_of(trial.inbox), account_of(trial.inbox)
    for event_id, provider_id, body in rows:
        is_marked = any(mark in body for mark in trial.marks)
        if not is_marked and trial.to.value.lstrip("+") not in body:
            continue
        try:
            envelopes = channel.read(account, RawEvent(provider_id, body))
        except ValueError:
            continue
        for one in envelopes:
            if is_marked or _is_answer(one, trial.to):
                yield event_id, one


def _is_answer(envelope: Envelope, to: Address) -> bool:
    written = (Kind.MESSAGE, Kind.REACTION, Kind.READ)
    return envelope.kind in written and any(one.value == to.value for one in envelope.sender)


def _understood(trial: Trial, about: Envelope) -> News:
    took = f"after {(now() - trial.start).total_seconds():.0f} s"
    if about.state == DeliveryState.FAILED:
        words = about.error or "The provider says that it could not be delivered."
        return News(Check(HEARD, False, words), True)
    if about.kind == Kind.STATUS and about.state in TOLD:
        return News(Check(HEARD, True, f"{TOLD[about.state]} ({took})"), about.state in FINAL)
    if about.kind == Kind.MESSAGE:
        return News(Check(HEARD, True, f"A message from there came in ({took})."), True)
    return News(Check(HEARD, True, f"News of it came in ({took})."), about.kind == Kind.READ)


def _put_aside(event_ids: Collection[str]) -> None:
    """They are about a message that no conversation knows: nobody shall wait for it."""
    if event_ids:
        with transaction() as session:
            session.execute(
                update(Event)
                .where(Event.id.in_(event_ids), Event.done_at.is_(None))
                .values(done_at=now(), waits_for=None)
            )


def send_and_wait(inbox: Inbox, to: Address, seconds: float) -> list[Check]:
    """A message to `to`, and what came back of it within this time."""
    trial = send(inbox, to)
    if not trial.sent.ok:
        return [trial.sent]
    deadline = time.monotonic() + seconds
    heard = news(trial)
    while time.monotonic() < deadline and not (heard and heard.final):
        time.sleep(STEP)
        heard = news(trial)
    return [trial.sent, heard.check if heard else silence(seconds)]


def silence(seconds: float) -> Check:
    missing = (
        f"Nothing came back within {seconds:.0f} s. Not every channel reports what became of a "
        "message: look whether it arrived, and answer it. If no answer comes either: is the "
        "service running, and the webhook address entered at the provider and reachable from the "
        "internet?"
    )
    return Check(HEARD, False, missing)
