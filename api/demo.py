"""What a shop's own server would do, for the demo's shop page."""

from datetime import timedelta

import jwt
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.transactions import Reading
from core.clock import now
from core.errors import NotFound
from core.settings import settings
from desk import identities, inboxes
from desk.customers import Customer
from desk.inboxes import Inbox


def _in_a_demo() -> None:
    if not settings().demo:
        raise NotFound("The demo shop is only there in a demo installation.")


router = APIRouter(prefix="/demo", dependencies=[Depends(_in_a_demo)], include_in_schema=False)

SIGNED_FOR = timedelta(hours=1)


class ShopSettings(BaseModel):
    inbox_id: str


@router.get("/settings")
def shop_settings(session: Reading) -> ShopSettings:
    return ShopSettings(inbox_id=_chat(session).id)


class SignedIdentity(BaseModel):
    jwt: str


@router.get("/identity/{merchant_id}")
def sign_customer_in(merchant_id: str, session: Reading) -> SignedIdentity:
    """The signed identity that a shop's server gives a customer who is signed in there."""
    customer = session.scalar(select(Customer).where(Customer.merchant_id == merchant_id))
    if customer is None:
        raise NotFound("The shop has no such customer.")
    claims: dict[str, object] = {
        "sub": merchant_id,
        "name": customer.name,
        "exp": now() + SIGNED_FOR,
    }
    for identity in identities.of_customer(session, customer.id):
        if identity.kind in ("email", "phone"):
            claims |= {identity.kind: identity.value, f"{identity.kind}_verified": True}
    secret = _chat(session).secrets.get("identity_secret", "")
    return SignedIdentity(jwt=jwt.encode(claims, secret, algorithm="HS256"))


def _chat(session: Session) -> Inbox:
    found = inboxes.of_kind(session, "web")
    if not found:
        raise NotFound("The demo shop has no website chat.")
    return found[0]
