"""Calls and people: whose phone rings, what they hear first, and what is owed to a caller."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from desk import conversations, phone_calls, teams
from desk.messages import Direction, Message
from desk.phone_calls import PhoneCall, Saying, Stage
from desk.teams import Queue, Teammate
from escalation.hand_off import hand_off, latest
from escalation.hours import in_words, next_opening
from escalation.routing import people_are_there, queue_for

MOST_PHONES = 10
"""As many as carriers ring at once."""
SILENT_AFTER = {
    Stage.TALKING: timedelta(minutes=3),
    Stage.TRANSFERRING: timedelta(minutes=3),
    Stage.VOICEMAIL: timedelta(minutes=10),
    Stage.RINGING: timedelta(minutes=5),
}
"""A call in this stage of which nothing is heard for so long has broken off."""


def queue_of(session: Session, call: PhoneCall) -> Queue:
    conversation = conversations.find(session, call.conversation_id)
    if conversation.queue_id:
        return session.get_one(Queue, conversation.queue_id)
    return queue_for(session, conversation)


def reachable(session: Session, call: PhoneCall, *, after: str = "") -> Sequence[Teammate]:
    """Whose phones may ring now: whoever owns the conversation, else those of its queue; `after`
    somebody did not pick up, the others of the queue."""
    queue = queue_of(session, call)
    if not people_are_there(queue):
        return ()
    conversation = conversations.find(session, call.conversation_id)
    there = [one for one in teams.members(session, queue.id) if one.available and one.phone]
    if after:
        return [one for one in there if one.id != after][:MOST_PHONES]
    owner = [one for one in there if one.id == conversation.assignee_id]
    return (owner or there)[:MOST_PHONES]


def whisper(session: Session, call: PhoneCall) -> str:
    """What a teammate hears before taking the call: why, and what was asked last."""
    row = latest(session, call.conversation_id)
    if row is None:
        return ""
    asked = row.summary.get("open") or row.summary.get("asked") or []
    words = " ".join(asked)[-240:]
    return f"{row.explanation} {words}".strip()


def taken(session: Session, call: PhoneCall, teammate: Teammate) -> None:
    """A teammate has the caller on the line now."""
    conversation = conversations.lock(session, call.conversation_id)
    conversations.take(session, conversation, teammate.id)
    conversation.waiting_since = None
    phone_calls.move(
        session, call, Stage.WITH_PERSON, taken_by=teammate.name, taken_by_id=teammate.id
    )


def has_it(session: Session, call: PhoneCall, teammate: Teammate) -> bool:
    """Whether this teammate talks with the caller now."""
    facts = session.get_one(Message, call.message_id).details
    return call.stage == Stage.WITH_PERSON and facts.get("taken_by_id") == teammate.id


def owe_callback(session: Session, call: PhoneCall, explanation: str) -> None:
    """A person is to call back once people are there; asked once per call."""
    if call.callback_due:
        return
    queue = queue_of(session, call)
    moment = now()
    due = next_opening(queue.hours, moment) or moment
    call.callback_due = due
    conversation = conversations.lock(session, call.conversation_id)
    hand_off(
        session,
        conversation,
        "callback",
        f"{explanation} Call back, due {in_words(due, moment)}.",
    )
    phone_calls.move(session, call, Stage(call.stage), callback_due=due.isoformat())


def ended(session: Session, call: PhoneCall, **facts: str) -> None:
    """The line is dead. Whatever the caller is still owed goes to a person."""
    before = Stage(call.stage)
    phone_calls.move(session, call, Stage.ENDED, **facts)
    if before == Stage.TRANSFERRING:
        owe_callback(session, call, "The caller hung up while waiting for a person.")
    elif before == Stage.TALKING and _is_unanswered(session, call):
        owe_callback(session, call, "The call ended before the caller had an answer.")


def _is_unanswered(session: Session, call: PhoneCall) -> bool:
    said = phone_calls.said_in(session, call.id)
    if not said or said[-1].turn == 0:
        return False
    last = said[-1]
    return last.author == "customer" or last.state in (Saying.THINKING, Saying.SPEAKING)


def unreached(session: Session, call: PhoneCall, stage: Stage, explanation: str) -> None:
    """A call of ours that reached nobody, or may have: a person decides what next."""
    if call.stage in phone_calls.OVER:
        return
    phone_calls.move(session, call, stage, result=explanation)
    conversation = conversations.lock(session, call.conversation_id)
    hand_off(session, conversation, "callback", explanation)


def broke_off(session: Session, call: PhoneCall) -> None:
    """This call's connection was lost while we were not there."""
    if call.stage not in phone_calls.OVER:
        _break_off(session, call)


def broken_off(session: Session) -> None:
    """Calls whose carrier has fallen silent, say because we were down when they ended."""
    for stage, silence in SILENT_AFTER.items():
        stuck = session.scalars(
            select(PhoneCall)
            .where(PhoneCall.stage == stage, PhoneCall.heard_at < now() - silence)
            .with_for_update(skip_locked=True)
            .limit(50)
        ).all()
        for call in stuck:
            _break_off(session, call)


def _break_off(session: Session, call: PhoneCall) -> None:
    message = session.get_one(Message, call.message_id)
    if message.direction == Direction.OUT and call.stage == Stage.RINGING:
        words = "Nothing more was heard of our call; the customer's phone may have rung."
        return unreached(session, call, Stage.UNKNOWN, words)
    phone_calls.move(session, call, Stage.ENDED, result="The connection broke off.")
    owe_callback(session, call, "The connection of a call broke off.")
