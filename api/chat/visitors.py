"""Who is chatting: a visitor token of ours, and the identity a website may have signed."""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.channels.web_identity import verify
from core.crypto import derived_key
from core.db import reading
from core.errors import NotFound, OneThreadError
from core.ids import new_id
from desk import customers, identities, inboxes, recognition, visitor_proofs
from desk.conversations import Thread
from desk.envelope import Address
from desk.identities import EXTERNAL, VISITOR, Identity
from desk.inboxes import Inbox


class UnknownVisitor(OneThreadError):
    code = "unknown_visitor"
    status = 401


@dataclass(frozen=True)
class Visitor:
    inbox_id: str
    id: str


def web_inbox(session: Session, inbox_id: str) -> Inbox:
    inbox = inboxes.find(session, inbox_id)
    if inbox.kind != "web" or not inbox.enabled:
        raise NotFound("There is no such website chat.")
    return inbox


def admit(inbox: Inbox, session: Session, token: str, signed: str) -> tuple[Visitor, str]:
    """The visitor behind a token, or a new one; and the name the website vouches for.

    A browser in which somebody else signs in becomes another visitor: nobody reads on in the
    chat of whoever was there before. Without a signed identity what was proven before ends.
    """
    visitor = read_token(inbox.id, token) or Visitor(inbox.id, new_id())
    if not signed:
        visitor_proofs.release(session, visitor.id)
        return visitor, ""
    proven = verify(signed, inbox.secrets.get("identity_secret", ""))
    if not _may_be(session, visitor, proven.sub):
        visitor = Visitor(inbox.id, new_id())
    identity = recognition.recognise(
        session, [*proven.addresses, Address(VISITOR, visitor.id, source="website chat")]
    )
    visitor_proofs.bind(session, visitor.id, inbox.id, sub=proven.sub, expires_at=proven.expires_at)
    return visitor, customers.find(session, identity.customer_id).name


def _may_be(session: Session, visitor: Visitor, sub: str) -> bool:
    known = identity_of(session, visitor)
    if known is None:
        return True
    others = [i for i in identities.of_customer(session, known.customer_id) if i.kind == EXTERNAL]
    return not others or any(i.value == sub for i in others)


def token_of(visitor: Visitor) -> str:
    return f"{visitor.id}.{_signature(visitor)}"


def read_token(inbox_id: str, token: str) -> Visitor | None:
    visitor_id, _, signature = token.partition(".")
    visitor = Visitor(inbox_id, visitor_id)
    genuine = hmac.compare_digest(signature.encode(), _signature(visitor).encode())
    return visitor if genuine and visitor_id else None


def _signature(visitor: Visitor) -> str:
    text = f"{visitor.inbox_id}.{visitor.id}"
    return hmac.digest(derived_key("visitor token"), text.encode(), "sha256").hex()


def identity_of(session: Session, visitor: Visitor) -> Identity | None:
    return session.scalar(
        select(Identity).where(Identity.kind == VISITOR, Identity.value == visitor.id)
    )


def threads_of(session: Session, visitor: Visitor) -> list[Thread]:
    identity = identity_of(session, visitor)
    if identity is None:
        return []
    rows = select(Thread).where(
        Thread.inbox_id == visitor.inbox_id, Thread.identity_id == identity.id
    )
    return list(session.scalars(rows.order_by(Thread.created_at)))


def _present(
    inbox_id: str,
    authorization: Annotated[str, Header()] = "",
    token: Annotated[str, Query()] = "",
) -> Visitor:
    """The visitor of a request: a bearer token, or ?token= where a browser can't set headers."""
    visitor = read_token(inbox_id, authorization.removeprefix("Bearer ").strip() or token)
    if visitor is None:
        raise UnknownVisitor("Start a chat session first: POST .../session.")
    with reading() as session:
        web_inbox(session, inbox_id)
    return visitor


Present = Annotated[Visitor, Depends(_present)]
