"""Calls over ConversationRelay: words come in as text, answers go out as they are verified."""

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool

from agent import calls
from api.voice import steps
from api.voice.carrier import Told
from api.voice.thinking import think_about
from connectors.channels.twilio import signature
from core import live
from core.db import reading, transaction
from core.errors import NotFound
from core.log import log
from core.say import say
from delivery.accounts import account_of
from desk import inboxes, phone_calls
from desk.messages import Author
from desk.phone_calls import Saying, Stage

router = APIRouter(prefix="/voice/{inbox_id}", include_in_schema=False)

LONGEST_FRAME = 64_000
THINKS_AT_MOST = 25.0
"""Seconds until a person takes over from an assistant that does not find an answer."""
PATIENCE = 4.0
SILENT_AFTER = 20.0
REFUSED = 1008


@dataclass(frozen=True)
class HandOver:
    """What we tell ourselves, through the carrier, when we end a relay."""

    turn: int
    heard: int
    """How many characters of the turn's words were said already."""

    @staticmethod
    def read(written: str) -> "HandOver | None":
        try:
            data = json.loads(written)
            return HandOver(int(data["turn"]), int(data["heard"]))
        except (ValueError, TypeError, KeyError):
            return None


@router.websocket("/relay")
async def relay(socket: WebSocket, inbox_id: str) -> None:
    """One call's conversation. Whatever breaks here, the carrier asks /relayed what to do."""
    told = await run_in_threadpool(_authentic, socket, inbox_id)
    if told is None:
        await socket.close(REFUSED)
        return
    await socket.accept()
    line = Line(socket, told)
    with suppress(WebSocketDisconnect, RuntimeError):
        await line.listen()
    line.stop()


def _authentic(socket: WebSocket, inbox_id: str) -> Told | None:
    """The handshake is signed like every request: by the address, which has no form."""
    try:
        with reading() as session:
            inbox = inboxes.find(session, inbox_id)
    except NotFound:
        return None
    if inbox.kind != "voice" or not inbox.enabled:
        return None
    account = account_of(inbox)
    urls = signature.addresses(account, str(socket.url))
    # Carriers differ in whether they sign the address as wss or as https.
    urls += [f"http{url.removeprefix('ws')}" for url in urls if url.startswith("ws")]
    given = socket.headers.get(signature.HEADER)
    signed = signature.is_signed(signature.auth_tokens(account), urls, [], given)
    return Told(inbox, {}) if signed else None


