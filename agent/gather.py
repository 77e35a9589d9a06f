"""What the assistant may know in one turn, frozen from the database."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent.runs import Run
from agent.turn import Said, Turn
from core import holder
from core.clock import now
from desk import conversations, customers, inboxes, messages
from desk.company import company
from desk.conversations import Conversation, Status, Thread
from desk.envelope import Strength
from desk.inboxes import Inbox, Policy
from desk.messages import Author, Direction, Message
from escalation.routing import people_are_there, people_return, queue_for

LEASE = timedelta(minutes=3)
"""How long one process may think about a turn before another takes it."""
LONGEST_HISTORY = 40
PROVEN = tuple(strength for strength in Strength if strength.rank >= Strength.ASSERTED.rank)


def claim_turn(session: Session, conversation_id: str) -> Turn | None:
    """The turn of this conversation, if it is the assistant's and nobody else thinks about it."""
    conversation = conversations.lock(session, conversation_id)
    if not _is_assistants_turn(conversation) or _is_claimed(conversation):
        return None
    thread = messages.thread_to_answer(session, conversation.id)
    if thread is None:
        conversations.turn_is_over(conversation)
        return None
    conversation.turn_claimed_until = now() + LEASE
    conversation.turn_claimed_by = holder.this_process()
    return gather(session, conversation, thread)


def _is_assistants_turn(conversation: Conversation) -> bool:
    return (
        conversation.status == Status.OPEN
        and not conversation.with_person
        and conversation.turn_due_at is not None
        and conversation.turn_due_at <= now()
    )


def _is_claimed(conversation: Conversation) -> bool:
    until = conversation.turn_claimed_until
    return until is not None and until > now()


def is_still_ours(conversation: Conversation, turn: Turn) -> bool:
    """Nothing moved on: no newer message, no person, nobody else who took the turn."""
    return (
        conversation.revision == turn.revision
        and conversation.turn_claimed_until == turn.claimed_until
    )


def gather(session: Session, conversation: Conversation, thread: Thread) -> Turn:
    """Freeze what `think` may use: this conversation, and the history as far as proof allows."""
    inbox = inboxes.find(session, thread.inbox_id)
    customer = customers.find(session, conversation.customer_id)
    queue = queue_for(session, conversation)
    written = messages.of_conversation(session, conversation.id)
    proof = _proof(written)
    return Turn(
        said=_said(session, _disclosed(written, thread, proof)),
        conversation_id=conversation.id,
        revision=conversation.revision,
        claimed_until=conversation.turn_claimed_until,
        channel=inbox.kind,
        policy=Policy(inbox.policy) if inbox.enabled else Policy.OFF,
        threshold=inbox.threshold,
        proof=proof,
        customer_name=customer.name if proof.rank >= Strength.ASSERTED.rank else "",
        language=conversation.language or customer.language,
        history=_history(session, conversation, proof),
        clarifications=_count(session, conversation, "clarify"),
        failures=_failures(session, conversation),
        company=company(session).name,
        people_are_there=people_are_there(queue),
        people_return=people_return(queue),
    )


def _proof(written: Sequence[Message]) -> Strength:
    """The weakest proof among the messages that wait for an answer."""
    waiting: list[Strength] = []
    for message in reversed(written):
        if message.direction == Direction.OUT and not message.draft:
            break
        if message.direction == Direction.IN and message.proof:
            waiting.append(Strength(message.proof))
    return min(waiting, key=lambda strength: strength.rank, default=Strength.CLAIMED)


def _disclosed(written: Sequence[Message], thread: Thread, proof: Strength) -> Sequence[Message]:
    """What was said on other channels stays there, unless whoever gets the reply is proven."""
    if proof.rank >= Strength.ASSERTED.rank:
        return written
    return [message for message in written if message.thread_id == thread.id]


_ROLES = {
    Author.CUSTOMER: "customer",
    Author.ASSISTANT: "assistant",
    Author.TEAMMATE: "teammate",
}


def _said(session: Session, written: Sequence[Message]) -> tuple[Said, ...]:
    kinds = {inbox.id: inbox.kind for inbox in session.scalars(select(Inbox))}
    return tuple(
        Said(_ROLES[Author(m.author)], _words(m), m.at, kinds.get(m.inbox_id or "", ""))  # type: ignore[arg-type]
        for m in written
        if m.direction != Direction.NOTE
        and m.author in _ROLES
        and not m.draft
        and not m.deleted_at
        and not m.automatic
    )


def _words(message: Message) -> str:
    subject = message.subject if message.direction == Direction.IN else ""
    return f"{subject}\n{message.text}".strip() if subject else message.text


def _history(session: Session, conversation: Conversation, proof: Strength) -> tuple[Said, ...]:
    """The customer's earlier conversations, only for somebody the channel has proven."""
    if proof.rank < Strength.ASSERTED.rank:
        return ()
    ids = customers.all_ids(session, conversation.customer_id)
    rows = session.scalars(
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.customer_id.in_(ids), Conversation.id != conversation.id)
        .where(Message.direction != Direction.NOTE, Message.deleted_at.is_(None))
        .where(Message.draft.is_(False))
        .where((Message.direction == Direction.OUT) | Message.proof.in_(PROVEN))
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(LONGEST_HISTORY)
    )
    return _said(session, list(reversed(list(rows))))


def _count(session: Session, conversation: Conversation, decision: str) -> int:
    rows = select(func.count(Run.id)).where(
        Run.conversation_id == conversation.id, Run.decision == decision, Run.outcome == "applied"
    )
    return session.scalar(rows) or 0


def _failures(session: Session, conversation: Conversation) -> int:
    """How many of the assistant's last turns in a row answered nothing."""
    decisions = session.scalars(
        select(Run.decision)
        .where(Run.conversation_id == conversation.id, Run.outcome == "applied")
        .order_by(Run.created_at.desc())
        .limit(5)
    )
    failures = 0
    for decision in decisions:
        if decision != "clarify":
            break
        failures += 1
    return failures
