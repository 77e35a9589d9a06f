"""Asterisk told what to do with channels and bridges of a running call."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from connectors.base import Account
from connectors.channels.asterisk import ari
from core.log import log

TIMEOUT = httpx.Timeout(10, connect=3)
GONE = 404


class Control:
    """One inbox's Asterisk. What is gone there already needs no more doing: that is no error."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._http = httpx.AsyncClient(
            base_url=ari.base(account), auth=ari.auth(account), timeout=TIMEOUT
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def channels(self) -> dict[str, Mapping[str, Any]]:
        """All channels there are, by id."""
        answer = await self._http.get("/channels")
        answer.raise_for_status()
        return {str(one["id"]): one for one in answer.json()}

    async def answer(self, channel: str) -> None:
        await self._must("POST", f"/channels/{quote(channel)}/answer")

    async def hang_up(self, channel: str) -> None:
        await self._try("DELETE", f"/channels/{quote(channel)}")

    async def make_bridge(self, bridge: str) -> None:
        await self._must("POST", f"/bridges/{quote(bridge)}", type="mixing")

    async def end_bridge(self, bridge: str) -> None:
        await self._try("DELETE", f"/bridges/{quote(bridge)}")

    async def join(self, bridge: str, channel: str) -> None:
        await self._must("POST", f"/bridges/{quote(bridge)}/addChannel", channel=channel)

    async def hold_music(self, bridge: str, on: bool) -> None:
        await self._try("POST" if on else "DELETE", f"/bridges/{quote(bridge)}/moh")

    async def play_recorded(self, bridge: str, media: str) -> None:
        await self._try("POST", f"/bridges/{quote(bridge)}/play", media=media)

    async def open_sound(self, channel: str, sound_id: str) -> None:
        """A second channel whose sound comes to us over AudioSocket."""
        address = self.account.config.get("audio_address") or "127.0.0.1:9092"
        await self._must(
            "POST",
            "/channels/externalMedia",
            channelId=channel,
            app=ari.app(self.account),
            external_host=address,
            encapsulation="audiosocket",
            transport="tcp",
            connection_type="client",
            format="slin",
            direction="both",
            data=sound_id,
        )

    async def ring(self, channel: str, address: str, caller_id: str, seconds: int) -> None:
        await self._must(
            "POST",
            f"/channels/{quote(channel)}",
            endpoint=ari.endpoint(self.account, address),
            app=ari.app(self.account),
            appArgs="leg",
            callerId=caller_id,
            timeout=str(seconds),
        )

    async def record(self, bridge: str, name: str) -> None:
        path = f"/bridges/{quote(bridge)}/record"
        await self._must("POST", path, name=name, format="wav", ifExists="overwrite")

    async def stop_recording(self, name: str) -> None:
        await self._try("POST", f"/recordings/live/{quote(name)}/stop")

    async def _must(self, method: str, path: str, **wanted: str) -> None:
        answer = await self._http.request(method, path, params=wanted)
        answer.raise_for_status()

    async def _try(self, method: str, path: str, **wanted: str) -> None:
        try:
            answer = await self._http.request(method, path, params=wanted)
        except httpx.HTTPError as wrong:
            log.warning("asterisk_not_told", trouble=type(wrong).__name__)
            return
        if answer.is_error and answer.status_code != GONE:
            log.warning("asterisk_refused", status=answer.status_code)
