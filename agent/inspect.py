"""What the assistant makes of one message, for `onethread inspect message`. Stores nothing."""

from collections.abc import Collection

from agent.outgoing import check_outgoing
from agent.scope import scope_in
from agent.turn import Said, Turn
from agent.understand import understand
from retrieval.library import Library


def inspect_message(
    text: str, library: Library | None = None, allowed_domains: Collection[str] = ()
) -> dict[str, object]:
    """Its meaning as a customer's message, and whether it might be sent as ours.

    `in_scope` is null without a knowledge base to hold it against.
    """
    understood = understand(Turn(said=(Said("customer", text),)))
    verdict = check_outgoing(text, allowed_domains)
    return {
        "language": understood.language.code,
        "intent": understood.intent,
        "wants_person": bool(understood.person),
        "risk": understood.stakes.risk.name,
        "in_scope": scope_in(library, text) if library else None,
        "outgoing": {"allowed": verdict.allowed, "reasons": list(verdict.reasons)},
    }
