"""What the providers know of a storm, and what a service holds of it.

Knows neither databases nor channels, so that any service can be judged.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class What(StrEnum):
    """What a customer did."""

    MESSAGE = "message"
    EDIT = "edit"
    DELETE = "delete"
    REACTION = "reaction"
    GARBLED = "garbled"
    """Something that can't be understood."""
    SEEN = "seen"
    """They read what was answered, and the channel says so."""


@dataclass(frozen=True)
class Brought:
    """One thing that a provider has told us, once or oftener."""

    id: str
    person: str
    what: What
    at: int
    text: str = ""
    about: str = ""
    """The id of the message that is edited, deleted or reacted to."""


@dataclass(frozen=True)
class Taken:
    """One message that a provider took from us for somebody."""

    id: str
    """Our own id of it; empty where the provider is not given that."""
    person: str
    text: str
    name: str = ""
    """The provider's id of it."""


@dataclass(frozen=True)
class Written:
    """What a teammate wrote, and was told that it is kept."""

    conversation: str
    text: str
    """No other says the same."""


@dataclass(frozen=True)
class Books:
    """What the providers know."""

    brought: Sequence[Brought] = ()
    taken: Sequence[Taken] = ()
    """In the order in which they took it."""
    arrived: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Where a provider names no time: when what it brought was first tried, and surely taken."""
    written: Sequence[Written] = ()
    """By teammates, each conversation's in their order."""
    seen: Collection[str] = ()
    """Our ids of what customers have read and said so."""


@dataclass(frozen=True)
class HeldMessage:
    """A customer's message as the service holds it."""

    id: str
    conversation: str
    text: str
    deleted: bool = False
    reaction: str = ""


class Fate(StrEnum):
    """What the service says of a message it wrote."""

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WAITING = "waiting"


@dataclass(frozen=True)
class HeldReply:
    id: str
    conversation: str
    fate: Fate
    seen_by_person: bool = False
    """Whether a person has been told that it failed or is unknown."""
    text: str = ""
    name: str = ""
    """The provider's id of it, as far as we were told."""
    parts: Sequence[str] = ()
    """What the provider is given, where only that tells which message it was: its texts."""
    read: bool = False


@dataclass(frozen=True)
class Held:
    """What the service holds at the end."""

    messages: Sequence[HeldMessage] = ()
    """Each conversation's in the order in which it is shown."""
    replies: Sequence[HeldReply] = ()
    """Each conversation's in the order in which they were written."""
    dead: Mapping[str, str] = field(default_factory=dict)
    """Dead letters: the provider's id and the reason."""
    unfinished: int = 0
    """Events taken but not yet processed, and turns not yet answered."""
    unanswered: Sequence[str] = ()
    """Conversations in which a customer waits and neither an answer nor a person is on its way."""
    answered_twice: Sequence[str] = ()
    """Turns with more than one reply."""
    talked_over: Sequence[str] = ()
    """What the assistant wrote where a person had taken over."""
