"""What a turn asks for: language, a person, what is at stake, small talk, a follow-up."""

import re
import unicodedata
from dataclasses import dataclass
from textwrap import shorten

from agent.pointing import points_at_nothing
from agent.turn import Turn
from agent.wants_person import wants_person
from agent.words import sentences_of
from delivery.smalltalk import Kind, smalltalk_of
from delivery.wording import goes_on, says_nothing
from escalation.triggers import Risk, Stakes, is_angry, stakes_of
from knowledge.language import Language, language_of
from knowledge.words import LETTER

LONGEST_MATTER = 80


@dataclass(frozen=True)
class Understood:
    """One turn, understood. `asked` is its text, cleaned."""

    asked: str
    context: tuple[str, ...]
    """The customer's earlier messages in this conversation, oldest first."""
    language: Language
    person: str
    """The rule by which the customer asks for a person, "" when they don't."""
    stakes: Stakes
    angry: bool
    smalltalk: Kind
    follow_up: bool
    pointing: str
    """What it points at though nobody has named it, "" when nothing."""
    asks_for_news: bool = False
    """It only asks how things stand that the customer has written about before."""

    @property
    def matter(self) -> str:
        """What the customer wrote about first, in their own words, short."""
        first = (self.context[0] if self.context else self.asked).splitlines()
        return shorten(first[0] if first else "", LONGEST_MATTER, placeholder=" …")

    @property
    def question(self) -> str:
        """What is asked, without sentences that give the assistant orders."""
        if self.stakes.topic != "manipulation":
            return self.asked
        kept = [
            sentence
            for sentence in sentences_of(self.asked.replace("\n", " "))
            if stakes_of(sentence).topic != "manipulation"
        ]
        return " ".join(kept) or self.asked

    @property
    def intent(self) -> str:
        if self.person:
            return "person"
        if self.smalltalk:
            return self.smalltalk
        if self.stakes.risk >= Risk.R2:
            return self.stakes.topic
        if self.angry:
            return "complaint"
        return "question"


def understand(turn: Turn) -> Understood:
    asked = normal(turn.asked)
    earlier = tuple(normal(said.text) for said in turn.said if said.role == "customer")
    context = earlier[: len(earlier) - _waiting(turn)]
    return Understood(
        asked=asked,
        context=context,
        language=language_of(asked, turn.language),
        person=wants_person(asked),
        stakes=stakes_of(asked),
        angry=is_angry(asked),
        smalltalk=smalltalk_of(asked),
        follow_up=bool(context) and is_follow_up(asked),
        pointing=points_at_nothing(asked, _said_before(turn)),
        asks_for_news=bool(context) and goes_on(asked) and says_nothing(asked),
    )


def normal(text: str) -> str:
    """NFKC without invisible signs; line breaks stay, runs of blanks don't."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[^\S\n]+", " ", _INVISIBLE.sub("", text)).strip()


def is_follow_up(text: str) -> bool:
    """Whether a text leans on what was said before it: short, or with a pronoun for a subject."""
    words = re.findall(rf"(?:{LETTER}|\d)+", text.lower())
    return len(words) <= 4 or bool(_LEANS.search(text.lower()))


def _said_before(turn: Turn) -> str:
    return "\n".join(said.text for said in turn.said[: len(turn.said) - _waiting(turn)])


def _waiting(turn: Turn) -> int:
    count = 0
    for said in reversed(turn.said):
        if said.role != "customer":
            break
        count += 1
    return count


# The joiners (U+200C, U+200D) stay: Hindi, Persian and emoji are spelled with them.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_LEANS = re.compile(
    r"^(?:and|but|or|then|so|also|what about|how about|why|und|aber|y|et|e)\b"
    r"|\b(?:it|its|they|them|their|he|him|his|she|her|this|that|those|these|one|there|same|such)\b"
)
