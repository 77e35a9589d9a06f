"""One channel of Asterisk: takes the steps it is told, one after the other, until the end."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
from lxml import etree

from api.voice.asterisk import speech
from api.voice.asterisk.asking import ANSWER, STATUS
from api.voice.asterisk.talk import Talk
from connectors.channels.asterisk.ari import recording_url
from connectors.speech.activity import Heard, Turn
from connectors.speech.sound import beep
from core.errors import OneThreadError
from core.log import about, log

if TYPE_CHECKING:
    from api.voice.asterisk.exchange import Exchange

RING_SECONDS = 20
SOUND_WITHIN = 5.0
MESSAGE_SILENCE, MESSAGE_LONGEST = 5.0, 180.0
DEAF = "Nothing here recognises speech in this language, so the caller went to people at once."
BROKEN = "The connection to the assistant broke, so the caller went to people."
RECORDED = {
    "Dial": "sound:transfer",
    "Record": "sound:vm-intro",
    "Hangup": "sound:vm-goodbye",
}
"""Where nothing here can speak: Asterisk's own recorded prompts, by what follows."""

Next = tuple[str, Mapping[str, str]] | None


class HungUp(Exception):
    """The steps end with hanging up."""


class Line:
    """A caller's channel, or that of a teammate whose phone rings for a caller."""

    def __init__(self, exchange: "Exchange", channel: str, number: str = "") -> None:
        self.channel, self.number = channel, number
        self.bridge = f"onethread-{channel}"
        self.gone = asyncio.Event()
        self.talk: Talk | None = None
        self.there = asyncio.Event()
        """Set once the channel is answered and ours."""
        self.with_person = False
        self._exchange, self._control = exchange, exchange.control
        self._bridged = False
        self._steps: asyncio.Task[None] | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._legs: list[Line] = []
        self._recording = ""
        self._began = asyncio.get_running_loop().time()

    @property
    def media(self) -> str:
        return f"{self.channel}-media"

    def start(self, address: str = ANSWER) -> None:
        """Take the steps from this address on; those under way end here."""
        if self._steps:
            self._steps.cancel()
        self._steps = asyncio.create_task(self._take_call(address))

    async def _take_call(self, address: str) -> None:
        with about(channel=self.channel):
            try:
                await self._control.answer(self.channel)
                self.there.set()
                await self._begin(address)
            except (HungUp, asyncio.CancelledError):
                raise
            except Exception as wrong:
                log.exception("call_steps_failed")
                await self._leave_to_people(wrong)

    async def _begin(self, address: str) -> None:
        with suppress(HungUp):
            if address == ANSWER and not speech.can_converse(self._exchange.languages):
                await self.follow(await self._exchange.people_at_once(self, DEAF))
            else:
                await self.run(address, {"From": self.number})
        await self._control.hang_up(self.channel)

    async def _leave_to_people(self, wrong: Exception) -> None:
        """What was going on can't go on; the caller reaches people, or is called back."""
        try:
            await self._stop_ringing()
            await self.follow(await self._exchange.people_at_once(self, BROKEN))
        except HungUp:
            pass
        except Exception:
            log.exception("call_not_handed_over", after=type(wrong).__name__)
        await self._control.hang_up(self.channel)

    async def run(self, address: str, form: Mapping[str, str] | None = None) -> None:
        """Ends when the steps are used up; raises HungUp when they say so."""
        await self.follow(await self._exchange.ask(self, address, form or {}))

    async def follow(self, root: "etree._Element") -> None:
        upcoming: Next = None
        while True:
            upcoming = await self._take_all(root)
            if upcoming is None:
                return
            root = await self._exchange.ask(self, *upcoming)

    async def _take_all(self, root: "etree._Element") -> Next:
        for step in root:
            upcoming = await self._take(step)
            if upcoming is not None:
                return upcoming
        return None

    async def _take(self, step: "etree._Element") -> Next:
        match str(step.tag):
            case "Say":
                await self._say(step)
            case "Gather":
                return await self._gather(step)
            case "Dial":
                return await self._dial(step)
            case "Record":
                return await self._record(step)
            case "Redirect":
                return (step.text or "", {})
            case "Pause":
                await asyncio.sleep(float(step.get("length", "1")))
            case "Hangup":
                raise HungUp
        return None

    # What is said and heard

    async def _sound(self) -> Talk:
        """The channel's sound, opened at its first use."""
        if self.talk is None:
            await self._ensure_bridge()
            self.talk = await self._exchange.open_sound(self)
            await self._control.join(self.bridge, self.media)
            self._hearing = asyncio.create_task(self.talk.listen())
        return self.talk

    async def _ensure_bridge(self) -> None:
        if not self._bridged:
            await self._control.make_bridge(self.bridge)
            await self._control.join(self.bridge, self.channel)
            self._bridged = True

    async def _say(self, step: "etree._Element") -> None:
        language = step.get("language", "")
        if speech.speaks(language):
            talk = await self._sound()
            await talk.play(await speech.said(step.text or "", language))
        elif (after := step.getnext()) is not None and str(after.tag) in RECORDED:
            await self._ensure_bridge()
            await self._control.play_recorded(self.bridge, RECORDED[str(after.tag)])

    async def _gather(self, step: "etree._Element") -> Next:
        """Say something until the caller breaks in, then wait for a key or for words."""
        talk = await self._sound()
        talk.keys_only = step.get("input") == "dtmf"
        words = " ".join(one.text or "" for one in step)
        language = step.get("language") or next((one.get("language", "") for one in step), "")
        sound = await speech.said(words, language) if words else b""
        said, patience = 0.0, float(step.get("timeout", "6"))
        while True:
            rest = sound[int(said * len(sound)) // 2 * 2 :]
            said += (1.0 - said) * await talk.play(rest, interruptible=True)
            news = await talk.news(patience if said >= 1.0 else 0.0)
            if news is None and said >= 1.0:
                break
            heard = await self._meant(news, language)
            if heard:
                if said < 1.0:
                    await self._exchange.cut(self, words, said)
                return (step.get("action", ""), heard)
        if step.get("actionOnEmptyResult") == "true":
            return (step.get("action", ""), {})
        return None

    async def _meant(self, news: Heard | str | None, language: str) -> dict[str, str]:
        """What a carrier would report of it; nothing for a cough."""
        if isinstance(news, str):
            return {"Digits": news}
        while news is not None and news.turn == Turn.BEGAN:
            following = await (await self._sound()).news(speech.LONGEST)
            if isinstance(following, str):
                return {"Digits": following}
            news = following
        if news is None:
            return {}
        words = await speech.heard(news.sound, language)
        return {"SpeechResult": words} if words else {}

    def press(self, key: str) -> None:
        if self.talk:
            self.talk.press(key)

    # People

    async def _dial(self, step: "etree._Element") -> Next:
        """Let phones ring; whoever takes the call first has it, until one of both hangs up."""
        await self._ensure_bridge()
        await self._control.hold_music(self.bridge, on=True)
        try:
            leg = await self._first_to_take(step)
        finally:
            await self._control.hold_music(self.bridge, on=False)
        if leg:
            await self._connect(leg, record=step.get("recordingStatusCallback", ""))
        return (step.get("action", ""), {})

    async def _first_to_take(self, step: "etree._Element") -> "Line | None":
        caller_id = step.get("callerId", "")
        self._legs = [Line(self._exchange, f"{self.channel}-leg-{uuid4().hex[:8]}") for _ in step]
        asked = [
            asyncio.create_task(leg.ring(person.text or "", person.get("url", ""), caller_id))
            for leg, person in zip(self._legs, step, strict=True)
        ]
        try:
            for done in asyncio.as_completed(asked):
                if leg := await done:
                    return leg
            return None
        finally:
            for one in asked:
                one.cancel()
            taken = next((one.result() for one in asked if _has_taken(one)), None)
            await self._stop_ringing(but=taken)

    async def ring(self, address: str, url: str, caller_id: str) -> "Line | None":
        """Ring a teammate and tell them what it is about; the line itself once they took it."""
        self._exchange.lines[self.channel] = self
        try:
            await self._control.ring(self.channel, address, caller_id, RING_SECONDS)
            await asyncio.wait_for(self.there.wait(), RING_SECONDS + 5)
            if self.gone.is_set():
                return None
            await self.run(url if speech.speaks(self._exchange.languages[0]) else _cold(url))
        except (HungUp, TimeoutError, httpx.HTTPError, OSError, OneThreadError) as wrong:
            log.info("leg_not_taken", reason=type(wrong).__name__)
            return None
        return None if self.gone.is_set() else self

    async def _stop_ringing(self, but: "Line | None" = None) -> None:
        for leg in self._legs:
            if leg is not but:
                await self._control.hang_up(leg.channel)
                await leg.close()
        self._legs = [but] if but else []

    async def _connect(self, leg: "Line", *, record: str) -> None:
        await leg.close_sound()
        await self.close_sound()
        await self._ensure_bridge()
        await self._control.join(self.bridge, leg.channel)
        self.with_person = True
        if record:
            self._recording = f"onethread-{uuid4().hex}"
            await self._control.record(self.bridge, self._recording)
        await leg.gone.wait()
        self.with_person = False
        if self._recording:
            await self._keep_recording(record)

    # Recordings

    async def _record(self, step: "etree._Element") -> Next:
        """The caller leaves a message, until silence, # or the end of the call."""
        talk = await self._sound()
        await talk.play(beep())
        talk.forget()
        talk.keys_only, talk.recorded = False, bytearray()
        self._recording = f"onethread-{uuid4().hex}"
        await self._control.record(self.bridge, self._recording)
        with suppress(TimeoutError):
            async with asyncio.timeout(MESSAGE_LONGEST):
                while (news := await talk.news(MESSAGE_SILENCE)) is not None and news != "#":
                    continue
        await self._keep_recording("", step.get("transcribeCallback", ""))
        return (step.get("action", ""), {})

    async def _keep_recording(self, told: str, transcribed: str = "") -> None:
        name, self._recording = self._recording, ""
        await self._control.stop_recording(name)
        url = recording_url(self._control.account, name)
        await self._exchange.ask(self, told or "recorded", {"RecordingUrl": url})
        if transcribed and self.talk and self.talk.recorded:
            words = await speech.message(bytes(self.talk.recorded), self._exchange.languages[0])
            if words:
                await self._exchange.ask(self, transcribed, {"TranscriptionText": words})

    # The end

    async def end(self) -> None:
        """The caller's channel is gone: whatever is under way ends, people are told."""
        if self.gone.is_set():
            return
        self.gone.set()
        if self._steps:
            self._steps.cancel()
            await asyncio.gather(self._steps, return_exceptions=True)
        with about(channel=self.channel):
            await self._stop_ringing()
            try:
                if self._recording:
                    left = bool(self.talk and self.talk.recorded is not None)
                    await self._keep_recording(
                        "recorded" if left else "recording", "transcribed" if left else ""
                    )
                length = int(asyncio.get_running_loop().time() - self._began)
                over = {"CallStatus": "completed", "CallDuration": str(length)}
                await self._exchange.ask(self, STATUS, over)
            finally:
                await self.close()

    def leave(self) -> None:
        """A teammate's channel is gone, or never came."""
        self.gone.set()
        self.there.set()

    async def close(self) -> None:
        """Leave nothing of this line in Asterisk."""
        await self.close_sound()
        if self._bridged:
            self._bridged = False
            await self._control.end_bridge(self.bridge)
        self._exchange.lines.pop(self.channel, None)

    async def close_sound(self) -> None:
        """The assistant neither hears nor speaks here any more."""
        if self.talk is None:
            return
        if self._hearing:
            self._hearing.cancel()
        self.talk.close()
        self.talk = None
        await self._control.hang_up(self.media)


def _has_taken(asked: "asyncio.Task[Line | None]") -> bool:
    return asked.done() and not asked.cancelled() and not asked.exception() and bool(asked.result())


def _cold(url: str) -> str:
    return f"taken{url.removeprefix('whisper')}"
