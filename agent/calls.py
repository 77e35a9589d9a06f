"""The assistant on the phone: one spoken turn, answered while the caller waits.

What is said is stored before it is spoken; whoever speaks it (api/voice) reads it there. So it
does not matter which process thinks, and a crash in between loses nothing that was said.
"""

import re
from dataclasses import replace

from sqlalchemy.orm import Session

from agent import runs
from agent.aloud import MOST_WORDS, aloud, shortened
from agent.apply import note_what_was_understood
from agent.decide import opening
from agent.gather import gather
from agent.in_force import in_force
from agent.think import think
from agent.turn import Clarify, Draft, HandOff, Reply, Resolve, Said, Smalltalk, Thought, Turn
from core import holder
from core.db import reading, transaction
from core.log import about, log
from core.say import say
from desk import conversations, phone_calls
from desk.conversations import Thread
from desk.envelope import Strength
from desk.messages import Author, Message
from desk.phone_calls import PhoneCall, Saying, Stage, Utterance
from escalation.hand_off import hand_off
from retrieval.library import Library

PEOPLE, GOODBYE = "people", "goodbye"
_MORE = re.compile(
    r"(yes|yeah|yep|sure|please|more|go on|continue|ja|gerne|bitte|mehr|weiter|oui|plus|sí|si|más)"
    r"(\s+(please|bitte|gerne|s'il vous plaît|por favor|more|mehr|go on))*",
    re.IGNORECASE,
)


def hear(session: Session, call: PhoneCall, turn: int, text: str) -> None:
    """The caller has spoken: whatever was still being thought or said before ends here."""
    for before in phone_calls.said_in(session, call.id):
        if before.turn < turn and before.state in (Saying.THINKING, Saying.SPEAKING):
            before.state = Saying.CUT
    phone_calls.heard(session, call, turn, text)


def answer(call_id: str, turn: int, library: Library) -> None:
    """Think about what the caller said in this turn, once, and store what to say."""
    with about(call=call_id):
        with transaction() as session:
            asked = _claim(session, call_id, turn)
        if asked is None:
            return
        voice = CallVoice(call_id, turn, asked.language)
        try:
            with reading() as session:
                using = in_force(session, library, asked.proof)
            thought = think(asked, library, answerer=using.answerer, head=using.head, voice=voice)
        except Exception as wrong:
            log.exception("thinking_failed")
            thought = _trouble(wrong)
        with transaction() as session:
            _act(session, call_id, turn, asked, thought)


def _claim(session: Session, call_id: str, turn: int) -> Turn | None:
    call = phone_calls.lock(session, call_id)
    asked = phone_calls.utterance(session, call_id, turn, Author.CUSTOMER)
    if call.stage != Stage.TALKING or asked is None:
        return None
    known = phone_calls.utterance(session, call_id, turn, Author.ASSISTANT)
    if known and (known.state != Saying.THINKING or _is_held(known)):
        return None
    if known is None and (rest := _asked_for_more(session, call, turn, asked.text)):
        said, rest = _split(rest, language_of(call))
        phone_calls.say(session, call, turn, said, rest=rest)
        return None
    if known:
        known.claimed_by = holder.this_process()
    else:
        phone_calls.say(
            session, call, turn, "", state=Saying.THINKING, claimed_by=holder.this_process()
        )
    return _turn(session, call)


def _is_held(row: Utterance) -> bool:
    return row.claimed_by is not None and row.claimed_by not in holder.gone()


def _asked_for_more(session: Session, call: PhoneCall, turn: int, text: str) -> str:
    before = phone_calls.utterance(session, call.id, turn - 1, Author.ASSISTANT)
    wanted = _MORE.fullmatch(text.strip(" .,!?"))
    return before.rest if before and wanted else ""


def _turn(session: Session, call: PhoneCall) -> Turn:
    """Only this call, whatever else is on record: a caller id proves nothing, so nothing of the
    customer's may be known here that could then be told to somebody else."""
    conversation = conversations.find(session, call.conversation_id)
    thread = session.get_one(Thread, call.thread_id)
    message = session.get_one(Message, call.message_id)
    return replace(
        gather(session, conversation, thread),
        said=_said(session, call),
        proof=Strength(message.proof or Strength.CLAIMED),
        language=language_of(call),
        customer_name="",
        history=(),
        facts=(),
    )


def _said(session: Session, call: PhoneCall) -> tuple[Said, ...]:
    return tuple(
        Said("customer" if one.author == Author.CUSTOMER else "assistant", one.text, one.created_at)
        for one in phone_calls.said_in(session, call.id)
        if one.text
    )


def language_of(call: PhoneCall) -> str:
    """de-DE is de."""
    return call.language.split("-")[0].lower()


def _split(text: str, language: str) -> tuple[str, str]:
    """What is said now, with an offer of the rest."""
    said, rest = shortened(text)
    return (f"{said} {say('phone_more', language)}" if rest else said), rest


