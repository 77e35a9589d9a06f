"""From a decision to what is sent: neutral text by the channel's norms. Pure functions."""

import re
from dataclasses import dataclass

from agent.turn import Answer, AskSame, Clarify, Decision, Draft, Reply
from agent.words import units_of
from connectors.base import Norms
from desk.envelope import Source


@dataclass(frozen=True)
class Rendered:
    """What the channel's renderer gets: text, what may be opened, what may be pressed."""

    text: str
    sources: tuple[Source, ...] = ()
    choices: tuple[str, ...] = ()


def render(decision: Decision, norms: Norms) -> Rendered:
    match decision:
        case Reply(answer, _) | Draft(answer, _, _):
            return _answer(answer, norms)
        case Clarify(question, choices) | AskSame(question, choices):
            return Rendered(_fitting(question, norms), choices=choices)
        case _:
            return Rendered(_fitting(decision.text, norms))


def _answer(answer: Answer, norms: Norms) -> Rendered:
    return Rendered(_fitting(answer.text, norms), sources=answer.sources)


def _fitting(text: str, norms: Norms) -> str:
    text = _spoken(text) if norms.tone == "spoken" else text
    return _shortened(text, norms.text_limit)


def _spoken(text: str) -> str:
    """Nothing that can't be said aloud: no marks, no addresses, lists as sentences."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    text = re.sub(r"https?://\S+", "", text)
    parts = [re.sub(r"^(?:[-*•]|\d+[.)])\s+", "", unit.text) for unit in units_of(text)]
    parts = [re.sub(r"[*_`#|]+", " ", part) for part in parts]
    sentences = (
        part if part.rstrip()[-1:] in ".!?:" else f"{part.rstrip()}."
        for part in parts
        if part.strip()
    )
    return re.sub(r"\s+", " ", " ".join(sentences)).strip()


def _shortened(text: str, limit: int) -> str:
    """At most `limit` signs, cut between lines or sentences, never inside a word."""
    if len(text) <= limit:
        return text
    room = limit - 2
    cut = max(text.rfind(mark, 0, room) for mark in ("\n", ". ", "! ", "? "))
    cut = cut + 1 if cut > room // 2 else text.rfind(" ", 0, room)
    return f"{text[: cut if cut > 0 else room].rstrip()} …"