class Line:
    """One open WebSocket and the call on it."""

    def __init__(self, socket: WebSocket, told: Told) -> None:
        self._socket, self._told = socket, told
        self._call_id = ""
        self._turn = 0
        self._speaking: asyncio.Task[None] | None = None
        self._partial = ""

    async def listen(self) -> None:
        """Frame by frame until the line goes. A frame we can't read is logged and passed over."""
        while True:
            try:
                written = await asyncio.wait_for(self._socket.receive_text(), SILENT_AFTER)
            except TimeoutError:
                if await self._silent():
                    return
                continue
            except KeyError:
                log.warning("relay_frame_not_text")
                continue
            frame = _frame(written)
            if frame is None:
                log.warning("relay_frame_unreadable", size=len(written))
            elif await self._take(frame):
                return

    def stop(self) -> None:
        if self._speaking:
            self._speaking.cancel()

    async def _take(self, frame: dict[str, Any]) -> bool:
        """Act on one frame; True when the relay is over."""
        kind = frame.get("type")
        if kind == "setup":
            self._call_id = await run_in_threadpool(self._set_up, str(frame.get("callSid", "")))
            return not self._call_id
        if not self._call_id:
            log.warning("relay_frame_before_setup")
        elif kind == "prompt":
            await self._prompt(frame)
        elif kind == "interrupt":
            heard = str(frame.get("utteranceUntilInterrupt", ""))
            await run_in_threadpool(self._cut, heard)
        elif kind == "dtmf":
            return await self._key(str(frame.get("digit", "")))
        elif kind == "error":
            log.warning("relay_error", code=str(frame.get("description", ""))[:5])
        else:
            log.warning("relay_frame_unknown")
        return False

    def _set_up(self, carrier_id: str) -> str:
        with transaction() as session:
            call = phone_calls.by_carrier_id(session, self._told.inbox.id, carrier_id)
            if call is None or call.stage != Stage.TALKING:
                log.warning("relay_without_call")
                return ""
            self._turn = phone_calls.last_turn(session, call.id)
            phone_calls.move(session, call, Stage.TALKING)
            return call.id

    async def _prompt(self, frame: dict[str, Any]) -> None:
        self._partial += str(frame.get("voicePrompt", ""))
        if frame.get("last") is False:
            return
        words, self._partial = self._partial.strip()[:4000], ""
        if not words:
            return
        self.stop()
        language = str(frame.get("lang", ""))
        if await run_in_threadpool(self._hear, words, language):
            await self._send(type="language", ttsLanguage=language, transcriptionLanguage=language)
        think_about(self._socket.app, self._call_id, self._turn)
        self._speaking = asyncio.create_task(self._speak(self._turn))

    def _hear(self, words: str, language: str) -> bool:
        """Store it; True when the caller speaks another language that we have."""
        with transaction() as session:
            call = phone_calls.lock(session, self._call_id)
            self._turn = phone_calls.last_turn(session, call.id) + 1
            calls.hear(session, call, self._turn, words)
            if language not in self._told.languages or language == call.language:
                return False
            call.language = language
            return True

    def _cut(self, heard: str) -> None:
        with transaction() as session:
            call = phone_calls.lock(session, self._call_id)
            calls.cut(session, call, heard)

    async def _key(self, digit: str) -> bool:
        if digit == "0":
            self.stop()
            await run_in_threadpool(self._to_people)
            await self._end(0)
            return True
        language = steps.language_by_key(self._told, digit)
        if language:
            await run_in_threadpool(self._switch, language)
            await self._send(type="language", ttsLanguage=language, transcriptionLanguage=language)
            words = say("phone_silence", language.split("-")[0].lower())
            await self._send(type="text", token=words, last=True)
        return False

    def _to_people(self) -> None:
        with transaction() as session:
            call = phone_calls.lock(session, self._call_id)
            self._turn = phone_calls.last_turn(session, call.id) + 1
            calls.to_people(session, call, self._turn, "The caller pressed zero.")

    def _switch(self, language: str) -> None:
        with transaction() as session:
            phone_calls.lock(session, self._call_id).language = language

    async def _silent(self) -> bool:
        """Nothing was heard for a while: ask, and in the end leave it to the HTTP side."""
        if self._speaking and not self._speaking.done():
            return False
        words = await run_in_threadpool(self._count_silence) if self._call_id else ""
        if words:
            await self._send(type="text", token=words, last=True)
        return not words

    def _count_silence(self) -> str:
        with transaction() as session:
            call = phone_calls.lock(session, self._call_id)
            call.silences += 1
            phone_calls.move(session, call, Stage(call.stage))
            over = call.silences >= steps.MOST_SILENCES or call.stage != Stage.TALKING
            return "" if over else say("phone_silence", calls.language_of(call))

    async def _speak(self, turn: int) -> None:
        """Say the turn's words as they become sure; then what follows them."""
        news = asyncio.Event()
        loop = asyncio.get_running_loop()
        said = 0
        started = loop.time()
        patient = True
        with live.listening(live.LOG, lambda _: _wake(loop, news)):
            while True:
                news.clear()
                row, then = await run_in_threadpool(self._words, turn)
                if row.state in (Saying.SPEAKING, Saying.SAID) and not (then and said == 0):
                    said = await self._say_more(row.text, said)
                if row.state == Saying.CUT:
                    return
                if row.state == Saying.SAID:
                    break
                waited = loop.time() - started
                if patient and not said and waited > PATIENCE:
                    patient = False
                    words = say("phone_moment", await run_in_threadpool(self._language))
                    await self._send(type="text", token=words, last=False)
                if waited > THINKS_AT_MOST:
                    await run_in_threadpool(self._give_up, turn)
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), 1.0)
        if then:
            await self._end(said)
            await self._socket.close()
        else:
            await self._send(type="text", token="", last=True)

    async def _say_more(self, text: str, said: int) -> int:
        if len(text) > said:
            await self._send(type="text", token=text[said:], last=False)
        return len(text)

    def _words(self, turn: int) -> tuple[phone_calls.Utterance, str]:
        with reading() as session:
            row = phone_calls.utterance(session, self._call_id, turn, Author.ASSISTANT)
        found = row or phone_calls.Utterance(state=Saying.THINKING, text="", then="")
        return found, found.then

    def _language(self) -> str:
        with reading() as session:
            return calls.language_of(phone_calls.find(session, self._call_id))

    def _give_up(self, turn: int) -> None:
        with transaction() as session:
            calls.give_up(session, phone_calls.lock(session, self._call_id), turn)

    async def _end(self, said: int) -> None:
        """Back to HTTP, where people are rung; what was not said yet is said there."""
        data = json.dumps(asdict(HandOver(self._turn, said)))
        await self._send(type="end", handoffData=data)

    async def _send(self, **frame: object) -> None:
        await self._socket.send_json(frame)


def _wake(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    with suppress(RuntimeError):  # the line went while the news was on its way
        loop.call_soon_threadsafe(news.set)


def _frame(written: str) -> dict[str, Any] | None:
    if len(written) > LONGEST_FRAME:
        return None
    try:
        frame = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None
