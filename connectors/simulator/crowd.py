"""Many customers at once, by seed: they write, edit, take back, react, and sometimes garble."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from connectors.simulator.books import Books, Brought, Taken, What
from connectors.simulator.line import Delivery, Line
from connectors.simulator.server import Courier, Post
from connectors.simulator.weather import CALM, Weather

HEAD_START = 90
"""Seconds that customers' clocks begin in the past: each may do one thing a second."""
OF_THEIR_OWN = (What.MESSAGE, What.GARBLED, What.SEEN)
"""What concerns no earlier message."""


@dataclass
class Crowd:
    """The customers of one line. What they do follows from the seed alone."""

    line: Line
    people: int
    topics: Sequence[Sequence[str]]
    """Questions about one thing each. A person asks about the same thing all the time."""
    seed: int = 0
    garbled: float = 0.0
    """Share of messages that nobody can understand."""
    run: str = ""
    """Makes the ids of two runs of the same story different."""
    _said: dict[int, list[Brought]] = field(default_factory=dict)
    _clock: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = Random(f"{self.seed} {self.line.kind}")
        self._numbers = Random(f"{self.seed} {self.line.kind} {self.run}")

    def next(self) -> Delivery:
        """Somebody does something."""
        person = self._random.randrange(self.people)
        said = self._said.setdefault(person, [])
        what = self._what(said)
        at = self._tick(person)
        brought = Brought(
            id=self.line.id(person, what, at, self._numbers.getrandbits(128)),
            person=f"{self.line.kind} {person}",
            what=what,
            at=at,
            text=self._text(person, what),
            about="" if what in OF_THEIR_OWN else self._random.choice(said).id,
        )
        if what == What.MESSAGE:
            said.append(brought)
        return Delivery(brought, self.line.item(person, brought))

    def _what(self, said: Sequence[Brought]) -> What:
        chance = self._random.random()
        if chance < self.garbled and What.GARBLED in self.line.can:
            return What.GARBLED
        changes = [what for what in self.line.can if what != What.GARBLED]
        return self._random.choice(changes) if chance > 0.8 and said and changes else What.MESSAGE

    def _tick(self, person: int) -> int:
        """A person does one thing a second, so that their order is beyond doubt."""
        last = self._clock.get(person, 0)
        self._clock[person] = max(last + 1, int(time.time()) - HEAD_START)
        return self._clock[person]

    def _text(self, person: int, what: What) -> str:
        if what == What.REACTION:
            return self._random.choice(self.line.emoji)
        if what in (What.DELETE, What.SEEN):
            return ""
        asked = self._random.choice(self.topics[person % len(self.topics)])
        return f"Please tell me: {asked}" if what == What.EDIT else asked

    def taken(self) -> Sequence[Taken]:
        """What the provider took from us, in order; whoever is no customer here is nobody."""
        people = {
            name: f"{self.line.kind} {person}"
            for person in range(self.people)
            for name in self.line.names(person)
        }
        return [
            Taken(one.id, people.get(one.address, ""), one.text, one.name)
            for one in self.line.taken()
        ]


class Side:
    """A crowd, and the courier that brings what it does to our webhook."""

    def __init__(self, crowd: Crowd, url: str, weather: Weather) -> None:
        self.crowd, self.line = crowd, crowd.line
        fitting = weather if self.line.batches else replace(weather, batch=1)
        self.courier = Courier(self._pack, url, fitting, self.line.kind, self._arrived)
        self._tried: dict[str, float] = {}
        self.arrivals: dict[str, tuple[float, float]] = {}

    def _pack(self, deliveries: Sequence[Delivery]) -> Post:
        for one in deliveries:
            self._tried.setdefault(one.brought.id, time.monotonic())
        return self.line.pack(deliveries)

    def _arrived(self, deliveries: Sequence[Delivery]) -> None:
        """Kept only where the provider names no time: then nothing else tells the order."""
        for one in deliveries if not self.line.names_time else ():
            id = one.brought.id
            self.arrivals.setdefault(id, (self._tried[id], time.monotonic()))


class Play:
    """Crowds on several lines, all in the same weather."""

    def __init__(self, crowds: Mapping[str, Crowd], weather: Weather = CALM, seed: int = 0) -> None:
        """`crowds` by the address of the webhook that each line's provider posts to."""
        self.brought: list[Brought] = []
        self._random = Random(seed)
        self._sides = [Side(crowd, url, weather) for url, crowd in crowds.items()]

    def __enter__(self) -> "Play":
        for side in self._sides:
            side.courier.start()
        return self

    def __exit__(self, *_: object) -> None:
        for side in self._sides:
            side.courier.stop()

    def go_on(self) -> None:
        """One more thing happens, somewhere."""
        (side,) = self._random.choices(self._sides, [side.line.share for side in self._sides])
        delivery = side.crowd.next()
        self.brought.append(delivery.brought)
        side.courier.put(delivery)

    @property
    def bringing(self) -> int:
        """What customers did and has still to be brought to us."""
        return sum(side.courier.waiting for side in self._sides)

    @property
    def waiting(self) -> int:
        """The same, and what providers have still to tell of our sends."""
        return self.bringing + sum(side.line.waiting for side in self._sides)

    @property
    def given_up(self) -> int:
        return sum(len(side.courier.given_up) for side in self._sides)

    def look_again(self) -> None:
        """At the end, customers read the last answers where that is known of them."""
        for side in self._sides:
            side.line.look_again()

    @property
    def books(self) -> Books:
        return Books(
            tuple(self.brought),
            [one for side in self._sides for one in side.crowd.taken()],
            {id: when for side in self._sides for id, when in side.arrivals.items()},
            seen={id for side in self._sides for id in side.line.seen},
        )
