"""Phone calls turn by turn over plain HTTP: the carrier asks what to say next."""

from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from agent import calls
from api.voice import steps
from api.voice.carrier import FromCarrier, Told, answered, effect
from api.voice.guard import CallStep
from api.voice.relay import HandOver
from api.voice.taking import known_call, ours, theirs
from api.voice.thinking import think_about
from connectors.channels.voice import twiml
from core.say import say
from core.settings import settings
from desk import conversations, phone_calls
from desk.company import company
from desk.messages import Author, Direction, Message
from desk.phone_calls import PhoneCall, Stage
from escalation.phone import unreached

router = APIRouter(prefix="/voice/{inbox_id}", include_in_schema=False, route_class=CallStep)

Turn = Annotated[int, Query(ge=1, le=500)]
Silences = Annotated[int, Query(ge=0, le=9)]
MACHINES = ("machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax")
LONGEST_UTTERANCE = 4000


@router.post("/answer")
def answer(told: FromCarrier, call: str = "") -> Response:
    """The phone rings, or a call of ours was answered: greet, and say what is speaking."""
    with effect(told) as session:
        ringing = ours(session, told, call) if call else theirs(session, told)
        if ringing.stage in phone_calls.OVER:
            return answered(twiml.Response().hang_up())
        if told.form.get("AnsweredBy", "") in MACHINES:
            return answered(_to_machine(session, ringing))
        conversation = conversations.find(session, ringing.conversation_id)
        message = session.get_one(Message, ringing.message_id)
        if conversation.with_person and message.direction == Direction.IN:
            # The matter is with people: the caller is not questioned once more by a machine.
            return answered(steps.to_people(session, told, ringing))
        greeting = steps.greeting(session, told, ringing)
        phone_calls.say(session, ringing, 0, greeting)
        if told.inbox.config.get("mode") == "relay":
            return answered(_relayed(told, ringing, greeting))
        return answered(steps.listening(greeting, ringing, 1))


def _to_machine(session: Session, call: PhoneCall) -> twiml.Response:
    """Nothing of the matter is said to a machine: anybody may listen to it."""
    unreached(session, call, Stage.FAILED, "Our call was answered by a machine.")
    language = calls.language_of(call)
    words = say("phone_machine", language, company=company(session).name or say("us", language))
    return twiml.Response().say(words, call.language).hang_up()


def _relayed(told: Told, call: PhoneCall, greeting: str) -> twiml.Response:
    base = (told.inbox.config.get("public_url") or settings().url).rstrip("/")
    socket = f"ws{base.removeprefix('http')}/voice/{told.inbox.id}/relay"
    languages = [call.language, *(one for one in told.languages if one != call.language)]
    return twiml.Response().relay(socket, "relayed", greeting, languages)


@router.post("/heard")
async def heard(
    told: FromCarrier, request: Request, turn: Turn, silences: Silences = 0
) -> Response:
    """The caller has said something, pressed a key, or nothing, as `silences` times before."""
    step = await run_in_threadpool(hear, told, request.app, turn, silences)
    return answered(step)


def hear(told: Told, app: FastAPI, turn: int, silences: int = 0) -> twiml.Response:
    """Keep what was heard, think about it, and say what comes next."""
    digits = told.form.get("Digits", "")[:1]
    words = told.form.get("SpeechResult", "").strip()[:LONGEST_UTTERANCE]
    with effect(told) as session:
        call = known_call(session, told)
        if call is None or call.stage != Stage.TALKING:
            return twiml.Response().hang_up()
        if digits == "0":
            calls.to_people(session, call, turn, "The caller pressed zero.")
        elif digits and (language := steps.language_by_key(told, digits)):
            call.language = language
            return steps.listening(steps.greeting(session, told, call), call, turn)
        elif not words:
            call.silences = silences + 1
            phone_calls.move(session, call, Stage.TALKING)
            return steps.after_silence(call, turn)
        else:
            calls.hear(session, call, turn, words)
    if digits != "0":
        think_about(app, call.id, turn)
    return steps.wait_for(told, call.id, turn, 0)


@router.post("/wait")
async def wait(
    told: FromCarrier, request: Request, turn: Turn, rounds: Annotated[int, Query(ge=1, le=9)] = 1
) -> Response:
    """The caller was asked for a moment; here they are again."""
    return answered(await run_in_threadpool(wait_on, told, request.app, turn, rounds))


def wait_on(told: Told, app: FastAPI, turn: int, rounds: int) -> twiml.Response:
    """The answer by now, or one more request for patience."""
    with effect(told) as session:
        call = known_call(session, told)
        if call is None or call.stage != Stage.TALKING:
            return twiml.Response().hang_up()
        phone_calls.move(session, call, Stage.TALKING)
    think_about(app, call.id, turn)  # again, should whoever thought about it be gone
    return steps.wait_for(told, call.id, turn, rounds)


@router.post("/relayed")
async def relayed(told: FromCarrier, request: Request) -> Response:
    """The WebSocket has ended: as we wished, or the line to it broke and we go on without."""
    return answered(await run_in_threadpool(_relay_ended, told, request))


def _relay_ended(told: Told, request: Request) -> twiml.Response:
    with effect(told) as session:
        call = known_call(session, told)
        if call is None or call.stage != Stage.TALKING:
            return twiml.Response().hang_up()
        turn = phone_calls.last_turn(session, call.id)
        open_turn = turn and phone_calls.utterance(session, call.id, turn, Author.CUSTOMER)
        sorry = say("phone_silence", calls.language_of(call))
    ending = HandOver.read(told.form.get("HandoffData", ""))
    if ending and ending.turn == turn:
        return steps.follow(told, call.id, turn, heard=ending.heard)
    if not open_turn:
        return steps.listening(sorry, call, max(turn, 0) + 1)
    think_about(request.app, call.id, turn)
    return steps.wait_for(told, call.id, turn, 0)
