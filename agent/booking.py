"""Calls that a customer asks for: booked within consent and hours, else a matter for people."""

from sqlalchemy.orm import Session

from agent.turn import BookCall, Calling, CancelCall, Turn
from agent.understand import Understood
from agent.wants_call import takes_call_back, wants_call
from core.errors import Conflict
from core.say import say
from desk.conversations import Conversation
from desk.envelope import Strength
from desk.inboxes import FREE
from escalation import dialling
from escalation.hours import in_words
from escalation.triggers import Risk


def about_a_call(turn: Turn, understood: Understood) -> Calling | None:
    """Book or cancel a call, where the customer asks for it and the channel proves who asks."""
    language = understood.language.code
    proven = turn.proof.rank >= Strength.ASSERTED.rank
    if not turn.may_be_called or not proven or turn.policy not in FREE:
        return None
    if turn.call_is_planned and takes_call_back(understood.asked):
        return CancelCall(say("callback_cancelled", language))
    if understood.stakes.risk >= Risk.R2 or understood.angry:
        return None
    at = wants_call(understood.asked, turn.moment)
    if at is None:
        return None
    if at <= turn.moment:
        return BookCall(at, say("callback_now", language))
    when = f"{in_words(at, turn.moment, language)} ({at:%Z})"
    return BookCall(at, say("callback_booked", language, when=when))


def book(session: Session, conversation: Conversation, wish: BookCall, language: str) -> str:
    """Plan the call, instead of one that was planned before; returns why it can't be, or ""."""
    try:
        with session.begin_nested():
            cancel(session, conversation, "Another time was asked for.")
            reason = say("callback_reason", language)
            dialling.request(session, conversation, reason, by=None, at=wish.at)
    except Conflict as refused:
        return refused.message
    return ""


def cancel(session: Session, conversation: Conversation, why: str) -> None:
    if planned := dialling.planned(session, conversation.id):
        dialling.cancel(session, planned, why, by=None)