class CallVoice:
    """An answer in a call that grows as its sentences are verified (agent.turn.Voice)."""

    def __init__(self, call_id: str, turn: int, language: str) -> None:
        self._call_id, self._turn, self._language = call_id, turn, language

    def open(self, confidence: float) -> bool:
        return self._change(Saying.THINKING, "")

    def say(self, sentence: str) -> bool:
        return self._change(Saying.SPEAKING, aloud(sentence, self._language))

    def _change(self, expected: Saying, more: str) -> bool:
        """Add to the utterance, unless it was cut or the call has gone elsewhere."""
        with transaction() as session:
            call = phone_calls.lock(session, self._call_id)
            row = _assistants(session, self._call_id, self._turn)
            if call.stage != Stage.TALKING or row.state != expected:
                return False
            row.state = Saying.SPEAKING
            words = len(f"{row.text} {more}".split())
            if row.rest or (row.text and words > MOST_WORDS):
                row.rest = f"{row.rest} {more}".strip()
            else:
                row.text = f"{row.text} {more}".strip()
            phone_calls.changed(session, call)
            return True


def _assistants(session: Session, call_id: str, turn: int) -> Utterance:
    row = phone_calls.utterance(session, call_id, turn, Author.ASSISTANT)
    assert row is not None
    session.refresh(row)
    return row


def _trouble(wrong: Exception) -> Thought:
    decision = HandOff("error", f"The assistant broke off with {type(wrong).__name__}.", "")
    return Thought(decision, 0.0, None, {"error": type(wrong).__name__})


def _act(session: Session, call_id: str, turn: int, asked: Turn, thought: Thought) -> None:
    """Store what to say and what follows, unless the caller has spoken again or is gone."""
    call = phone_calls.lock(session, call_id)
    row = _assistants(session, call_id, turn)
    if call.stage != Stage.TALKING or row.state not in (Saying.THINKING, Saying.SPEAKING):
        row.run_id = runs.keep(session, asked, thought, "cut while speaking").id
        return
    run = runs.keep(session, asked, thought, "applied")
    row.run_id = run.id
    conversation = conversations.lock(session, call.conversation_id)
    note_what_was_understood(conversation, thought)
    _put_in_words(row, thought, language_of(call))
    row.state = Saying.SAID
    match thought.decision:
        case HandOff(reason, explanation):
            row.then = PEOPLE
            hand_off(session, conversation, reason, explanation, run.id)
        case Draft(_, _, reason):
            row.then = PEOPLE
            hand_off(session, conversation, "draft", reason, run.id)
        case Resolve():
            row.then = GOODBYE
    if row.then != PEOPLE:
        conversation.waiting_since = None
    phone_calls.changed(session, call)


def _put_in_words(row: Utterance, thought: Thought, language: str) -> None:
    """The words that are not said yet."""
    match thought.decision:
        case Reply(answer) if row.state == Saying.THINKING:
            row.text, row.rest = _split(aloud(answer.text, language), language)
        case Reply():
            row.text = f"{row.text} {say('phone_more', language)}" if row.rest else row.text
        case Clarify(question, choices):
            row.text = aloud(f"{question} {_choice(choices, language)}", language)
        case HandOff(reason):
            words = say("phone_sorry", language) if reason == "error" else opening(reason, language)
            row.text, row.rest = f"{row.text} {words}".strip(), ""
        case Draft():
            row.text = opening("policy", language)
        case Smalltalk(text) | Resolve(text):
            row.text = aloud(text, language)


def _choice(choices: tuple[str, ...], language: str) -> str:
    if not choices:
        return ""
    *others, last = choices
    start = ", ".join(others)
    return f"{start}, {say('phone_or', language)} {last}?" if others else f"{last}?"


def give_up(session: Session, call: PhoneCall, turn: int) -> None:
    """No answer in time: a person takes it. What comes later is not said."""
    row = phone_calls.say(session, call, turn, "", state=Saying.THINKING)
    session.refresh(row)
    if row.state not in (Saying.THINKING, Saying.SPEAKING):
        return
    row.text = f"{row.text} {say('phone_sorry', language_of(call))}".strip()
    row.state, row.then = Saying.SAID, PEOPLE
    conversation = conversations.lock(session, call.conversation_id)
    hand_off(session, conversation, "error", "The assistant took too long to answer on the phone.")
    phone_calls.changed(session, call)


def to_people(session: Session, call: PhoneCall, turn: int, explanation: str) -> None:
    """The caller pressed zero: no thinking about that."""
    row = phone_calls.say(session, call, turn, "", state=Saying.SAID)
    row.text, row.state, row.then = say("asked_for_person", language_of(call)), Saying.SAID, PEOPLE
    conversation = conversations.lock(session, call.conversation_id)
    hand_off(session, conversation, "asked_for_person", explanation)
    phone_calls.changed(session, call)


def leave_to_people(session: Session, call: PhoneCall, turn: int, explanation: str) -> None:
    """The assistant can't go on with this call, whatever the caller wants."""
    row = phone_calls.say(session, call, turn, "", state=Saying.SAID)
    row.state, row.then = Saying.SAID, PEOPLE
    conversation = conversations.lock(session, call.conversation_id)
    hand_off(session, conversation, "error", explanation)
    phone_calls.changed(session, call)


def cut(session: Session, call: PhoneCall, heard: str) -> None:
    """The caller interrupted: of what was being said, only what was heard counts."""
    spoken = [one for one in phone_calls.said_in(session, call.id) if one.author != Author.CUSTOMER]
    row = next((one for one in reversed(spoken) if one.state != Saying.THINKING), None)
    if row is None or row.state == Saying.CUT:
        return
    place = row.text.rfind(heard.strip()) if heard.strip() else 0
    if place >= 0:
        row.text = row.text[: place + len(heard.strip())]
    row.state, row.rest = Saying.CUT, ""
    phone_calls.changed(session, call)
