"""Sends journeys through the real service and counts: joins, leaks, questions asked again."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from rich.table import Table
from sqlalchemy import select

from agent.runs import Run
from agent.turn import Turn
from core.db import reading
from desk.messages import Message
from eval.continuity.journeys import Journey, Step, journeys
from eval.continuity.world import World, opened_world
from eval.track import Track, quietly

Place = Literal["right", "missed", "wrong"]


@dataclass(frozen=True)
class Placed:
    """What became of one step."""

    journey: int
    kind: str
    channel: str
    text: str
    matter: str
    returns: bool
    """The matter was open before."""
    weak: bool
    place: Place
    leaks: tuple[str, ...]
    """What is the person's alone and within reach of an answer to somebody unproven."""
    remembers: bool
    """What was written of the matter before is within reach of the answer."""
    asked_again: bool
    placed_first: Place
    """Before the customer was asked."""
    asked_same: bool
    """The customer was asked whether it goes on with another conversation."""
    hinted: bool
    """A teammate is told that it may go on with another conversation."""
    reply: str


@dataclass(frozen=True)
class ContinuityReport:
    seed: int
    journeys: int
    steps: tuple[Placed, ...]

    def as_json(self) -> dict[str, Any]:
        returning = [step for step in self.steps if step.returns]
        return {
            "seed": self.seed,
            "journeys": self.journeys,
            "steps": len(self.steps),
            "returns": len(returning),
            "wrong_joins": sum(step.place == "wrong" for step in self.steps),
            "missed_joins": sum(step.place == "missed" for step in returning),
            "missed_share": _share([step.place == "missed" for step in returning]),
            "missed_before_asking": sum(step.placed_first == "missed" for step in returning),
            "asked_whether_same": sum(step.asked_same for step in self.steps),
            "asked_in_vain": sum(
                step.asked_same and not (step.placed_first == "missed" and step.place == "right")
                for step in self.steps
            ),
            "missed_and_hinted": sum(step.place == "missed" and step.hinted for step in returning),
            "new_and_hinted": sum(step.hinted and not step.returns for step in self.steps),
            "questions_asked_again": sum(step.asked_again for step in self.steps),
            "remembered_share": _share([step.remembers for step in returning]),
            "weak_steps": sum(step.weak for step in self.steps),
            "leaks": sum(bool(step.leaks) for step in self.steps),
            "baselines": {name: _baseline(self.steps, name) for name in ("newest", "channel")},
            "cases": [asdict(step) for step in self.steps],
        }

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")

    def as_table(self) -> Table:
        numbers = self.as_json()
        table = Table(title=f"Continuity, seed {self.seed}", title_justify="left")
        table.add_column("what")
        table.add_column("value", justify="right")
        for name in SHOWN:
            value = numbers[name]
            text = f"{value:.3f}" if isinstance(value, float) else str(value)
            table.add_row(name.replace("_", " "), text)
        for name, (wrong, missed) in numbers["baselines"].items():
            table.add_row(f"baseline {BASELINES[name]}", f"{wrong} wrong, {missed} missed")
        return table


YES = ("Yes", "yes, it is", "1", "Yep, that one.", "Yes it's about the same thing", "ja", "Sí")
NO = ("No", "no, that's another thing", "2", "Nope.", "No, something else", "nein", "No, otra cosa")
SHOWN = (
    "journeys",
    "steps",
    "returns",
    "wrong_joins",
    "missed_joins",
    "missed_share",
    "missed_before_asking",
    "asked_whether_same",
    "asked_in_vain",
    "missed_and_hinted",
    "new_and_hinted",
    "questions_asked_again",
    "remembered_share",
    "weak_steps",
    "leaks",
)
BASELINES = {
    "newest": "always the customer's newest conversation",
    "channel": "a conversation per channel",
}


def run_continuity(
    seed: int = 0, count: int = 88, *, seen: bool = False, track: Track = quietly
) -> ContinuityReport:
    """Every journey's customers write to one throw-away shop, in turn."""
    told = journeys(seed, count, seen=seen)
    with opened_world(track) as world:
        steps = [
            placed
            for number, journey in enumerate(track(told, "journeys"))
            for placed in _live(world, number, journey)
        ]
    return ContinuityReport(seed, count, tuple(steps))


