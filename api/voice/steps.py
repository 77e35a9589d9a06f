"""What a caller hears next, as the call's rows say."""

import time

from sqlalchemy.orm import Session

from agent import calls
from agent.aloud import aloud
from api.voice.carrier import Told
from connectors.channels.voice.twiml import Person, Response
from core.clock import now
from core.db import reading, transaction
from core.say import say
from desk import conversations, phone_calls
from desk.company import company
from desk.messages import Author, Direction, Message
from desk.phone_calls import PhoneCall, Saying, Stage
from escalation import phone
from escalation.hours import in_words
from escalation.routing import people_return

PATIENCE = 4.0
"""Seconds until the caller is told to wait a moment."""
ROUND = 7.0
"""Seconds between two such moments; carriers give up on a request after 15."""
MOST_ROUNDS = 3
MOST_SILENCES = 3
LOOK_EVERY = 0.05


def greeting(session: Session, told: Told, call: PhoneCall) -> str:
    """Who speaks: an automatic assistant, and how to reach a person instead. Said in every call."""
    language = calls.language_of(call)
    name = company(session).name or say("us", language)
    message = session.get_one(Message, call.message_id)
    if message.direction == Direction.OUT:
        words = say("phone_we_call", language, company=name, reason=aloud(call.reason, language))
    else:
        words = say("phone_greeting", language, company=name)
        words = " ".join([words, *_other_languages(told)])
    if told.inbox.disclosure:
        words = f"{aloud(told.inbox.disclosure, language)} {words}"
    return words


def _other_languages(told: Told) -> list[str]:
    return [
        say("phone_language", language.split("-")[0].lower(), digit=str(number))
        for number, language in enumerate(told.languages[1:9], 2)
    ]


def language_by_key(told: Told, digit: str) -> str:
    """The language a caller has chosen by a key, "" when the key means none."""
    place = int(digit) - 1 if digit.isascii() and digit.isdigit() else 0
    return told.languages[place] if 0 < place < len(told.languages) else ""


def after_silence(call: PhoneCall, turn: int) -> Response:
    """Ask again, twice; then end it politely."""
    language = calls.language_of(call)
    if call.silences >= MOST_SILENCES:
        return Response().say(say("phone_silent_end", language), call.language).hang_up()
    return listening(say("phone_silence", language), call, turn)


def listening(text: str, call: PhoneCall, turn: int) -> Response:
    """What follows a silence says how many there were: told twice, it is still one."""
    step = f"heard?turn={turn}" + (f"&silences={call.silences}" if call.silences else "")
    return Response().listen(text, call.language, step)


def wait_for(told: Told, call_id: str, turn: int, rounds: int) -> Response:
    """The answer to this turn, or a request for a little patience, a few times."""
    deadline = time.monotonic() + (ROUND if rounds else PATIENCE)
    while time.monotonic() < deadline:
        with reading() as session:
            row = phone_calls.utterance(session, call_id, turn, Author.ASSISTANT)
        if row and row.state in (Saying.SAID, Saying.CUT):
            return follow(told, call_id, turn)
        time.sleep(LOOK_EVERY)
    if rounds >= MOST_ROUNDS:
        with transaction() as session:
            calls.give_up(session, phone_calls.lock(session, call_id), turn)
        return follow(told, call_id, turn)
    with reading() as session:
        call = phone_calls.find(session, call_id)
    words = say("phone_moment", calls.language_of(call))
    return Response().say(words, call.language).go_to(f"wait?turn={turn}&rounds={rounds + 1}")


def follow(told: Told, call_id: str, turn: int, *, heard: int = 0) -> Response:
    """Say the turn's words, from `heard` characters on, and do what follows them."""
    with transaction() as session:
        call = phone_calls.lock(session, call_id)
        row = phone_calls.utterance(session, call_id, turn, Author.ASSISTANT)
        words = row.text[heard:].strip() if row else ""
        if row and row.then == calls.PEOPLE:
            return to_people(session, told, call, words)
        if row and row.then == calls.GOODBYE:
            conversation = conversations.lock(session, call.conversation_id)
            if not conversation.with_person:
                conversations.resolve(session, conversation, by="assistant")
            return Response().say(words, call.language).hang_up()
        return listening(words, call, turn + 1)


def to_people(
    session: Session, told: Told, call: PhoneCall, words: str = "", *, after: str = ""
) -> Response:
    """Ring whoever may take the call, `after` somebody who did not the others of the queue; else
    take a message and owe the caller a call."""
    response = Response().say(words, call.language)
    people = phone.reachable(session, call, after=after)
    if not people:
        return voicemail(session, told, call, response)
    phone_calls.move(session, call, Stage.TRANSFERRING)
    news = "phone_moment" if after else "phone_through"
    response.say(say(news, calls.language_of(call)), call.language)
    cold = told.inbox.config.get("transfer") == "cold"
    path = "taken" if cold else "whisper"
    rung = [Person(one.phone, f"{path}?call={call.id}&teammate={one.id}") for one in people]
    recorded = "recording" if told.inbox.config.get("record") == "yes" else ""
    rest = f"dialled?after={people[0].id}" if len(people) == 1 and not after else "dialled"
    return response.dial(rung, rest, told.inbox.config.get("number", ""), record=recorded)


def voicemail(session: Session, told: Told, call: PhoneCall, response: Response) -> Response:
    phone.owe_callback(session, call, "Nobody could take the call.")
    phone_calls.move(session, call, Stage.VOICEMAIL)
    language = calls.language_of(call)
    back = people_return(phone.queue_of(session, call))
    when = aloud(in_words(back, now(), language), language) if back else ""
    words = say("phone_nobody_until" if when else "phone_nobody", language, when=when)
    return response.say(words, call.language).record("recorded", "transcribed").hang_up()
