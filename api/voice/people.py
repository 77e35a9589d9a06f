"""The part of a call that people have in it: whispering, taking it, voicemail, its end."""

from fastapi import APIRouter, Response

from agent import calls
from agent.aloud import aloud
from api.voice import steps
from api.voice.carrier import FromCarrier, answered, effect
from api.voice.guard import CallStep
from api.voice.taking import known_call
from connectors.channels.voice.twiml import Person
from connectors.channels.voice.twiml import Response as Twiml
from core.say import say
from desk import phone_calls, teams
from desk.phone_calls import Stage
from escalation import phone, reports

router = APIRouter(prefix="/voice/{inbox_id}", include_in_schema=False, route_class=CallStep)


@router.post("/whisper")
def whisper(told: FromCarrier, call: str, teammate: str) -> Response:
    """A teammate picked up: tell them what it is about before the caller is with them."""
    with effect(told) as session:
        ringing = phone_calls.of_line(session, told.inbox.id, call)
        language = calls.language_of(ringing)
        words = aloud(phone.whisper(session, ringing), language)
        if ringing.stage != Stage.TRANSFERRING:
            return answered(Twiml().hang_up())
    ask = f"Call for you. {words} Press 1 to take it."
    accept = f"taken?call={ringing.id}&teammate={teammate}"
    return answered(Twiml().press(ask, ringing.language, accept).hang_up())


@router.post("/taken")
def taken(told: FromCarrier, call: str, teammate: str) -> Response:
    """The teammate pressed 1, or is connected at once. An empty answer lets them talk."""
    accepts = told.form.get("Digits", "1") == "1"
    with effect(told) as session:
        ringing = phone_calls.of_line(session, told.inbox.id, call)
        person = teams.find_teammate(session, teammate)
        if (
            accepts
            and ringing.stage == Stage.WITH_PERSON
            and phone.has_it(session, ringing, person)
        ):
            return answered(Twiml())  # told again: they talk already
        if not accepts or ringing.stage != Stage.TRANSFERRING or not person.active:
            return answered(Twiml().hang_up())
        phone.taken(session, ringing, person)
    return answered(Twiml())


@router.post("/bring")
def bring(told: FromCarrier, call: str, teammate: str) -> Response:
    """A teammate has asked for this running call: their phone rings, without a whisper."""
    with effect(told) as session:
        running = phone_calls.of_line(session, told.inbox.id, call)
        person = teams.find_teammate(session, teammate)
        if running.stage != Stage.TRANSFERRING:
            return answered(Twiml().hang_up())
        phone_calls.move(session, running, Stage.TRANSFERRING)
        response = Twiml().say(say("phone_through", calls.language_of(running)), running.language)
        leg = Person(person.phone, f"taken?call={running.id}&teammate={person.id}")
        number = told.inbox.config.get("number", "")
        return answered(response.dial([leg], f"dialled?after={person.id}", number))


@router.post("/dialled")
def dialled(told: FromCarrier, after: str = "") -> Response:
    """Ringing colleagues is over: they talked, or nobody took it. `after` the one whose call it
    was, the others of the queue are next."""
    with effect(told) as session:
        call = known_call(session, told)
        if call is None or call.stage == Stage.WITH_PERSON or call.stage in phone_calls.OVER:
            return answered(Twiml().hang_up())
        if after and call.stage == Stage.TRANSFERRING:
            return answered(steps.to_people(session, told, call, after=after))
        return answered(steps.voicemail(session, told, call, Twiml()))


@router.post("/recorded")
def recorded(told: FromCarrier) -> Response:
    """The caller has left a message."""
    with effect(told) as session:
        call = known_call(session, told)
        if call is None:
            return answered(Twiml().hang_up())
        reports.recording(session, told.inbox, told.form, "Voicemail")
        words = say("phone_recorded", calls.language_of(call))
        return answered(Twiml().say(words, call.language).hang_up())


@router.post("/recording")
def recording(told: FromCarrier) -> Response:
    """The recording of a talk with a person is ready."""
    with effect(told) as session:
        reports.recording(session, told.inbox, told.form)
    return Response(status_code=204)


@router.post("/transcribed")
def transcribed(told: FromCarrier) -> Response:
    with effect(told) as session:
        reports.transcribed(session, told.inbox, told.form)
    return Response(status_code=204)


@router.post("/status")
def status(told: FromCarrier, call: str = "") -> Response:
    with effect(told) as session:
        reports.status(session, told.inbox, told.form, call)
    return Response(status_code=204)
