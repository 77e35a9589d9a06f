"""One inbox's Asterisk: its events reach the lines they are about; a lost connection comes back."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI
from lxml import etree
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException

from agent import calls
from api.voice.asterisk import asking
from api.voice.asterisk.control import Control
from api.voice.asterisk.line import SOUND_WITHIN, Line
from api.voice.asterisk.sockets import Sockets
from api.voice.asterisk.talk import Talk
from api.voice.carrier import Told
from connectors.channels.asterisk import ari
from core.db import reading, transaction
from core.log import log
from delivery.accounts import account_of
from desk import inboxes, phone_calls
from desk.inboxes import Inbox
from desk.messages import Author
from desk.phone_calls import Stage
from escalation import phone

AGAIN_AFTER, AGAIN_AT_MOST = 0.5, 15.0
BROKEN_AFTER = 4
"""Tries in a row: a restart of Asterisk takes some seconds, and is no trouble."""
TAKEN = 5.0
"""Seconds to leave it to another who listens under our name; two would take turns else."""
STEPS_AT_ONCE = 32
"""Handlers wait for answers in their threads: as many callers can be waiting."""
NOT_REACHED = {17: "busy", 18: "no-answer", 19: "no-answer", 21: "busy"}
"""By Q.850 cause; any other is a failure."""

Result = TypeVar("Result")


class Exchange:
    def __init__(self, app: FastAPI, inbox: Inbox, sockets: Sockets) -> None:
        self.inbox, self.lines = inbox, dict[str, Line]()
        self.control = Control(account_of(inbox))
        self.languages = Told(inbox, {}).languages
        self._app, self._sockets = app, sockets
        self._media: dict[str, asyncio.Event] = {}
        self._threads = ThreadPoolExecutor(STEPS_AT_ONCE, "asterisk")
        self._ends: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Until cancelled."""
        pause, lost = AGAIN_AFTER, 0
        try:
            while True:
                try:
                    async with self._events() as events:
                        log.info("asterisk_connected", inbox=self.inbox.id)
                        await self._in_thread(self._works)
                        pause, lost = AGAIN_AFTER, 0
                        await self._reconcile()
                        async for written in events:
                            event = json.loads(written)
                            if event.get("type") == "ApplicationReplaced":
                                # Asterisk leaves the old connection open, and says no more on it.
                                log.warning("asterisk_taken_by_another", inbox=self.inbox.id)
                                pause = TAKEN
                                break
                            self._take(event)
                except (OSError, WebSocketException, httpx.HTTPError, ValueError) as wrong:
                    log.warning("asterisk_lost", inbox=self.inbox.id, trouble=type(wrong).__name__)
                    lost += 1
                    if lost == BROKEN_AFTER:
                        await self._in_thread(self._is_broken, wrong)
                await asyncio.sleep(pause)
                pause = min(pause * 2, AGAIN_AT_MOST)
        finally:
            await self._close()

    def _works(self) -> None:
        with transaction() as session:
            inboxes.works(session, inboxes.find(session, self.inbox.id))

    def _is_broken(self, wrong: Exception) -> None:
        """Nobody can call: a person is told, until it is there again."""
        address = ari.base(self.control.account)
        words = f"Asterisk can't be reached at {address}, so no calls come in or go out."
        if isinstance(wrong, InvalidStatus) and wrong.response.status_code == 401:
            words = f"Asterisk at {address} refuses the user name or password (ari.conf)."
        with transaction() as session:
            inboxes.mark_broken(session, self.inbox.id, words)

    def _events(self) -> connect:
        account = self.control.account
        user, password = ari.auth(account)
        key = b64encode(f"{user}:{password}".encode()).decode()
        address = f"ws{ari.base(account).removeprefix('http')}/events"
        return connect(
            f"{address}?{urlencode({'app': ari.app(account)})}",
            additional_headers={"Authorization": f"Basic {key}"},
            open_timeout=5,
            ping_interval=10,
            ping_timeout=10,
            close_timeout=1,
            proxy=None,
        )

    async def _close(self) -> None:
        """We stop: nobody is left on a silent line, and who talks with a person goes on."""
        for line in list(self.lines.values()):
            if line.with_person or "-leg-" in line.channel:
                continue
            await self._in_thread(self._broke_off, line.channel)
            await self.control.hang_up(line.channel)
            await line.end()
        await self.control.close()
        self._threads.shutdown(wait=False)

    # Events

    def _take(self, event: Mapping[str, Any]) -> None:
        channel = event.get("channel") or {}
        name = str(channel.get("id", ""))
        match event.get("type"):
            case "StasisStart":
                self._arrived(name, channel, [str(one) for one in event.get("args", [])])
            case "ChannelDtmfReceived" if name in self.lines:
                self.lines[name].press(str(event.get("digit", "")))
            case "StasisEnd" | "ChannelDestroyed":
                self._left(name, event)
            case "ChannelUserevent" if event.get("eventname") == ari.GO_ON_AT:
                told = event.get("userevent") or {}
                if line := self.lines.get(str(told.get("line", ""))):
                    line.start(str(told.get("step", "")))

    def _arrived(self, name: str, channel: Mapping[str, Any], args: list[str]) -> None:
        if name in self._media:
            self._media[name].set()
        elif name in self.lines:
            self.lines[name].there.set()
        elif args[:1] == ["leg"] or name.endswith("-media"):
            self._soon(self.control.hang_up(name))  # the caller has left meanwhile
        else:
            number = str((channel.get("caller") or {}).get("number", ""))
            self.lines[name] = line = Line(self, name, number or "anonymous")
            line.start(args[0] if args and args[0].startswith("answer?") else asking.ANSWER)

    def _left(self, name: str, event: Mapping[str, Any]) -> None:
        line = self.lines.get(name)
        if line and "-leg-" in name:
            line.leave()
        elif line:
            self._soon(line.end())
        elif name.endswith("-media"):
            return
        elif event.get("type") == "ChannelDestroyed" and name.startswith("onethread-"):
            cause = NOT_REACHED.get(int(event.get("cause", 0)), "failed")
            self._soon(self._unreached(name, cause))
        else:
            self._soon(self._partner_left(name))

    def _soon(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._ends.add(task)
        task.add_done_callback(self._ends.discard)

    # What lines need

    async def ask(self, line: Line, address: str, form: Mapping[str, str]) -> "etree._Element":
        return await self._in_thread(asking.ask, self._app, self.inbox, line.channel, address, form)

    async def people_at_once(self, line: Line, why: str) -> "etree._Element":
        return await self._in_thread(
            asking.people_at_once, self.inbox, line.channel, line.number, why
        )

    async def cut(self, line: Line, words: str, share: float) -> None:
        await self._in_thread(self._cut, line.channel, words, share)

    async def _in_thread(self, function: Callable[..., Result], *given: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *given)

    async def open_sound(self, line: Line) -> Talk:
        """Asterisk connects to us, with the id it is given here."""
        started = self._media[line.media] = asyncio.Event()
        try:
            with self._sockets.expected() as (sound_id, came):
                await self.control.open_sound(line.media, sound_id)
                async with asyncio.timeout(SOUND_WITHIN):
                    await started.wait()
                    return await came
        finally:
            self._media.pop(line.media, None)

    def _broke_off(self, channel: str) -> None:
        with transaction() as session:
            if call := phone_calls.by_carrier_id(session, self.inbox.id, channel):
                phone.broke_off(session, call)

    def _cut(self, channel: str, words: str, share: float) -> None:
        """Of what was being said, only what was heard counts: as much of the words as of the
        sound."""
        heard = words[: round(share * len(words))].rpartition(" ")[0] if share < 1 else words
        with transaction() as session:
            call = phone_calls.by_carrier_id(session, self.inbox.id, channel)
            if call is None:
                return
            ours = [
                one
                for one in phone_calls.said_in(session, call.id)
                if one.author == Author.ASSISTANT
            ]
            if ours and ours[-1].text.endswith(words):
                calls.cut(session, call, heard)

    # What happened while we were not there

    async def _reconcile(self) -> None:
        """Bring lines, rows and Asterisk's channels together again."""
        present = await self.control.channels()
        for line in [one for one in self.lines.values() if one.channel not in present]:
            if "-leg-" in line.channel:
                line.leave()
            else:
                self._soon(line.end())
        kept = await self._in_thread(self._settle, set(present), set(self.lines))
        for name, channel in present.items():
            caller = name.removesuffix("-media").split("-leg-")[0]
            if caller in self.lines or kept.get(caller):
                continue
            if caller in kept or caller != name:
                await self.control.hang_up(name)
            elif self._waits_for_us(channel):
                self._arrived(name, channel, [])

    def _waits_for_us(self, channel: Mapping[str, Any]) -> bool:
        """A caller who came while nobody was connected: still waiting, and nowhere on record."""
        dialplan = channel.get("dialplan") or {}
        app = str(dialplan.get("app_data", "")).split(",")[0]
        stasis = dialplan.get("app_name") == "Stasis" and app == ari.app(self.control.account)
        return stasis and not str(channel.get("id", "")).startswith("onethread-")

    def _settle(self, present: set[str], held: set[str]) -> dict[str, str]:
        """Calls of a process that is no more: those with a person go on, the others end with
        one informed. Returns, by channel, "" for what is to be hung up."""
        kept: dict[str, str] = {}
        with transaction() as session:
            for call in phone_calls.under_way(session, self.inbox.id):
                name = call.carrier_id or ""
                if name in held or call.stage == Stage.RINGING:
                    continue
                if call.stage == Stage.WITH_PERSON and name in present:
                    kept[name] = name
                elif call.stage == Stage.WITH_PERSON:
                    phone.ended(session, call)
                else:
                    kept[name] = ""
                    phone.broke_off(session, call)
        return kept

    async def _partner_left(self, name: str) -> None:
        """One of two who talk, since before we came, has hung up: so does the other."""
        caller = name.split("-leg-")[0]
        if not await self._in_thread(self._talk_ended, caller):
            return
        for other in await self.control.channels():
            if other == caller or other.startswith(f"{caller}-leg-"):
                await self.control.hang_up(other)

    def _talk_ended(self, caller: str) -> bool:
        with transaction() as session:
            call = phone_calls.by_carrier_id(session, self.inbox.id, caller)
            if call is None or call.stage != Stage.WITH_PERSON:
                return False
            phone.ended(session, call)
            return True

    async def _unreached(self, name: str, state: str) -> None:
        """A call of ours that nobody answered."""
        with reading() as session:
            call = phone_calls.by_carrier_id(session, self.inbox.id, name)
        known = call.id if call else name.removeprefix("onethread-")
        await self._in_thread(
            asking.ask,
            self._app,
            self.inbox,
            name,
            f"{asking.STATUS}?call={known}",
            {"CallStatus": state},
        )
