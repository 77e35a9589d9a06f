"""What comes next in a call, asked of the same steps that carriers ask over HTTP."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from fastapi import FastAPI
from lxml import etree

from api.voice import calls, people, taking
from api.voice.carrier import Told
from connectors.channels.voice import twiml
from desk.inboxes import Inbox

ANSWER, STATUS = "answer", "status"


def ask(
    app: FastAPI, inbox: Inbox, channel_id: str, address: str, form: Mapping[str, str]
) -> "etree._Element":
    """The steps at an address like `heard?turn=1`, as TwiML has them."""
    told = Told(inbox, {"CallSid": channel_id, **form})
    split = urlsplit(address)
    return etree.fromstring(_answer(app, told, split.path, dict(parse_qsl(split.query))))


def people_at_once(inbox: Inbox, channel_id: str, number: str, why: str) -> "etree._Element":
    told = Told(inbox, {"CallSid": channel_id, "From": number})
    return etree.fromstring(taking.straight_to_people(told, why).xml())


def _answer(app: FastAPI, told: Told, path: str, query: dict[str, str]) -> bytes:
    call, teammate = query.get("call", ""), query.get("teammate", "")
    turn, rounds = int(query.get("turn", 1)), int(query.get("rounds", 1))
    match path:
        case "answer":
            return bytes(calls.answer(told, call).body)
        case "heard":
            return calls.hear(told, app, turn, int(query.get("silences", 0))).xml()
        case "wait":
            return calls.wait_on(told, app, turn, rounds).xml()
        case "whisper":
            return bytes(people.whisper(told, call, teammate).body)
        case "taken":
            return bytes(people.taken(told, call, teammate).body)
        case "bring":
            return bytes(people.bring(told, call, teammate).body)
        case "dialled":
            return bytes(people.dialled(told, query.get("after", "")).body)
        case "recorded":
            return bytes(people.recorded(told).body)
        case "recording":
            people.recording(told)
        case "transcribed":
            people.transcribed(told)
        case "status":
            people.status(told, call)
        case _:
            raise ValueError(f"There is no step {path}.")
    return twiml.Response().xml()
