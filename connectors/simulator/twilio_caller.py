"""A caller on a simulated carrier: fetches our TwiML, plays it strictly, and talks back.

An unknown verb, attribute or frame is an error, as it is at the carrier.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

import httpx
from lxml import etree
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from connectors.channels.twilio.signature import sign

VERBS: dict[str, tuple[str, ...]] = {
    "Response": (),
    "Say": ("language", "voice", "loop"),
    "Gather": (
        "input",
        "action",
        "method",
        "language",
        "speechTimeout",
        "timeout",
        "numDigits",
        "actionOnEmptyResult",
        "finishOnKey",
        "hints",
    ),
    "Pause": ("length",),
    "Redirect": ("method",),
    "Dial": (
        "action",
        "method",
        "timeout",
        "callerId",
        "record",
        "recordingStatusCallback",
    ),
    "Number": ("url", "method"),
    "Sip": ("url", "method"),
    "Record": (
        "action",
        "method",
        "maxLength",
        "timeout",
        "finishOnKey",
        "playBeep",
        "transcribe",
        "transcribeCallback",
    ),
    "Connect": ("action", "method"),
    "ConversationRelay": (
        "url",
        "welcomeGreeting",
        "welcomeGreetingInterruptible",
        "language",
        "interruptible",
        "dtmfDetection",
    ),
    "Language": ("code", "ttsProvider", "voice"),
    "Hangup": (),
}
WITHIN = {
    "Say": ("Response", "Gather"),
    "Number": ("Dial",),
    "Sip": ("Dial",),
    "ConversationRelay": ("Connect",),
    "Language": ("ConversationRelay",),
}
FRAMES: dict[str, dict[str, type]] = {
    "text": {"token": str, "last": bool, "lang": str, "interruptible": bool},
    "language": {"ttsLanguage": str, "transcriptionLanguage": str},
    "end": {"handoffData": str},
    "play": {"source": str},
    "sendDigits": {"digits": str},
}
MOST_STEPS = 40


class CarrierError(Exception):
    """What a carrier would end the call for."""


@dataclass
class Pickup:
    """What a teammate's phone does when it rings: `key` is pressed after the whisper."""

    answers: bool = True
    key: str = "1"
    heard: list[str] = field(default_factory=list)


