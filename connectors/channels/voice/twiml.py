"""What the carrier is told to do next, as TwiML. Texts are escaped, attributes are strings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LISTEN_SECONDS = 6


class Response:
    """Steps in their order."""

    def __init__(self) -> None:
        self._root = etree.Element("Response")

    def say(self, text: str, language: str) -> "Response":
        if text:
            _add(self._root, "Say", text, language=language)
        return self

    def listen(self, text: str, language: str, action: str, *, digits: int = 1) -> "Response":
        """Say something and wait for words or keys; `action` is told either, or silence."""
        gather = _add(
            self._root,
            "Gather",
            input="speech dtmf",
            action=action,
            method="POST",
            language=language,
            speechTimeout="auto",
            timeout=str(LISTEN_SECONDS),
            numDigits=str(digits),
            actionOnEmptyResult="true",
        )
        if text:
            _add(gather, "Say", text, language=language)
        return self

    def press(self, text: str, language: str, action: str) -> "Response":
        """Wait for one key only; without one the next step follows."""
        gather = _add(
            self._root,
            "Gather",
            input="dtmf",
            action=action,
            method="POST",
            timeout="8",
            numDigits="1",
        )
        _add(gather, "Say", text, language=language)
        return self

    def pause(self, seconds: int) -> "Response":
        _add(self._root, "Pause", length=str(seconds))
        return self

    def go_to(self, url: str) -> "Response":
        _add(self._root, "Redirect", url, method="POST")
        return self

    def dial(
        self, people: Sequence["Person"], action: str, caller_id: str, *, record: str = ""
    ) -> "Response":
        """Let these phones ring at once; the first who takes it has the call."""
        extra = (
            {"record": "record-from-answer", "recordingStatusCallback": record} if record else {}
        )
        dial = _add(
            self._root,
            "Dial",
            action=action,
            method="POST",
            timeout="20",
            callerId=caller_id,
            **extra,
        )
        for person in people:
            kind = "Sip" if person.address.startswith("sip") else "Number"
            _add(dial, kind, person.address, url=person.whisper_url, method="POST")
        return self

    def record(self, action: str, transcribed: str) -> "Response":
        _add(
            self._root,
            "Record",
            action=action,
            method="POST",
            maxLength="180",
            timeout="5",
            finishOnKey="#",
            playBeep="true",
            transcribe="true",
            transcribeCallback=transcribed,
        )
        return self

    def relay(self, url: str, action: str, greeting: str, languages: Sequence[str]) -> "Response":
        """Hand the call to a WebSocket; `action` is asked when that ends, however it ends."""
        connect = _add(self._root, "Connect", action=action, method="POST")
        relay = _add(
            connect,
            "ConversationRelay",
            url=url,
            welcomeGreeting=greeting,
            welcomeGreetingInterruptible="any",
            language=languages[0],
            interruptible="any",
            dtmfDetection="true",
        )
        for language in languages:
            _add(relay, "Language", code=language)
        return self

    def hang_up(self) -> "Response":
        _add(self._root, "Hangup")
        return self

    def xml(self) -> bytes:
        written: bytes = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8")
        return written


@dataclass(frozen=True)
class Person:
    """Somebody whose phone may ring."""

    address: str
    whisper_url: str


def _add(
    parent: "etree._Element", verb: str, text: str = "", **attributes: str
) -> "etree._Element":
    clean = {name: _FORBIDDEN.sub(" ", value) for name, value in attributes.items() if value}
    element = etree.SubElement(parent, verb, clean)
    if text:
        element.text = _FORBIDDEN.sub(" ", text)
    return element
