"""Calls from the console: call the customer, take a call that the assistant has."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from api.auth import Agent
from api.console.shapes import Done
from api.problems import problems
from api.transactions import Writing
from connectors.channels.voice.lines import redirect
from core.db import transaction
from core.errors import Conflict, NotFound
from desk import conversations, phone_calls, teams
from desk.phone_calls import PhoneCall
from escalation import dialling

router = APIRouter(
    prefix="/api/conversations/{conversation_id}",
    tags=["calls"],
    responses=problems(401, 403, 404, 409),
)


class CallRequest(BaseModel):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    """Why we call. The customer hears it first."""


class PlannedCall(BaseModel):
    id: str
    message_id: str
    dial_after: datetime | None
    """Calls are made when people are there: this is when."""


@router.post("/call", status_code=201)
def call_customer(
    conversation_id: str, request: CallRequest, actor: Agent, session: Writing
) -> PlannedCall:
    """The assistant calls the customer, introduces itself and says why."""
    conversation = conversations.lock(session, conversation_id)
    call = dialling.request(session, conversation, request.reason, by=actor.id)
    return PlannedCall(id=call.id, message_id=call.message_id, dial_after=call.dial_after)


@router.delete("/call")
def cancel_call(conversation_id: str, actor: Agent, session: Writing) -> Done:
    """Don't make the call that is planned, whoever asked for it."""
    planned = dialling.planned(session, conversation_id)
    if planned is None:
        raise NotFound("No call is planned in this conversation.")
    dialling.cancel(session, planned, "A teammate cancelled it.", by=actor.id)
    return Done()


@router.post("/take-call")
def take_call(conversation_id: str, actor: Agent) -> Done:
    """The call that is running rings at the teammate's own phone."""
    with transaction() as session:
        running = _running(phone_calls.running(session, conversation_id))
        teammate = teams.find_teammate(session, actor.id)
        move = dialling.bring_to(session, phone_calls.lock(session, running.id), teammate)
    if not redirect(move.account, move.carrier_id, move.url):
        with transaction() as session:
            dialling.leave_where_it_was(session, phone_calls.lock(session, running.id))
        raise Conflict("The carrier did not pass the call on; the assistant goes on with it.")
    return Done()


def _running(call: PhoneCall | None) -> PhoneCall:
    if call is None:
        raise NotFound("No call is running in this conversation.")
    return call
