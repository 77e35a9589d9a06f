"""A person at the console who takes conversations over, answers by hand and gives them back."""

import threading
from dataclasses import dataclass, field
from random import Random
from typing import Any, Self

import httpx

from connectors.simulator.books import Written


@dataclass
class Teammate:
    """Works in a thread of its own between `start` and `stop`, over the API as the console does.

    A service that goes away is waited for. Whether a reply got through when the connection broke,
    a person sees in the conversation; it is written again only if it doesn't stand there.
    """

    url: str
    email: str
    password: str
    pause: float = 0.5
    """Seconds between one thing and the next, at most."""
    seed: int = 0
    written: list[Written] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = Random(f"{self.seed} teammate")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="teammate", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends with the conversation in hand."""
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        headers = {"X-Requested-With": "onethread"}
        with httpx.Client(
            base_url=self.url, headers=headers, timeout=60, trust_env=False
        ) as client:
            signed_in = {"email": self.email, "password": self.password}
            self._ask(client, "POST", "/api/sign-in", signed_in)
            while not self._over.wait(self._random.uniform(0, self.pause)):
                open_ones = self._ask(client, "GET", "/api/conversations")["items"]
                if open_ones:
                    self._take_on(client, self._random.choice(open_ones)["id"])

    def _take_on(self, client: httpx.Client, conversation: str) -> None:
        self._ask(client, "POST", f"/api/conversations/{conversation}/take")
        for _ in range(self._random.randint(1, 3)):
            self._over.wait(self._random.uniform(0, self.pause))
            self._reply(client, conversation)
        self._over.wait(self._random.uniform(0, self.pause))
        if self._random.random() < 0.7:
            self._ask(client, "POST", f"/api/conversations/{conversation}/give-back")

    def _reply(self, client: httpx.Client, conversation: str) -> None:
        text = f"A person answers, for the {len(self.written) + 1}. time."
        path = f"/api/conversations/{conversation}"
        while not _succeeds(client, "POST", f"{path}/reply", {"text": text}):
            said = [one["text"] for one in self._ask(client, "GET", path)["messages"]]
            if text in said:
                break
        self.written.append(Written(conversation, text))

    def _ask(self, client: httpx.Client, method: str, path: str, body: Any = None) -> Any:
        """For what may be asked twice without harm."""
        while not (answer := _succeeds(client, method, path, body)):
            self._over.wait(0.5)
        return answer.json()


def _succeeds(
    client: httpx.Client, method: str, path: str, body: Any = None
) -> httpx.Response | None:
    try:
        answer = client.request(method, path, json=body)
    except httpx.TransportError:
        return None
    return answer if answer.is_success else None
