"""What the carrier posts: checked, and read as a form."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, cast
from urllib.parse import parse_qsl

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from api.webhooks import as_received, check_signature, read_body
from connectors.base import Account
from connectors.channels.twilio import form
from connectors.channels.voice import lines, twiml
from core.db import reading, transaction
from core.errors import NotFound
from delivery import inbound
from delivery.accounts import account_of
from desk import inboxes
from desk.envelope import RawEvent
from desk.inboxes import Inbox


@dataclass(frozen=True)
class Told:
    """One authentic request of the carrier's: whose line, and what about."""

    inbox: Inbox
    form: dict[str, str]
    step: str = ""
    """Where it was posted, as `heard?turn=1`; "" when it came by no webhook."""

    @property
    def call_id(self) -> str:
        """The carrier's name for the call."""
        return self.form.get("CallSid", "")

    @property
    def path(self) -> str:
        return self.step.partition("?")[0]

    @property
    def ours(self) -> str:
        """Our own name for the call where we had ordered it, else ""."""
        return dict(parse_qsl(self.step.partition("?")[2])).get("call", "")

    @property
    def event(self) -> RawEvent:
        """As it is kept. The same told again is the same event: its address says which moment of
        the call it belongs to."""
        body = json.dumps({"step": self.step, "form": self.form}, ensure_ascii=False)
        digest = hashlib.sha256(body.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return RawEvent(f"{self.call_id} {self.path} {digest}", body)

    @property
    def account(self) -> Account:
        return account_of(self.inbox)

    @property
    def languages(self) -> list[str]:
        """The first is what callers are greeted in."""
        return lines.languages(self.inbox.config)


async def _told(inbox_id: str, request: Request) -> Told:
    if known := getattr(request.state, "told", None):
        return cast(Told, known)
    body = await read_body(request)
    with reading() as session:
        inbox = inboxes.find(session, inbox_id)
    if inbox.kind != "voice":
        raise NotFound("This inbox is no phone line.")
    check_signature(inbox, as_received(request, body))
    told = Told(inbox, dict(form.pairs(body)), _step(request))
    if not told.call_id:
        raise NotFound("This is about no call.")
    request.state.told = told
    return told


def _step(request: Request) -> str:
    path, query = request.url.path.rsplit("/", 1)[-1], request.url.query
    return f"{path}?{query}" if query else path


FromCarrier = Annotated[Told, Depends(_told)]


@contextmanager
def effect(told: Told) -> Iterator[Session]:
    """The transaction in which something comes of what was told. It is kept in there as well: no
    event without its effect, and one commit while a caller waits."""
    with transaction() as session:
        if told.step:
            inbound.keep(session, told.inbox.id, told.event)
        yield session


def answered(response: twiml.Response) -> Response:
    return Response(response.xml(), media_type="application/xml")