@dataclass
class Caller:
    """Somebody who calls a number of ours, or is called by us (`call_sid`, `answer_url`)."""

    voice_url: str
    """.../voice/{inbox}"""
    auth_token: str
    number: str = "+4915112345678"
    called: str = "+493023125410"
    account_sid: str = "AC" + "0" * 32
    call_sid: str = field(default_factory=lambda: "CA" + uuid4().hex)
    verstat: str = ""
    outgoing: bool = False
    heard: list[str] = field(default_factory=list)
    """All that was said to the caller, in order."""
    phones: dict[str, Pickup] = field(default_factory=dict)
    """Who picks up, by number; others let it ring."""
    languages: list[str] = field(default_factory=list)
    talking_to: str = ""
    over: bool = False
    rung: list[str] = field(default_factory=list)
    """Whose phones have rung for this call, in order."""
    posted: list[str] = field(default_factory=list)
    on_say: Callable[[str], None] | None = None

    def __post_init__(self) -> None:
        self._http = httpx.Client(timeout=20)
        self._gather: tuple[str, etree._Element] | None = None
        self._record: tuple[str, str] | None = None
        self._relay: ClientConnection | None = None
        self._relay_action = ""
        self._lines = ExitStack()
        self._steps = 0

    def __enter__(self) -> "Caller":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()
        self._http.close()

    def call(self, query: str = "", **form: str) -> "Caller":
        """Ring, and listen to the greeting."""
        self._fetch(f"{self.voice_url}/answer{query}", **form)
        return self

    def says(self, words: str, confidence: str = "0.92") -> None:
        if self._relay:
            return self._send(type="prompt", voicePrompt=words, lang=self._language, last=True)
        self._answers(SpeechResult=words, Confidence=confidence)

    def presses(self, digit: str) -> None:
        if self._relay:
            return self._send(type="dtmf", digit=digit)
        self._answers(Digits=digit)

    def stays_silent(self) -> None:
        if self._relay:
            return None
        self._answers(SpeechResult="")

    def leaves_message(self, transcript: str = "", url: str = "") -> None:
        """Speak to the voicemail."""
        if self._record is None:
            raise CarrierError("Nothing is being recorded.")
        action, transcribed = self._record
        self._record = None
        recording = url or f"https://api.twilio.com/2010-04-01/Recordings/RE{uuid4().hex}"
        if transcript:
            self.post(transcribed, TranscriptionText=transcript, TranscriptionStatus="completed")
        self._fetch(action, RecordingUrl=recording, RecordingDuration="7")

    def hangs_up(self, seconds: int = 12) -> None:
        """Also what happens when our side ends the call."""
        if self._relay:
            self._relay.close()
            self._relay = None
        self._gather = self._record = None
        self.over = True
        self.reports("completed", CallDuration=str(seconds))

    def reports(self, state: str, query: str = "", **form: str) -> None:
        """A status callback."""
        self.post(f"{self.voice_url}/status{query}", CallStatus=state, **form)

    @property
    def last(self) -> str:
        return self.heard[-1] if self.heard else ""

    @property
    def is_recorded(self) -> bool:
        return self._record is not None

    @property
    def is_listened_to(self) -> bool:
        return self._gather is not None or self._relay is not None

    @property
    def is_streamed(self) -> bool:
        return self._relay is not None

    @property
    def _language(self) -> str:
        return self.languages[-1] if self.languages else "en-US"

    # Over HTTP.

    def post(self, url: str, *, signature: str | None = None, **form: str) -> httpx.Response:
        """A signed form, as the carrier posts it."""
        direction = "outbound-api" if self.outgoing else "inbound"
        ours, theirs = (
            (self.number, self.called) if not self.outgoing else (self.called, self.number)
        )
        fields = {
            "CallSid": self.call_sid,
            "AccountSid": self.account_sid,
            "From": ours,
            "To": theirs,
            "CallStatus": "in-progress",
            "Direction": direction,
            "ApiVersion": "2010-04-01",
            **({"StirVerstat": self.verstat} if self.verstat else {}),
            **form,
        }
        given = sign(self.auth_token, url, list(fields.items())) if signature is None else signature
        self.posted.append(url)
        return self._http.post(url, data=fields, headers={"X-Twilio-Signature": given})

    def _answers(self, **form: str) -> None:
        if self._gather is None:
            raise CarrierError("Nobody is listening to the caller.")
        action, _ = self._gather
        self._gather = None
        self._fetch(action, **form)

    def _fetch(self, url: str, **form: str) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise CarrierError("The call goes round in circles.")
        answer = self.post(url, **form)
        if answer.status_code != 200:
            raise CarrierError(f"HTTP {answer.status_code} from {url}: {answer.text[:200]}")
        self._play(parsed(answer.content), url)

    def _play(self, response: etree._Element, url: str) -> None:
        for verb in response:
            if self._does(verb, url):
                return
        if not self.over:
            self.hangs_up()

    def _does(self, verb: etree._Element, url: str) -> bool:
        """Play one verb; True when what follows it is not played now."""
        match verb.tag:
            case "Say":
                self._hears(verb.text or "", verb.get("language", ""))
            case "Gather":
                for said in verb:
                    self._does(said, url)
                self._gather = (urljoin(url, verb.get("action", "")), verb)
                return True
            case "Redirect":
                self._fetch(urljoin(url, verb.text or ""))
                return True
            case "Dial":
                self._rings(verb, url)
                return True
            case "Record":
                self._record = (
                    urljoin(url, verb.get("action", "")),
                    urljoin(url, verb.get("transcribeCallback", "")),
                )
                return True
            case "Connect":
                self._connects(verb, url)
                return True
            case "Hangup":
                self.hangs_up()
                return True
        return False

    def _hears(self, words: str, language: str = "") -> None:
        self.heard.append(words)
        if language:
            self.languages.append(language)
        if self.on_say:
            self.on_say(words)

    def _rings(self, dial: etree._Element, url: str) -> None:
        for phone in dial:
            self.rung.append(phone.text or "")
            pickup = self.phones.get(phone.text or "")
            if (
                pickup
                and pickup.answers
                and self._accepts(pickup, urljoin(url, phone.get("url", "")))
            ):
                self.talking_to = phone.text or ""
                return
        action = urljoin(url, dial.get("action", ""))
        self._fetch(action, DialCallStatus="no-answer")

    def _accepts(self, pickup: Pickup, url: str) -> bool:
        """The teammate's leg: hears the whisper and presses a key; whether they are joined."""
        for _ in range(3):
            form = {"Digits": pickup.key} if pickup.heard and "taken" in url else {}
            leg = parsed(self.post(url, CallSid="CA" + uuid4().hex, **form).content)
            if len(leg) == 0:
                return True
            gather = leg.find("Gather")
            if gather is None:
                return False
            pickup.heard += [said.text or "" for said in gather.iter("Say")]
            if not pickup.key:
                return False
            url = urljoin(url, gather.get("action", ""))
        return False

    def ends_talk(self, seconds: int = 60) -> None:
        """The teammate and the caller have finished."""
        self.talking_to = ""
        self._fetch(f"{self.voice_url}/dialled", DialCallStatus="completed")

    # Over ConversationRelay.

    def _connects(self, verb: etree._Element, url: str) -> None:
        relay = verb[0]
        self._relay_action = urljoin(url, verb.get("action", ""))
        target = relay.get("url", "")
        self._hears(relay.get("welcomeGreeting", ""), relay.get("language", ""))
        headers = {"X-Twilio-Signature": sign(self.auth_token, target)}
        line = connect(target, additional_headers=headers, open_timeout=10)
        self._relay = self._lines.enter_context(line)
        self._send(
            type="setup",
            sessionId="VX" + uuid4().hex,
            callSid=self.call_sid,
            **{"from": self.number, "to": self.called},
            direction="inbound",
            customParameters={},
        )

    def sends(self, raw: str) -> None:
        """A frame as it stands, however broken."""
        assert self._relay is not None
        self._relay.send(raw)

    def _send(self, **frame: object) -> None:
        self.sends(json.dumps(frame))

    def interrupts(self, heard: str) -> None:
        self._send(type="interrupt", utteranceUntilInterrupt=heard, durationUntilInterruptMs=900)

    def listens(self, until_last: bool = True, timeout: float = 30) -> str:
        """Hear what comes over the relay until it is complete; returns it."""
        words = ""
        for frame in self._frames(timeout):
            if frame["type"] == "text":
                words += str(frame["token"])
                if frame["last"] or not until_last:
                    break
            elif frame["type"] == "language":
                self.languages.append(str(frame["ttsLanguage"]))
            elif frame["type"] == "end":
                self._hears(words) if words else None
                self._relay = None
                self._fetch(
                    self._relay_action,
                    SessionStatus="ended",
                    HandoffData=str(frame.get("handoffData", "")),
                )
                return words
        self._hears(words)
        return words

    def _frames(self, timeout: float) -> Iterator[dict[str, Any]]:
        assert self._relay is not None
        while True:
            try:
                frame = json.loads(self._relay.recv(timeout=timeout))
            except ConnectionClosed as closed:
                raise CarrierError("The relay was closed without an end.") from closed
            known = FRAMES.get(frame.get("type"))
            if known is None:
                raise CarrierError(f"64107: unknown frame {frame}")
            for name, value in frame.items():
                if name != "type" and not isinstance(value, known.get(name, type(None))):
                    raise CarrierError(f"64107: {name} in {frame}")
            yield frame

    def drops(self) -> None:
        """The line to our WebSocket breaks; the carrier asks the action's address."""
        assert self._relay is not None
        self._relay.close()
        self._relay = None
        self._fetch(self._relay_action, SessionStatus="failed")


def parsed(content: bytes) -> etree._Element:
    """TwiML as a carrier reads it: every verb and attribute must be known and in its place."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as wrong:
        raise CarrierError(f"12100: {wrong}") from wrong
    if root.tag != "Response":
        raise CarrierError("12100: the document is no Response")
    for element in root.iter():
        _check(element, root)
    return root


def _check(element: etree._Element, root: etree._Element) -> None:
    tag = str(element.tag)
    if tag not in VERBS:
        raise CarrierError(f"12200: unknown verb {tag}")
    unknown = [str(name) for name in element.attrib if name not in VERBS[tag]]
    if unknown:
        raise CarrierError(f"12200: {tag} has no attribute {unknown[0]}")
    parent = element.getparent()
    where = str(parent.tag) if parent is not None else "Response"
    allowed: Sequence[str] = WITHIN.get(tag, ("Response",))
    if parent is not None and where not in allowed:
        raise CarrierError(f"12200: {tag} may not stand in {where}")
    if tag == "Say" and not (element.text or "").strip():
        raise CarrierError("12200: nothing to say")
