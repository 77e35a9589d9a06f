"""What a carrier reports about a call: how it goes, its recording, what was left on voicemail."""

import json
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.channels.voice import caller, lines
from connectors.channels.voice.channel import ELSEWHERE
from core import events
from core.clock import now
from core.db import transaction
from core.errors import NotFound
from core.log import about, log
from core.queue import enqueue
from delivery import inbound
from delivery import phone as incoming
from desk import inboxes, phone_calls
from desk.inboxes import Inbox
from desk.messages import Attachment, Direction, Message
from desk.phone_calls import PhoneCall, Stage
from escalation import phone

Form = Mapping[str, str]

ENDED = "completed"
NOT_REACHED = {
    "busy": "The customer's line was busy.",
    "no-answer": "The customer did not answer our call.",
    "failed": "The carrier could not connect our call.",
    "canceled": "Our call was cancelled.",
}
UNKNOWN_CALL = "This is about a call that this inbox does not know."
PASSED = (
    "The step failed when the caller was on the line, and a person was told. The call has gone on, "
    "so there is nothing to do again."
)


def status(session: Session, inbox: Inbox, form: Form, call_id: str = "") -> None:
    """How the call goes, and that it has ended."""
    call = _call(session, inbox, form, call_id)
    if call is None:
        _missed(session, inbox, form)
        return
    call.carrier_id = call.carrier_id or form.get("CallSid", "")
    _follow(session, call, form)


def _call(session: Session, inbox: Inbox, form: Form, call_id: str = "") -> PhoneCall | None:
    if not call_id:
        return phone_calls.by_carrier_id(session, inbox.id, form.get("CallSid", ""))
    return phone_calls.of_line(session, inbox.id, call_id)


def _missed(session: Session, inbox: Inbox, form: Form) -> None:
    """A call is over that never reached us, say because the service was down: people call back."""
    over = form.get("CallStatus", "") in (ENDED, *NOT_REACHED)
    if not over or form.get("Direction", "inbound") != "inbound":
        return
    who = caller.caller(form, form.get("From", ""))
    language = lines.languages(inbox.config)[0]
    sid, proof = form.get("CallSid", ""), caller.proof(form)
    call = incoming.take(session, inbox, sid, who, proof, language)
    phone_calls.move(session, call, Stage.ENDED, result="The service could not take this call.")
    phone.owe_callback(session, call, "The customer called while the service could not answer.")


def _follow(session: Session, call: PhoneCall, form: Form) -> None:
    state = form.get("CallStatus", "")
    facts = {}
    with suppress(ValueError):
        facts["duration"] = str(int(form.get("CallDuration", "")))
    message = session.get_one(Message, call.message_id)
    outgoing = message.direction == Direction.OUT
    if outgoing and state in NOT_REACHED:
        phone.unreached(session, call, Stage.FAILED, NOT_REACHED[state])
    elif state == ENDED or (not outgoing and state in NOT_REACHED):
        if call.stage not in phone_calls.OVER:
            phone.ended(session, call, **facts)
        else:
            message.details = {**message.details, **facts}
            events.append(session, "message.call", call.conversation_id, message=message.id)
    elif call.stage in (Stage.DIALLING, Stage.UNKNOWN) and outgoing:
        phone_calls.move(session, call, Stage.RINGING)


def recording(session: Session, inbox: Inbox, form: Form, name: str = "Recording") -> None:
    """Fetched from the carrier once; told of it again, nothing happens."""
    call = _known(session, inbox, form)
    url, ending, kind = _file(inbox, form)
    known = select(Attachment.id).where(
        Attachment.message_id == call.message_id, Attachment.reference == url
    )
    if not url or session.scalar(known.limit(1)):
        return
    attachment = Attachment(
        message_id=call.message_id, kind="voice", name=f"{name}.{ending}", type=kind
    )
    attachment.reference = url
    session.add(attachment)
    session.flush()
    enqueue(session, "media.fetch", attachment.id)
    seconds = form.get("RecordingDuration", "")[:10]
    phone_calls.move(session, call, Stage(call.stage), recorded_seconds=seconds)


def _known(session: Session, inbox: Inbox, form: Form) -> PhoneCall:
    call = _call(session, inbox, form)
    if call is None:
        raise NotFound(UNKNOWN_CALL)
    return call


def _file(inbox: Inbox, form: Form) -> tuple[str, str, str]:
    """Where it is and what it is: carriers make an MP3 of it when asked to, Asterisk a WAV."""
    named = form.get("RecordingUrl", "")[:1000]
    if inbox.kind == "asterisk":
        return named, "wav", "audio/wav"
    return f"{named}.mp3" if named else "", "mp3", "audio/mpeg"


def transcribed(session: Session, inbox: Inbox, form: Form) -> None:
    """What the caller said to the voicemail, where the carrier has written it down."""
    call = _known(session, inbox, form)
    words = form.get("TranscriptionText", "").strip()[:4000]
    message = session.get_one(Message, call.message_id)
    if words and message.details.get("voicemail") != words:
        turn = phone_calls.last_turn(session, call.id) + 1
        phone_calls.heard(session, call, turn, words)
        message.details = {**message.details, "voicemail": words}


def receive_again(event_id: str) -> None:
    """Replay what failed when the carrier told it: as far as it still makes sense."""
    with about(event=event_id):
        try:
            with transaction() as session:
                event = inbound.claim(session, event_id)
                if event is None:
                    return
                _again(session, inboxes.find(session, event.inbox_id), _told(event.body))
                event.done_at = now()
        except (NotFound, ValueError, KeyError) as wrong:
            log.warning("call_event_not_replayed", trouble=type(wrong).__name__)
            with transaction() as session:
                inbound.bury(session, event_id, str(wrong))


def _told(body: str) -> Mapping[str, object]:
    try:
        told = json.loads(body)
    except ValueError as wrong:
        raise ValueError(ELSEWHERE) from wrong
    return told if isinstance(told, dict) else {}


def _again(session: Session, inbox: Inbox, told: Mapping[str, object]) -> None:
    split = urlsplit(str(told["step"]))
    query = {name: values[0] for name, values in parse_qs(split.query).items()}
    given = told["form"]
    form = {str(k): str(v) for k, v in given.items()} if isinstance(given, dict) else {}
    match split.path:
        case "status":
            status(session, inbox, form, query.get("call", ""))
        case "recording":
            recording(session, inbox, form)
        case "recorded":
            recording(session, inbox, form, "Voicemail")
        case "transcribed":
            transcribed(session, inbox, form)
        case "heard" if form.get("SpeechResult"):
            _hear_late(session, _known(session, inbox, form), int(query["turn"]), form)
        case _:
            raise ValueError(PASSED)


def _hear_late(session: Session, call: PhoneCall, turn: int, form: Form) -> None:
    """The words belong into the transcript; whoever is still owed an answer to them gets a call."""
    phone_calls.heard(session, call, turn, form["SpeechResult"][:4000])
    if call.stage in phone_calls.OVER:
        phone.owe_callback(session, call, "The service failed when the caller said this.")