def _live(world: World, number: int, journey: Journey) -> list[Placed]:
    """One journey, step by step; `homes` says which conversation is which matter's."""
    homes: dict[str, str] = {}
    written: dict[str, str] = {}
    placed = []
    for step in journey.steps:
        world.knows(step.person)
        _happens_before(world, step, homes)
        message = world.takes(step)
        turn = world.turn(message)
        said = world.answers(message)
        returns = step.matter in homes
        first = _place(step, message.conversation_id, homes)
        asked = world.asks_same(said)
        again = returns and _last_decision(message.conversation_id) == "clarify"
        if asked:
            world.confirms(step, said, _honest(number, asked == homes.get(step.matter)))
        here = world.where_is(message)
        place = _place(step, here, homes)
        homes.setdefault(step.matter, here)
        placed.append(
            Placed(
                journey=number,
                kind=journey.kind,
                channel=step.channel,
                text=step.text,
                matter=step.matter,
                returns=returns,
                weak=step.weak,
                place=place,
                leaks=_leaks(step, journey, turn, said) if step.weak else (),
                remembers=returns and written[step.matter] in _reach(turn),
                hinted=world.is_hinted(message),
                asked_again=again,
                placed_first=first,
                asked_same=bool(asked),
                reply="\n".join(one.text for one in said),
            )
        )
        written.setdefault(step.matter, step.text)
    return placed


def _honest(number: int, same: bool) -> str:
    """What a customer answers, in words of their own."""
    words = YES if same else NO
    return words[number % len(words)]


def _happens_before(world: World, step: Step, homes: dict[str, str]) -> None:
    if step.replied:
        world.replies(homes[step.matter], step.replied)
    if step.resolved:
        world.resolves(homes[step.resolved])
    if step.later:
        world.time_passes(list(homes.values()), step.later)


def _place(step: Step, conversation_id: str, homes: dict[str, str]) -> Place:
    if step.matter in homes:
        if conversation_id == homes[step.matter]:
            return "right"
        return "wrong" if conversation_id in homes.values() else "missed"
    return "wrong" if conversation_id in homes.values() else "right"


def _leaks(step: Step, journey: Journey, turn: Turn, said: Sequence[Message]) -> tuple[str, ...]:
    """Somebody's own words are no leak to themselves."""
    told = "\n".join([_reach(turn), *(one.text for one in said)])
    reach = told.replace(step.text, "")
    return tuple(secret for secret in journey.secrets if secret in reach)


def _reach(turn: Turn) -> str:
    """Everything an answer could repeat."""
    said = [one.text for one in (*turn.history, *turn.said)]
    earlier = turn.earlier.words if turn.earlier else ""
    facts = [f"{fact.name} {fact.value}" for fact in turn.facts]
    return "\n".join([*said, *facts, turn.customer_name, earlier])


def _last_decision(conversation_id: str) -> str:
    with reading() as session:
        decision = session.scalar(
            select(Run.decision)
            .where(Run.conversation_id == conversation_id)
            .order_by(Run.created_at.desc())
            .limit(1)
        )
    return decision or ""


def _baseline(steps: Sequence[Placed], rule: str) -> tuple[int, int]:
    """(wrong, missed) of a simpler rule, had it placed the same steps of proven senders."""
    wrong = missed = 0
    homes: dict[tuple[int, str], int] = {}
    newest: dict[tuple[int, str], int] = {}
    owners: dict[int, str] = {}
    for number, step in enumerate(step for step in steps if not step.weak):
        key = (step.journey, step.channel if rule == "channel" else "")
        home = newest.setdefault(key, number)
        owner = owners.setdefault(home, step.matter)
        if owner != step.matter:
            wrong += 1
        elif homes.setdefault((step.journey, step.matter), home) != home:
            missed += 1
    return wrong, missed


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
