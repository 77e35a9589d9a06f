"""What asking a model took in one turn, and what did not go as it should: kept in the trace."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.spent import Spent


@dataclass(frozen=True)
class ToolUse:
    """A tool the model asked for: what it gave, what it got, and how long that took."""

    name: str
    arguments: str
    """As JSON."""
    told: str
    """What it was told in words; empty where it got passages."""
    found: tuple[str, ...]
    """The titles of the articles whose passages it got."""
    ms: float


@dataclass
class Account(Spent):
    """Filled while an answerer works. Empty where nothing was asked of a model."""

    tools: list[ToolUse] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What went otherwise than it should, in words for teammates."""
    failed: str = ""
    """A code when there is no answer of the model's in the end."""


def together(accounts: Iterable[Account]) -> Account:
    """One account of several tries."""
    whole = Account()
    for account in accounts:
        whole.add(account)
        whole.tools += account.tools
        whole.notes += account.notes
        whole.failed = account.failed
    return whole
