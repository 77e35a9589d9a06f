"""Which call it is that a carrier asks about."""

from sqlalchemy.orm import Session

from agent import calls
from api.voice import steps
from api.voice.carrier import Told
from connectors.channels.voice import caller, twiml
from core.db import transaction
from delivery import phone as incoming
from desk import phone_calls
from desk.phone_calls import PhoneCall, Stage


def known_call(session: Session, told: Told) -> PhoneCall | None:
    return phone_calls.by_carrier_id(session, told.inbox.id, told.call_id)


def theirs(session: Session, told: Told) -> PhoneCall:
    """A call that comes in; told of it again, it is the same one."""
    return incoming.take(
        session,
        told.inbox,
        told.call_id,
        caller.caller(told.form, told.form.get("From", "")),
        caller.proof(told.form),
        told.languages[0],
    )


def ours(session: Session, told: Told, call_id: str) -> PhoneCall:
    """A call that we ordered and that was answered."""
    call = phone_calls.of_line(session, told.inbox.id, call_id)
    call.carrier_id = call.carrier_id or told.call_id
    phone_calls.move(session, call, Stage.TALKING)
    return call


def straight_to_people(told: Told, why: str, *, ours_is: str = "") -> twiml.Response:
    """No conversation with the assistant is possible on this call: people, without questions."""
    with transaction() as session:
        if ours_is:
            call = ours(session, told, ours_is)
        else:
            call = known_call(session, told) or theirs(session, told)
        if call.stage != Stage.TALKING:
            return twiml.Response().hang_up()
        turn = phone_calls.last_turn(session, call.id) + 1
        calls.leave_to_people(session, call, turn, why)
    return steps.follow(told, call.id, turn)
