"""Visitors of a website, who chat as its widget does: over the public API, message by message."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from connectors.simulator.books import Brought, What
from connectors.simulator.line import Delivery, Letter, Line, person_of
from connectors.simulator.server import Post


@dataclass
class WebLine(Line):
    """`chat` is the address of the inbox's chat."""

    chat: str
    kind = "web"
    can = (What.SEEN,)
    _seen: set[str] = field(default_factory=set)
    _tokens: dict[int, str] = field(default_factory=dict)
    _http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10, trust_env=False))

    @property
    def seen(self) -> Collection[str]:
        return self._seen

    def names(self, person: int) -> Sequence[str]:
        return (f"visitor {person}",)

    def id(self, person: int, what: What, at: int, number: int) -> str:
        return str(UUID(int=number, version=4))

    def item(self, person: int, brought: Brought) -> Any:
        at = datetime.fromtimestamp(brought.at, UTC).isoformat()
        return {"client_id": brought.id, "text": brought.text, "at": at}

    def pack(self, deliveries: Sequence[Delivery]) -> Post:
        (only,) = deliveries
        token = self._token(person_of(only.brought))
        if only.brought.what == What.SEEN:
            return self._saw(token)
        return self._post(token, "messages", only.item)

    def _saw(self, token: str) -> Post:
        """They have read all there is; before the first answer they only type."""
        answers = [one for one in self._answers(token) if one["state"] in ("sent", "read")]
        if not answers:
            return self._post(token, "typing", {})
        self._seen.update(one["id"] for one in answers)
        return self._post(token, "seen", {"message_id": answers[-1]["id"]})

    def look_again(self) -> None:
        for token in self._tokens.values():
            post = self._saw(token)
            answer = self._http.post(post.url, content=post.body, headers=post.headers)
            answer.raise_for_status()

    def _post(self, token: str, path: str, body: Any) -> Post:
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
        return Post(json.dumps(body).encode(), headers, f"{self.chat}/{path}")

    def _token(self, person: int) -> str:
        """The same session each time, begun when the chat is opened."""
        if person not in self._tokens:
            answer = self._http.post(f"{self.chat}/session", json={}).raise_for_status()
            self._tokens.setdefault(person, answer.json()["visitor_token"])
        return self._tokens[person]

    def _answers(self, token: str) -> list[Any]:
        headers = {"authorization": f"Bearer {token}"}
        answer = self._http.get(f"{self.chat}/messages", headers=headers).raise_for_status()
        return [one for one in answer.json()["items"] if one["from"] != "me"]

    def taken(self) -> Sequence[Letter]:
        """What stands in the visitors' chats."""
        return [
            Letter(self.names(person)[0], one["text"], id=one["id"])
            for person, token in list(self._tokens.items())
            for one in self._answers(token)
        ]
