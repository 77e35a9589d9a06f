"""What the assistant asks or offers beside an answer or a hand-over."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.turn import AskSame, Thought, Turn
from core.say import say
from delivery.same_matter import ASKS, INSTEAD
from desk.messages import Message


@dataclass(frozen=True)
class Aside:
    """`text` follows what is said; `details` and `choices` become the message's."""

    text: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[str, ...] = ()

    def mark(self, message: Message) -> None:
        if self.text:
            message.details = {**message.details, **self.details}
            message.choices = list(self.choices)


NOTHING = Aside()


def aside(turn: Turn, thought: Thought, language: str) -> Aside:
    """One thing at most: who may be asked about other matters has proven who they are."""
    return _code(turn, thought, language) or _same(turn, language) or NOTHING


def _code(turn: Turn, thought: Thought, language: str) -> Aside | None:
    """The offer of a one-time code, where somebody unproven asks about matters of their own. It
    reads the same whether any address is on record."""
    understood = thought.trace.get("understood")
    topic = understood.get("topic") if isinstance(understood, dict) else ""
    if not turn.may_offer_code or topic != "account":
        return None
    return Aside("\n\n" + say("offer_code", language), {"offers_code": True})


def _same(turn: Turn, language: str) -> Aside | None:
    asked = ask_same(turn, language)
    if asked is None or turn.earlier is None or not turn.earlier.likely:
        return None
    details = {ASKS: turn.earlier.conversation_id}
    return Aside("\n\n" + asked.question, details, asked.choices)


def ask_same(turn: Turn, language: str) -> AskSame | None:
    """Whether they go on with what is open elsewhere, where that may be."""
    if turn.earlier is None:
        return None
    earlier = turn.earlier
    question = say("same_matter", language, channel=earlier.channel, words=earlier.words)
    return AskSame(question, (say("same_yes", language), say("same_no", language)))


def mark_question(turn: Turn, message: Message, asked: AskSame) -> None:
    """A message that says nothing else: what the customer asked waits for the answer to it."""
    if turn.earlier:
        details = {ASKS: turn.earlier.conversation_id, INSTEAD: True}
        Aside(asked.question, details, asked.choices).mark(message)
