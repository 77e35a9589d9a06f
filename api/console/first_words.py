"""Writing to a customer first: the ways there are, and what stands against each."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from api.auth import Agent
from api.console.conversations import IdentityShape, ThreadInbox
from api.console.handling import shape_of
from api.console.messages import MessageShape
from api.console.shapes import Text
from api.problems import problems
from api.transactions import Reading, Writing
from core.errors import Invalid
from delivery import first_words, reach
from delivery.first_words import Letter, Offer
from desk import connecting, conversations, customers

router = APIRouter(
    prefix="/api/customers/{customer_id}",
    tags=["customers"],
    responses=problems(401, 403, 404, 409),
)

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class WayShape(BaseModel):
    inbox: ThreadInbox
    identity: IdentityShape
    thread_id: str | None
    """Theirs in this conversation, if there is one already."""
    free_until: datetime | None
    """Until when a person may write freely; null: always."""
    takes_templates: bool
    objection: str
    """What stands against it, in words; empty: nothing."""
    asks_consent: bool
    """Whether saying how we know that the customer agrees ends the objection."""


class NewAddress(BaseModel):
    """An inbox over which an address may be written to that isn't on record yet."""

    inbox: ThreadInbox
    kind: str
    """What is entered: phone, email..."""
    takes_templates: bool
    has_window: bool
    """Whether only a template may go to somebody who has not written."""


class WaysShape(BaseModel):
    known: list[WayShape]
    new: list[NewAddress]


@router.get("/ways")
def list_ways(
    customer_id: str, actor: Agent, session: Reading, conversation_id: str = ""
) -> WaysShape:
    customer = customers.find(session, customer_id)
    offers = first_words.offers(session, customer, conversation_id or None)
    return WaysShape(
        known=[_way(offer) for offer in offers],
        new=[
            NewAddress(
                inbox=ThreadInbox(id=inbox.id, name=inbox.name, kind=inbox.kind),
                kind=reach.kind_of_address(inbox.kind),
                takes_templates=first_words.takes_templates(session, inbox),
                has_window=first_words.has_window(inbox),
            )
            for inbox in connecting.all_inboxes(session)
            if inbox.enabled and not inbox.broken_since
            if reach.kind_of_address(inbox.kind) in reach.TYPED
        ],
    )


def _way(offer: Offer) -> WayShape:
    inbox = offer.inbox
    return WayShape(
        inbox=ThreadInbox(id=inbox.id, name=inbox.name, kind=inbox.kind),
        identity=IdentityShape.model_validate(offer.identity, from_attributes=True),
        thread_id=offer.thread.id if offer.thread else None,
        free_until=offer.free_until,
        takes_templates=offer.takes_templates,
        objection=offer.objection,
        asks_consent=offer.asks_consent,
    )


class FirstWords(BaseModel):
    inbox_id: str
    identity_id: str = ""
    address: Short = ""
    """In place of `identity_id`: one that isn't on record yet."""
    conversation_id: str = ""
    """Empty: it begins a new conversation."""
    subject: Short = ""
    text: Text = ""
    template_id: str = ""
    values: Annotated[dict[str, Short], Field(max_length=50)] = {}
    consent: Short = ""
    """How we know that the customer agrees to be written to there."""


@router.post("/messages", status_code=201)
def write_first(
    customer_id: str, wanted: FirstWords, actor: Agent, session: Writing
) -> MessageShape:
    if not wanted.text.strip() and not wanted.template_id:
        raise Invalid("Write something, or choose a template.")
    customer = customers.find(session, customer_id)
    message = first_words.write(session, customer, Letter(**wanted.model_dump()), actor.id)
    return shape_of(session, conversations.find(session, message.conversation_id), message)
